/**
 * What is said, in writing: a button as soon as a picture carries captions, from its stream or from a <track>.
 *
 *     new Captions(root, frame).show();
 */
import { part, parts } from './page_parts';

export class Captions {
  private readonly button: HTMLElement | null;

  constructor(
    root: ParentNode,
    private readonly frame: ParentNode,
  ) {
    this.button = part(root, '[data-action="captions"]');
    this.button?.addEventListener('click', () => this.toggle());
  }

  show(): void {
    const { button, tracks } = this;
    if (!button) return;
    button.hidden = tracks.length === 0;
    button.setAttribute('aria-pressed', String(tracks.some(({ mode }) => mode === 'showing')));
  }

  toggle(): void {
    const mode = this.tracks.some(({ mode }) => mode === 'showing') ? 'hidden' : 'showing';
    for (const track of this.tracks) track.mode = mode;
    this.show();
  }

  private get tracks(): TextTrack[] {
    const all = parts<HTMLVideoElement>(this.frame, 'video').flatMap((video) => [...(video.textTracks ?? [])]);
    return all.filter(({ kind }) => kind === 'captions' || kind === 'subtitles');
  }
}
