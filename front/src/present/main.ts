/** The lecturer's page: choose, see oneself, go on air; goes on by itself when the line breaks. */
import { pageConfig, type PageConfig } from '../page/config';
import { Words } from '../page/words';
import { Backoff } from '../player/backoff';
import { capture, listDevices, type What } from './capture';
import { showLevel } from './level';
import { publish, Refused, type Sender } from './whip';

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
let sender: Sender | null = null;
/** What broke, as long as the server may take it for alive. */
let lost: Sender | null = null;
let stopLevel = (): void => undefined;
let wanted = false;
const backoff = new Backoff(0.1, 5);

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
  show(false);
  say('present-connecting');
  const choice = chosen();
  try {
    stream ??= await capture(choice);
  } catch (error) {
    await stop(error instanceof DOMException && error.name === 'NotFoundError' ? 'present-no-device' : 'present-denied');
    return;
  }
  preview.srcObject = stream;
  void preview.play().catch(() => undefined);
  stopLevel();
  stopLevel = showLevel(stream, meter);
  for (const track of stream.getTracks()) track.addEventListener('ended', () => void stop('present-idle'));
  await listDevices(document.querySelectorAll<HTMLSelectElement>('select[data-devices]'));
  await connect(choice.target, choice.takeover);
}

async function connect(target: string, takeover: boolean): Promise<void> {
  const place = config.whip.find((one) => one.source === target) ?? config.whip[0];
  if (!stream || !place || !wanted) return;
  try {
    await lost?.stop();
    lost = null;
    sender = await publish(place.url, stream, takeover);
  } catch (error) {
    if (error instanceof Refused && error.status < 500) {
      await stop(error.status === 409 ? 'present-taken' : 'present-refused');
      return;
    }
    again(target);
    return;
  }
  backoff.succeeded();
  sender.onLost = () => {
    [lost, sender] = [sender, null];
    again(target);
  };
  say('present-live');
  show(true);
}

/** Never takes over: what was ours has been given up by then, and whoever is live now has meant it. */
function again(target: string): void {
  if (!wanted) return;
  say('present-lost');
  show(false);
  setTimeout(() => void connect(target, false), backoff.next() * 1000);
}

async function stop(key: string): Promise<void> {
  wanted = false;
  stopLevel();
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  preview.srcObject = null;
  const was = sender ?? lost;
  sender = lost = null;
  say(key);
  show(false);
  await was?.stop().catch(() => undefined);
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
