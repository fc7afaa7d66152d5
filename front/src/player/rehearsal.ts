/**
 * Brings a second playback to the first one's moment, and says when a prepared picture may be shown: at its first frame
 * in step with the carrier.
 */
import { step } from './in_step';
import type { Playback } from './playback_kind';
import type { Screen } from './screen';

/** A prepared picture within this of the carrier's moment is taken for the same moment, seconds. */
const ALIGNED = 0.08;
/** After its first frame a prepared picture is shown at the latest this much later, ms. */
const PATIENCE = 400;
/** A prepared view that shows nothing for this long is given up, ms. */
const GIVEN_UP = 15_000;
const LOOK_EACH = 30;

/** One correction of `second`; returns how far it was off, seconds of programme time, or null while unknown. */
export function follow(first: Playback, second: Playback): number | null {
  const [there, here] = [first.moment, second.moment];
  const { video } = second;
  if (there === null || here === null || video.readyState < 1) return null;
  const skew = here - there;
  if (video.seeking) return skew;
  const next = step({
    skew,
    firstRate: first.video.playbackRate,
    firstWaits: first.waiting,
    ahead: second.bufferedEnd - video.currentTime,
  });
  if (next.jump !== 0) video.currentTime += next.jump;
  if (video.playbackRate !== next.rate) video.playbackRate = next.rate;
  return skew;
}

export class Rehearsal {
  private readonly begun = performance.now();
  private shownAt: number | null = null;
  private timer = 0;

  constructor(
    readonly screen: Screen,
    private readonly first: () => Playback | null,
    private readonly ready: () => void,
    private readonly givenUp: () => void,
  ) {}

  start(playing: boolean): void {
    this.screen.video.muted = true;
    this.screen.playback.start();
    if (playing) void this.screen.playback.play();
    this.look();
  }

  /** Ends the looking; the screen stays the caller's. */
  stop(): void {
    window.clearTimeout(this.timer);
  }

  private look(): void {
    const first = this.first();
    const skew = first === null ? null : follow(first, this.screen.playback);
    const at = performance.now();
    if (this.screen.playback.shown) this.shownAt ??= at;
    const inStep = skew !== null && Math.abs(skew) < ALIGNED;
    if (this.shownAt !== null && (inStep || at - this.shownAt > PATIENCE)) this.ready();
    else if (at - this.begun > GIVEN_UP) this.givenUp();
    else this.timer = window.setTimeout(() => this.look(), LOOK_EACH);
  }
}
