/** The technician's page: measurements once a second, copy buttons, a live preview of each picture. */
import { pageConfig, type PageConfig } from '../page/config';
import { repeat } from '../page/repeat';
import { RoomFeed } from '../page/room_feed';
import { Words } from '../page/words';
import type { RoomState, SourceReport } from '../contract/room_state';
import { SourceCard } from './card';
import { copyButtons } from './copy';
import { Preview } from './preview';

const EACH = 1;

const config = pageConfig<PageConfig>();
const words = new Words(config.texts, config.locale);
const room = `${config.media}/rooms/${config.room}`;
const status = document.querySelector<HTMLElement>('[data-status]');
const badge = document.querySelector<HTMLElement>('[data-on-air]');
const cards = new Map(
  [...document.querySelectorAll<HTMLElement>('[data-source]')].map((element) => [
    element.dataset.source ?? '',
    new SourceCard(element, words),
  ]),
);
const previews = new Map(
  [...document.querySelectorAll<HTMLVideoElement>('[data-source] [data-preview]')].map((video) => [
    video.closest<HTMLElement>('[data-source]')?.dataset.source?.replace('views/', '') ?? '',
    new Preview(video, config.media),
  ]),
);

function say(key: string | null): void {
  if (status) status.textContent = key === null ? '' : words.say(key);
}

let recordingStopped = false;

function showRoom(state: RoomState): void {
  recordingStopped = state.recording === 'stopped';
  if (badge) badge.hidden = state.state !== 'live';
  for (const view of state.views) previews.get(view.id)?.follow(view.playlist);
}

async function measure(signal: AbortSignal): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(`${room}/sources.json`, { credentials: 'include', cache: 'no-store', signal });
  } catch (error) {
    if (!signal.aborted) say('media-unreachable');
    throw error;
  }
  if (!answer.ok) {
    say(answer.status === 401 || answer.status === 403 ? 'status-denied' : 'media-unreachable');
    throw new Error(`sources.json was answered with ${answer.status}.`);
  }
  say(recordingStopped ? 'recording-stopped' : null);
  for (const report of (await answer.json()) as SourceReport[]) cards.get(report.source)?.show(report);
}

copyButtons(words);
repeat(EACH, measure);
new RoomFeed(`${room}/room.json`, {
  onState: showRoom,
  onUnreachable: () => say('media-unreachable'),
  onDenied: () => say('status-denied'),
}).start();
