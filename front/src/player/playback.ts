/**
 * One view played by hls.js on one `<video>`. It never gives up: whatever breaks, it tries again, without a reload
 * of the page.
 *
 *     const playback = new HlsPlayback(video, address, wish, { onDenied, onMissing, … });
 *     playback.start();
 */
import Hls, { type ErrorData, type Level, type LevelDetails } from 'hls.js';
import { Backoff } from './backoff';
import { LiveEdge } from './live_edge';
import { EarlyAnswers } from './early_answers';
import { backTo, opening } from './opening';
import type { Playback, PlaybackEvents, Quality } from './playback_kind';
import { settings, type Wish } from './settings';

const MEDIA_ERROR_AGAIN = 5;
/** Playback begins this far into its first part, so that rounding never takes the part before it; seconds. */
const INTO = 0.01;
const now = (): number => performance.now() / 1000;

export class HlsPlayback implements Playback {
  readonly edge = new LiveEdge();
  stalls = 0;
  hls: Hls | null = null;
  waiting = false;
  shown = false;
  private readonly backoff = new Backoff(0.25, 2);
  private readonly ending = new AbortController();
  private timer = 0;
  private mendedAt = -Infinity;
  private wantsPlay = true;

  constructor(
    readonly video: HTMLVideoElement,
    readonly address: string,
    readonly wish: Wish,
    private readonly events: PlaybackEvents,
    private readonly early = new EarlyAnswers(),
  ) {}

  static supported(): boolean {
    return Hls.isSupported();
  }

  start(): void {
    const listen = (name: string, heard: () => void): void =>
      this.video.addEventListener(name, heard, { signal: this.ending.signal });
    listen('waiting', () => this.heardWaiting());
    listen('playing', () => this.heardPlaying());
    listen('pause', () => this.setWaiting(false));
    this.watchFirstFrame();
    this.build();
  }

  retry(): void {
    window.clearTimeout(this.timer);
    this.backoff.succeeded();
    this.resume();
  }

  rebuild(): void {
    this.wish.moment = null;
    this.hls?.destroy();
    this.early.clear();
    this.edge.reset();
    this.build();
  }

