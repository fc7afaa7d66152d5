/**
 * One view played by the browser's own HLS, where there is no Media Source Extensions (older iPhones). Distance and
 * quality are then the browser's to choose; languages, waiting and mending work as elsewhere.
 */
import { Backoff } from './backoff';
import { LiveEdge } from './live_edge';
import type { Playback, PlaybackEvents, Quality } from './playback_kind';
import type { Wish } from './settings';

interface NativeTrack {
  language: string;
  enabled: boolean;
}

/** What WebKit adds to a media element. */
interface NativeVideo {
  audioTracks?: ArrayLike<NativeTrack>;
  getStartDate?: () => Date;
}

export class NativePlayback implements Playback {
  readonly edge = new LiveEdge();
  readonly hls = null;
  readonly holdBack = null;
  readonly qualities: Quality[] = [];
  readonly line = Number.NaN;
  quality = -1;
  stalls = 0;
  waiting = false;
  shown = false;
  private readonly backoff = new Backoff(0.5, 4);
  private readonly ending = new AbortController();
  private timer = 0;
  private wantsPlay = true;

  constructor(
    readonly video: HTMLVideoElement,
    readonly address: string,
    readonly wish: Wish,
    private readonly events: PlaybackEvents,
  ) {}

  static supported(): boolean {
    return document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '';
  }

  start(): void {
    const listen = (name: string, heard: () => void): void =>
      this.video.addEventListener(name, heard, { signal: this.ending.signal });
    listen('loadedmetadata', () => {
      this.backoff.succeeded();
      this.chooseLanguage();
      this.events.onTracks?.();
    });
    listen('waiting', () => this.setWaiting(this.shown && !this.video.paused));
    listen('playing', () => {
      if (!this.shown) this.events.onFirstFrame?.();
      this.shown = true;
      this.setWaiting(false);
    });
    listen('error', () => {
      this.timer = window.setTimeout(() => this.rebuild(), this.backoff.next() * 1000);
    });
    this.rebuild();
  }

  retry(): void {
    window.clearTimeout(this.timer);
    this.backoff.succeeded();
    this.rebuild();
  }

  rebuild(): void {
    this.video.src = this.address;
    if (this.wantsPlay) void this.play();
  }

  destroy(): void {
    this.ending.abort();
    window.clearTimeout(this.timer);
    this.video.removeAttribute('src');
    this.video.load();
  }

  async play(): Promise<boolean> {
    this.wantsPlay = true;
    try {
      await this.video.play();
      return true;
    } catch (error) {
      return !(error instanceof DOMException && error.name === 'NotAllowedError');
    }
  }

  pause(): void {
    this.wantsPlay = false;
    this.video.pause();
  }

  get moment(): number | null {
    const start = (this.video as NativeVideo).getStartDate?.().getTime() ?? Number.NaN;
    return Number.isNaN(start) ? null : start / 1000 + this.video.currentTime;
  }

  get bufferedEnd(): number {
    const { buffered, currentTime } = this.video;
    return buffered.length === 0 ? currentTime : buffered.end(buffered.length - 1);
  }

  get language(): string | null {
    return Array.from(this.tracks).find(({ enabled }) => enabled)?.language ?? null;
  }

  set language(tag: string) {
    this.wish.language = tag;
    this.chooseLanguage();
  }

  set small(small: boolean) {
    this.wish.small = small;
  }

  private get tracks(): ArrayLike<NativeTrack> {
    return (this.video as NativeVideo).audioTracks ?? [];
  }

  private chooseLanguage(): void {
    const { language } = this.wish;
    if (language === null) return;
    const tracks = Array.from(this.tracks);
    if (!tracks.some((track) => track.language === language)) return;
    for (const track of tracks) track.enabled = track.language === language;
  }

  private setWaiting(waiting: boolean): void {
    if (waiting && !this.waiting) this.stalls += 1;
    if (this.waiting !== waiting) this.events.onWaiting?.(waiting);
    this.waiting = waiting;
  }
}
