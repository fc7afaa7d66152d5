/** One view's figure on the stage and what plays in it. */
import type { EarlyAnswers } from './early_answers';
import type { Share } from './line_meter';
import { NativePlayback } from './native';
import { HlsPlayback } from './playback';
import type { Playback, PlaybackEvents } from './playback_kind';
import type { Wish } from './settings';

const unseen: readonly [string, string][] = [
  ['position', 'absolute'],
  ['inset', '0'],
  ['opacity', '0'],
  ['pointer-events', 'none'],
  ['z-index', '-1'],
];

export class Screen {
  readonly playback: Playback;
  private readonly spare: boolean;

  /** With `spare` it plays in a second element beside the figure's own, unseen until `unveil`. */
  constructor(
    readonly view: string,
    readonly figure: HTMLElement,
    address: string,
    wish: Wish,
    events: PlaybackEvents,
    share: Share,
    prepare: boolean,
    early?: EarlyAnswers,
  ) {
    const own = figure.querySelector('video');
    if (!own) throw new Error(`The figure of view ${view} has no video.`);
    this.spare = prepare && !figure.hidden;
    const video = this.spare ? another(own) : own;
    if (prepare) this.veil(video);
    if (this.spare) figure.append(video);
    this.playback = HlsPlayback.supported()
      ? new HlsPlayback(video, address, wish, events, share, early)
      : new NativePlayback(video, address, wish, events);
  }

  get video(): HTMLVideoElement {
    return this.playback.video;
  }

  /** Shows what was prepared. The element that was there before must have been let go. */
  unveil(): void {
    const style = this.spare ? this.video.style : this.figure.style;
    for (const [name] of unseen) style.removeProperty(name);
    this.figure.hidden = false;
  }

  /** Ends playback; the figure keeps one element. */
  close(): void {
    this.playback.destroy();
    if (this.figure.querySelectorAll('video').length > 1) this.video.remove();
  }

  // An element that isn't rendered decodes no frames: what is being prepared lies unseen under the rest.
  private veil(video: HTMLVideoElement): void {
    const { style } = this.spare ? video : this.figure;
    for (const [name, value] of unseen) style.setProperty(name, value);
    this.figure.hidden = false;
  }
}

/** An element like this one, without what it plays. */
function another(own: HTMLVideoElement): HTMLVideoElement {
  const video = own.cloneNode() as HTMLVideoElement;
  video.removeAttribute('src');
  return video;
}
