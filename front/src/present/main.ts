/** The lecturer's page: choose, see oneself, go on air; goes on by itself when the line breaks. */
import { pageConfig, type PageConfig } from '../page/config';
import { Words } from '../page/words';
import { capture, listDevices, type What } from './capture';
import { showLevel } from './level';
import { OnAir } from './on_air';

interface PresentConfig extends PageConfig {
  readonly whip: readonly { readonly source: string; readonly label: string; readonly url: string }[];
}

const config = pageConfig<PresentConfig>();
const words = new Words(config.texts, config.locale);
const page = document.querySelector<HTMLElement>('[data-island="present"]');
const form = document.querySelector<HTMLFormElement>('[data-present]');
const find = <Found extends HTMLElement>(selector: string): Found => {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`The page lacks ${selector}.`);
  return found;
};
const preview = find<HTMLVideoElement>('video[data-preview]');
const status = find('[data-status]');
const button = find<HTMLButtonElement>('[data-action="go-live"]');
const meter = find<HTMLMeterElement>('[data-meter="level"]');
const badge = find('[data-on-air]');

let stream: MediaStream | null = null;
let onAir: OnAir | null = null;
let stopLevel = (): void => undefined;
let wanted = false;
/** Counts every “Go on air” and every end: what has waited meanwhile sees that it is no longer meant. */
let turn = 0;

function say(key: string): void {
  status.textContent = words.say(key);
}

function show(onAir: boolean): void {
  badge.hidden = !onAir;
  const label = button.querySelector('[data-label]');
  if (label) label.textContent = words.say(wanted ? 'stop' : 'go-live');
  button.classList.toggle('button--danger', wanted);
  button.classList.toggle('button--primary', !wanted);
}

function chosen(): { what: What; camera: string; microphone: string; target: string; takeover: boolean } {
  const data = new FormData(form ?? undefined);
  const text = (name: string): string => String(data.get(name) ?? '');
  return {
    what: text('what') as What,
    camera: text('camera'),
    microphone: text('microphone'),
    target: text('target'),
    takeover: data.has('takeover'),
  };
}

async function goLive(): Promise<void> {
  wanted = true;
  turn += 1;
  const mine = turn;
  show(false);
  say('present-connecting');
  const choice = chosen();
  let captured: MediaStream;
  try {
    captured = await capture(choice);
  } catch (error) {
    if (mine === turn) await stop(error instanceof DOMException && error.name === 'NotFoundError' ? 'present-no-device' : 'present-denied');
    return;
  }
  if (mine !== turn) {
    for (const track of captured.getTracks()) track.stop();
    return;
  }
  stream = captured;
  preview.srcObject = stream;
  void preview.play().catch(() => undefined);
  stopLevel();
  stopLevel = showLevel(stream, meter);
  for (const track of stream.getTracks()) track.addEventListener('ended', () => void stop('present-idle'));
  await listDevices(document.querySelectorAll<HTMLSelectElement>('select[data-devices]'));
  const place = config.whip.find((one) => one.source === choice.target) ?? config.whip[0];
  if (mine !== turn || !place) return;
  onAir = new OnAir(place.url, captured, {
    onLive: () => {
      say('present-live');
      show(true);
    },
    onLost: () => {
      say('present-lost');
      show(false);
    },
    onRefused: (status) => void stop(status === 409 ? 'present-taken' : 'present-refused'),
  });
  onAir.start(choice.takeover);
}

async function stop(key: string): Promise<void> {
  wanted = false;
  turn += 1;
  stopLevel();
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  preview.srcObject = null;
  const was = onAir;
  onAir = null;
  say(key);
  show(false);
  await was?.end().catch(() => undefined);
}

function fields(): void {
  find('[data-field="camera"]').hidden = chosen().what !== 'camera';
}

if (page && form) {
  button.addEventListener('click', () => void (wanted ? stop('present-idle') : goLive()));
  form.addEventListener('change', fields);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('pagehide', () => void stop('present-idle'));
  void listDevices(document.querySelectorAll<HTMLSelectElement>('select[data-devices]'));
  fields();
}
