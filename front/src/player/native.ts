/**
 * One view played by the browser's own HLS, where there is no Media Source Extensions (older iPhones). Distance and
 * quality are then the browser's to choose; languages, waiting and mending work as elsewhere.
 */
import { Backoff } from './backoff';
import { ElementPlayback } from './element_playback';
import type { Playback, Quality } from './playback_kind';

interface NativeTrack {
  language: string;
  enabled: boolean;
}

/** What WebKit adds to a media element. */
interface NativeVideo {
  audioTracks?: ArrayLike<NativeTrack>;
  getStartDate?: () => Date;
}

export class NativePlayback extends ElementPlayback implements Playback {
  readonly hls = null;
  readonly holdBack = null;
  readonly qualities: Quality[] = [];
  readonly rate = 0;
  quality = -1;
  protected readonly backoff = new Backoff(0.5, 4);

  static supported(): boolean {
    return document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '';
  }

  override start(): void {
    super.start();
    this.listen('loadedmetadata', () => {
      this.backoff.succeeded();
      this.chooseLanguage();
      this.events.onTracks?.();
    });
    this.listen('error', () => this.later(() => this.rebuild()));
    this.rebuild();
  }

  retry(): void {
    this.sooner(() => this.rebuild());
  }

  rebuild(): void {
    this.video.src = this.address;
    if (this.wantsPlay) void this.play();
  }

  override destroy(): void {
    super.destroy();
    this.video.removeAttribute('src');
    this.video.load();
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
}
