/** The recordings page: its list follows what happens on the server, without a reload. */
import { repeat } from '../page/repeat';
import { Words } from '../page/words';
import { follow } from './list';

const EACH = 2;
/** While nothing is being exported, every so many rounds do: what is on air only grows. */
const SELDOM = 5;

interface RecordingsConfig {
  /** Where the list is asked for: the same HTML as in the page. */
  readonly list: string;
  readonly locale: string;
  readonly texts: Readonly<Record<string, string>>;
}

const config = JSON.parse(document.getElementById('page-config')?.textContent ?? '{}') as RecordingsConfig;
const words = new Words(config.texts, config.locale);
const list = document.querySelector<HTMLElement>('[data-recordings]');
const status = document.querySelector<HTMLElement>('[data-status]');

function say(text: string): void {
  if (status && status.textContent !== text) status.textContent = text;
}

let round = 0;

async function ask(signal: AbortSignal): Promise<void> {
  const exporting = list?.querySelector('[data-export="running"]');
  round += 1;
  if (!exporting && round % SELDOM !== 0) return;
  const answer = await fetch(config.list, { credentials: 'same-origin', cache: 'no-store', signal });
  if (answer.redirected || answer.status === 403) {
    say(words.say('status-denied'));
    throw new Error('There is no right to see the list any more.');
  }
  if (!answer.ok || !list) {
    // A page that was opened while media was away says so in the list's place.
    if (!list?.querySelector('[data-key="away"]')) say(words.say('media-unreachable'));
    throw new Error(`The list was answered with ${answer.status}.`);
  }
  if (status?.textContent === words.say('media-unreachable')) say('');
  for (const end of follow(list, await answer.text())) say(words.say(`export-${end.export}`, { when: end.when }));
}

repeat(EACH, ask);
