/** What a screen may ask of a playback, whichever engine plays. */
import type Hls from 'hls.js';
import type { LiveEdge } from './live_edge';
import type { Wish } from './settings';

export interface PlaybackEvents {
  /** The first frame is on the screen. */
  onFirstFrame?: () => void;
  /** Playback stands still for want of data (true) or goes on (false). */
  onWaiting?: (waiting: boolean) => void;
  /** The grant no longer holds (401, 403): renew it, then call `retry`. */
  onDenied?: () => void;
  /** There is no such playlist now (404, 410): call `retry` when there is. */
  onMissing?: () => void;
  /** Qualities or languages are known or have changed. */
  onTracks?: () => void;
}

export interface Quality {
  readonly index: number;
  /** Lines; 0 for sound alone. */
  readonly height: number;
  /** Bits a second, picture and sound. */
  readonly bitrate: number;
}

export interface Playback {
  readonly video: HTMLVideoElement;
  readonly wish: Wish;
  readonly edge: LiveEdge;
  readonly hls: Hls | null;
  readonly stalls: number;
  /** Stands still for want of data. */
  readonly waiting: boolean;
  /** The first frame has been on the screen. */
  readonly shown: boolean;
  /** The moment of the programme on the screen, seconds since 1970, or null. */
  readonly moment: number | null;
  /** Seconds from the live edge that the playlist asks for, or null. */
  readonly holdBack: number | null;
  /** Media time up to which playback can go on, seconds. */
  readonly bufferedEnd: number;
  readonly qualities: readonly Quality[];
  /** Bits a second of the quality that is being loaded, 0 when unknown. */
  readonly rate: number;
  /** Index of the chosen quality, -1 for automatic. */
  quality: number;
  get language(): string | null;
  set language(tag: string);
  set small(small: boolean);
  start(): void;
  /** Tries again at once, after a refusal or when the room is known to be back. */
  retry(): void;
  /** Everything anew on the same element: the last way out. */
  rebuild(): void;
  /** Asks the element to play; false when the browser refuses without a gesture. */
  play(): Promise<boolean>;
  pause(): void;
  destroy(): void;
}
