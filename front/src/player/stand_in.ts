/** A playback for tests, moved by hand. */
import { LiveEdge } from './live_edge';
import type { Playback, PlaybackEvents } from './playback_kind';
import type { Wish } from './settings';

export interface StandIn extends Playback {
  video: HTMLVideoElement;
  moment: number | null;
  holdBack: number | null;
  shown: boolean;
  waiting: boolean;
  bufferedEnd: number;
  stalls: number;
  hls: Playback['hls'];
  readonly calls: string[];
  readonly events: PlaybackEvents;
}

const video = {
  currentTime: 0, playbackRate: 1, paused: false, seeking: false, readyState: 4, muted: false, volume: 1,
};

export function standIn(changes: Partial<StandIn> = {}, wish: Partial<Wish> = {}, events: PlaybackEvents = {}): StandIn {
  const calls: string[] = [];
  const call = (name: string) => (): void => void calls.push(name);
  return {
    video: { ...video } as HTMLVideoElement,
    wish: wish as Wish,
    edge: new LiveEdge(),
    hls: {} as Playback['hls'],
    stalls: 0, waiting: false, shown: true, moment: 100, holdBack: 0.6, bufferedEnd: 10,
    qualities: [], rate: 0, quality: -1, language: wish.language ?? null, small: false,
    start: call('start'), retry: call('retry'), rebuild: call('rebuild'), pause: call('pause'), destroy: call('destroy'),
    play: () => {
      calls.push('play');
      return Promise.resolve(true);
    },
    calls, events,
    ...changes,
  };
}