  destroy(): void {
    this.ending.abort();
    window.clearTimeout(this.timer);
    this.early.clear();
    this.hls?.destroy();
    this.hls = null;
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

  get moment(): number | null {
    const date = this.hls?.playingDate;
    return date ? date.getTime() / 1000 : null;
  }

  get details(): LevelDetails | null {
    return this.hls?.latestLevelDetails ?? null;
  }

  /** PART-HOLD-BACK, or HOLD-BACK where there are no parts; seconds. */
  get holdBack(): number | null {
    const details = this.details;
    return details ? details.partHoldBack || details.holdBack || 3 * details.targetduration : null;
  }

  /** End of what is buffered from where playback is, in media time; the position itself when nothing is. */
  get bufferedEnd(): number {
    const { buffered, currentTime } = this.video;
    for (let range = 0; range < buffered.length; range += 1) {
      if (buffered.start(range) - 0.1 <= currentTime && currentTime < buffered.end(range)) return buffered.end(range);
    }
    return currentTime;
  }

  get qualities(): Quality[] {
    return (this.hls?.levels ?? []).map((level, index) => ({ index, height: level.height, bitrate: level.bitrate }));
  }

  get quality(): number {
    return this.hls?.autoLevelEnabled === false ? this.hls.nextLevel : -1;
  }

  set quality(index: number) {
    if (!this.hls) return;
    this.wish.height = this.hls.levels[index]?.height ?? null;
    this.hls.nextLevel = index;
  }

  get language(): string | null {
    return this.hls?.audioTracks[this.hls.audioTrack]?.lang ?? null;
  }

  set language(tag: string) {
    this.wish.language = tag;
    if (this.language === tag) return;
    const track = this.hls?.allAudioTracks.find(({ lang }) => lang === tag);
    if (this.hls && track && this.hls.audioTracks.some(({ id }) => id === track.id)) this.hls.nextAudioTrack = track.id;
  }

  get line(): number {
    return this.hls?.bandwidthEstimate ?? Number.NaN;
  }

  set small(small: boolean) {
    this.wish.small = small;
    if (this.hls) this.hls.capLevelToPlayerSize = small;
  }

  private build(): void {
    const hls = new Hls(settings(this.wish, this.early, (playlist) => this.aim(playlist)));
    this.hls = hls;
    hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
      this.backoff.succeeded();
      if (!details.live) return;
      if (details.advanced) this.edge.observe(details.edge, now());
      this.askEarly(details);
    });
    hls.on(Hls.Events.AUDIO_TRACK_UPDATED, (_event, { details }) => this.askEarly(details));
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.chooseFirst();
      this.events.onTracks?.();
    });
    hls.on(Hls.Events.LEVEL_SWITCHED, () => this.events.onTracks?.());
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, () => this.events.onTracks?.());
    hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, () => this.events.onTracks?.());
    hls.on(Hls.Events.ERROR, (_event, data) => this.heardError(data));
    hls.on(Hls.Events.MEDIA_ATTACHED, () => void (this.wantsPlay && this.play()));
    hls.loadSource(this.address);
    hls.attachMedia(this.video);
  }

  /** Sets where to begin: at the wished moment, else at a picture that stands alone and so is on the screen at once. */
  private aim(playlist: string): void {
    const { live, moment } = this.wish;
    if (this.shown || !live || !this.hls) return;
    const back = moment === null ? opening(playlist)?.back : backTo(playlist, moment);
    if (back) this.hls.targetLatency = Math.max(0, back - INTO);
  }

  /** The first quality: by hand, which holds for the next view too, or by the line, as the head start took it. */
  private chooseFirst(): void {
    const { hls, wish } = this;
    if (!hls || wish.small) return;
    const { height, line } = wish;
    const fits = (level: Level): boolean => (height === null ? level.bitrate <= line : level.height <= height);
    const index = Math.max(0, hls.levels.findLastIndex(fits));
    hls.startLevel = index;
    if (height !== null) hls.loadLevel = index;
  }

  private askEarly(details: LevelDetails): void {
    const hint = details.preloadHint;
    const uri = hint?.['URI'];
    if (this.wish.live && hint?.['TYPE'] === 'PART' && uri && this.shown) {
      this.early.ask(new URL(uri, details.url).href);
    }
  }

  private heardError(data: ErrorData): void {
    if (!data.fatal) return;
    const status = data.response?.code ?? 0;
    if (status === 401 || status === 403) this.events.onDenied?.();
    else if (status === 404 || status === 410) this.events.onMissing?.();
    else if (data.type === Hls.ErrorTypes.MEDIA_ERROR && now() - this.mendedAt > MEDIA_ERROR_AGAIN) {
      this.mendedAt = now();
      this.hls?.recoverMediaError();
    } else if (data.type === Hls.ErrorTypes.NETWORK_ERROR) this.later(() => this.resume());
    else this.later(() => this.rebuild());
  }

  private later(act: () => void): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(act, this.backoff.next() * 1000);
  }

  private resume(): void {
    if (!this.hls) return;
    if (this.hls.levels.length === 0) this.rebuild();
    else this.hls.startLoad();
  }

  private heardWaiting(): void {
    if (this.video.seeking || !this.shown || this.video.paused) return;
    if (!this.waiting) this.stalls += 1;
    this.setWaiting(true);
  }

  private heardPlaying(): void {
    this.setWaiting(false);
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
    const signal = this.ending.signal;
    if (this.wish.content === 'sound' || !('requestVideoFrameCallback' in this.video)) {
      this.video.addEventListener('playing', shown, { signal, once: true });
    } else this.video.requestVideoFrameCallback(shown);
  }
}
