/** The recordings page: its list follows what happens on the server, without a reload. */
import { repeat } from '../page/repeat';
import { Words } from '../page/words';
import { follow } from './list';

const EACH = 2;

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

async function ask(signal: AbortSignal): Promise<void> {
  const answer = await fetch(config.list, { credentials: 'same-origin', cache: 'no-store', signal });
  if (answer.redirected || answer.status === 403) {
    say(words.say('status-denied'));
    throw new Error('There is no right to see the list any more.');
  }
  if (answer.status !== 200 && answer.status !== 503) throw new Error(`The list was answered with ${answer.status}.`);
  if (!list) return;
  for (const end of follow(list, await answer.text())) say(words.say(`export-${end.export}`, { when: end.when }));
  if (answer.status === 503) say(words.say('media-unreachable'));
}

repeat(EACH, ask);
