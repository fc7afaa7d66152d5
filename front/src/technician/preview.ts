/** A small live picture of one view, in its smallest rendition and without sound. */
import Hls from 'hls.js';
import { EarlyAnswers } from '../player/early_answers';
import { loaderOver, type Change } from '../player/early_loader';
import { only } from '../player/manifest';

const TRY_AGAIN = 2000;

const pictureAlone: Change = (text, { type }) => (type === 'manifest' ? only('picture', text) : text);

export class Preview {
  private hls: Hls | null = null;
  private playlist: string | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly media: string,
  ) {}

  /** The view's playlist as media names it now, null while there is none. */
  follow(playlist: string | null): void {
    if (playlist === this.playlist) return;
    this.playlist = playlist;
    this.stop();
    if (playlist !== null && Hls.isSupported()) this.start(this.media + playlist);
  }

  private start(address: string): void {
    const hls = new Hls({
      pLoader: loaderOver(new EarlyAnswers(), pictureAlone) as never,
      enableWorker: false,
      startLevel: 0,
      xhrSetup: (request) => {
        request.withCredentials = true;
      },
    });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      // Of the levels, hls.js puts the smallest first.
      hls.currentLevel = 0;
      void this.video.play().catch(() => undefined);
    });
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal) return;
      this.stop();
      setTimeout(() => this.playlist && !this.hls && this.start(this.media + this.playlist), TRY_AGAIN);
    });
    hls.loadSource(address);
    hls.attachMedia(this.video);
  }

  private stop(): void {
    this.hls?.destroy();
    this.hls = null;
  }
}
