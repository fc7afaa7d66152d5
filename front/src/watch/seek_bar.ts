/** The place in a recording: a range, and the time as "12:05 / 1:02:40". */
import type { Playback } from '../player/playback_kind';
import { part, say } from './page_parts';

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export class SeekBar {
  private readonly row: HTMLElement | null;
  private readonly range: HTMLInputElement | null;
  private readonly time: HTMLElement | null;
  private held = false;

  constructor(root: ParentNode, sought: (place: number) => void) {
    this.row = part(root, '[data-seek-row]');
    this.range = part<HTMLInputElement>(root, '[data-seek]');
    this.time = part(root, '[data-time]');
    this.range?.addEventListener('input', () => {
      this.held = true;
      this.word(Number(this.range?.value));
    });
    this.range?.addEventListener('change', () => {
      this.held = false;
      sought(Number(this.range?.value));
    });
  }

  /** Shows where `playback` is; null hides the bar (live). */
  show(playback: Playback | null): void {
    if (!this.row || !this.range) return;
    const end = playback === null ? 0 : lastPlace(playback.video);
    this.row.hidden = playback === null || end === 0;
    if (playback === null || this.held) return;
    this.range.max = String(Math.floor(end));
    this.range.value = String(Math.floor(playback.video.currentTime));
    this.word(playback.video.currentTime);
  }

  private word(place: number): void {
    const text = `${clock(place)} / ${clock(Number(this.range?.max))}`;
    say(this.time, text);
    this.range?.setAttribute('aria-valuetext', text);
  }
}

function lastPlace({ duration, seekable }: HTMLVideoElement): number {
  if (Number.isFinite(duration)) return duration;
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
}
