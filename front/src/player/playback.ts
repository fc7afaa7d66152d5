/**
 * One view played by hls.js on one `<video>`. It never gives up: whatever breaks, it tries again, without a reload
 * of the page.
 *
 *     const playback = new HlsPlayback(video, address, wish, { onDenied, onMissing, … }, line.share(() => 0));
 *     playback.start();
 */
import Hls, { type ErrorData, type Level, type LevelDetails } from 'hls.js';
import { Backoff } from './backoff';
import { now } from './clock';
import { coming } from './coming';
import { EarlyAnswers } from './early_answers';
import { ElementPlayback } from './element_playback';
import type { Share } from './line_meter';
import { backTo, opening, startingAt } from './opening';
import type { Playback, PlaybackEvents, Quality } from './playback_kind';
import { settings, type Wish } from './settings';

const MEDIA_ERROR_AGAIN = 5;
/** Playback begins this far into its first part, so that rounding never takes the part before it; seconds. */
const INTO = 0.01;
type Kind = 'main' | 'audio';

export class HlsPlayback extends ElementPlayback implements Playback {
  hls: Hls | null = null;
  protected readonly backoff = new Backoff(0.25, 2);
  private mendedAt = -Infinity;
  /** Whole segments, as hls.js takes them further back, instead of parts near the edge. */
  private readonly bySegments = { main: false, audio: false };

  constructor(
    video: HTMLVideoElement,
    address: string,
    wish: Wish,
    events: PlaybackEvents,
    private readonly share: Share,
    private readonly early = new EarlyAnswers(),
  ) {
    super(video, address, wish, events);
  }

  static supported(): boolean {
    return Hls.isSupported();
  }

  override start(): void {
    super.start();
    this.build();
  }

  retry(): void {
    this.sooner(() => this.resume());
  }

  rebuild(): void {
    this.wish.moment = null;
    if (!this.wish.live && this.shown) this.wish.startAt = this.video.currentTime;
    this.hls?.destroy();
    this.early.clear();
    this.edge.reset();
    this.build();
  }

  override destroy(): void {
    super.destroy();
    this.early.clear();
    this.hls?.destroy();
    this.hls = null;
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
    const { hls } = this;
    if (!hls || this.language === tag) return;
    // Until its tracks are there hls.js goes by this.
    hls.config.audioPreference = { lang: tag };
    const track = hls.allAudioTracks.find(({ lang }) => lang === tag);
    if (track && hls.audioTracks.some(({ id }) => id === track.id)) hls.nextAudioTrack = track.id;
  }

  get rate(): number {
    return this.hls?.levels[this.hls.loadLevel]?.bitrate ?? 0;
  }

  set small(small: boolean) {
    this.wish.small = small;
    if (this.hls) this.hls.capLevelToPlayerSize = small;
  }

  private build(): void {
    const hls = new Hls(settings(this.wish, this.early, this.share, (playlist) => this.aim(playlist)));
    this.hls = hls;
    hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
      this.backoff.succeeded();
      if (!details.live) return;
      if (details.advanced) this.edge.observe(details.edge, now());
      this.askEarly(details, 'main');
    });
    hls.on(Hls.Events.AUDIO_TRACK_UPDATED, (_event, { details }) => this.askEarly(details, 'audio'));
    hls.on(Hls.Events.FRAG_LOADING, (_event, { frag, part }) => {
      if (frag.type !== 'subtitle' && frag.sn !== 'initSegment') this.bySegments[frag.type] = !part;
    });
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

  /** The playlist, and where to begin: at the wished moment, else at a picture that stands alone and so is soon on the screen. */
  private aim(playlist: string): string {
    const { live, moment, startAt } = this.wish;
    if (this.shown || !this.hls) return playlist;
    if (!live) return moment === null || startAt !== null ? playlist : startingAt(playlist, moment);
    const back = moment === null ? opening(playlist)?.back : backTo(playlist, moment);
    if (back) this.hls.targetLatency = Math.max(0, back - INTO);
    return playlist;
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

  private askEarly(details: LevelDetails, of: Kind): void {
    if (!this.wish.live || !this.shown || this.share.crowded) return;
    // hls.js asks for the next playlist first.
    setTimeout(() => {
      if (this.ending.signal.aborted) return;
      for (const address of coming(details, this.bySegments[of], this.bufferedEnd)) this.early.ask(address);
    });
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

  private resume(): void {
    if (!this.hls) return;
    if (this.hls.levels.length === 0) this.rebuild();
    else this.hls.startLoad();
  }
}
