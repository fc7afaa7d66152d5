/** What every engine does with its `<video>`: play and pause, tell of waits and of the first picture, try again later. */
import type { Backoff } from './backoff';
import { LiveEdge } from './live_edge';
import type { PlaybackEvents } from './playback_kind';
import type { Wish } from './settings';

export abstract class ElementPlayback {
  readonly edge = new LiveEdge();
  stalls = 0;
  waiting = false;
  shown = false;
  protected readonly ending = new AbortController();
  protected wantsPlay = true;
  protected abstract readonly backoff: Backoff;
  private timer = 0;

  constructor(
    readonly video: HTMLVideoElement,
    readonly address: string,
    readonly wish: Wish,
    protected readonly events: PlaybackEvents,
  ) {}

  start(): void {
    this.listen('waiting', () => this.heardWaiting());
    this.listen('playing', () => this.setWaiting(false));
    this.listen('pause', () => this.setWaiting(false));
    this.watchFirstFrame();
  }

  async play(): Promise<boolean> {
    this.wantsPlay = true;
    try {
      await this.video.play();
      return true;
    } catch (error) {
      // A new source or a pause ends a play() with AbortError: it is asked again when media is there.
      return !(error instanceof DOMException && error.name === 'NotAllowedError');
    }
  }

  pause(): void {
    this.wantsPlay = false;
    this.video.pause();
  }

  /** Does now what was put off, and what follows without long waits. */
  protected sooner(act: () => void): void {
    window.clearTimeout(this.timer);
    this.backoff.succeeded();
    act();
  }

  /** Does it after a wait that grows with each failure. */
  protected later(act: () => void): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(act, this.backoff.next() * 1000);
  }

  destroy(): void {
    this.ending.abort();
    window.clearTimeout(this.timer);
  }

  protected listen(name: string, heard: () => void): void {
    this.video.addEventListener(name, heard, { signal: this.ending.signal });
  }

  private heardWaiting(): void {
    if (this.video.seeking || !this.shown || this.video.paused) return;
    if (!this.waiting) this.stalls += 1;
    this.setWaiting(true);
  }

  private setWaiting(waiting: boolean): void {
    if (this.waiting === waiting) return;
    this.waiting = waiting;
    this.events.onWaiting?.(waiting);
  }

  private watchFirstFrame(): void {
    const shown = (): void => {
      if (this.shown || this.ending.signal.aborted) return;
      this.shown = true;
      this.events.onFirstFrame?.();
    };
    if (this.wish.content === 'sound' || !('requestVideoFrameCallback' in this.video)) this.listen('playing', shown);
    else this.video.requestVideoFrameCallback(shown);
  }
}
