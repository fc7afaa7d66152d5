/**
 * Brings a second playback to the first one's moment, and says when a prepared picture may be shown: at its first frame
 * in step with the first.
 */
import { SAME, step } from './in_step';
import type { Playback } from './playback_kind';
import type { Screen } from './screen';

/** After its first frame a prepared picture is shown at the latest this much later, ms. */
const PATIENCE = 700;
/** A prepared view that shows nothing for this long is given up, ms. */
const GIVEN_UP = 15_000;
const LOOK_EACH = 20;
/** A prepared playback begins this much after the moment on the screen, and waits there for it; seconds. */
export const LEAD = 0.25;
/** Further ahead than this it is sent back instead, seconds. */
const WAITS_MOST = 1;

/** One correction of `second`; returns how far it was off, seconds of programme time, or null while unknown. */
export function follow(first: Playback, second: Playback): number | null {
  const [there, here] = [first.moment, second.moment];
  const { video } = second;
  if (there === null || here === null || video.readyState < 1) return null;
  const skew = here - there;
  if (video.seeking) return skew;
  // A recorded view that came later than the first one stands at its first picture until its moment has come.
  if (notYet(second, skew)) {
    if (video.currentTime > AT_START) video.currentTime = 0;
    video.playbackRate = 0;
    return skew;
  }
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

/** Whether the first one's moment is before all that the second has. */
const notYet = ({ video }: Playback, skew: number): boolean => video.currentTime < skew;
/** Nearer to its beginning than this a video counts as being there, seconds. */
const AT_START = 0.1;

/** How a rehearsal ends, unless it is cancelled. */
export interface Outcome {
  ready: () => void;
  givenUp: () => void;
  /** It carries the sound: it is given up, rather than shown, when its moment has not come yet. */
  inStepOnly: boolean;
}

class Rehearsal {
  private readonly begun = performance.now();
  private shownAt: number | null = null;
  private timer = 0;

  constructor(
    readonly screen: Screen,
    private readonly first: () => Playback | null,
    private readonly outcome: Outcome,
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
    const skew = this.align();
    const at = performance.now();
    if (this.screen.playback.shown) this.shownAt ??= at;
    const inStep = skew !== null && Math.abs(skew) <= SAME;
    const early = skew !== null && skew > WAITS_MOST && notYet(this.screen.playback, skew);
    if (early && this.outcome.inStepOnly && this.shownAt !== null) this.outcome.givenUp();
    else if (this.shownAt !== null && (inStep || at - this.shownAt > PATIENCE)) {
      this.screen.video.playbackRate = this.first()?.video.playbackRate ?? 1;
      this.outcome.ready();
    } else if (at - this.begun > GIVEN_UP) this.outcome.givenUp();
    else this.timer = window.setTimeout(() => this.look(), LOOK_EACH);
  }

  /** Unseen, it may simply stand until the first comes by. */
  private align(): number | null {
    const [first, second] = [this.first(), this.screen.playback];
    const [there, here] = [first?.moment ?? null, second.moment];
    if (first === null || there === null || here === null) return null;
    const skew = here - there;
    if (skew <= SAME || skew > WAITS_MOST || second.video.seeking) return follow(first, second);
    second.video.playbackRate = 0;
    return skew;
  }
}

/** Where at most one screen is being prepared, in step with the playback that `first` names. */
export class Wings {
  private coming: Rehearsal | null = null;

  constructor(private readonly first: () => Playback | null) {}

  get screen(): Screen | null {
    return this.coming?.screen ?? null;
  }

  /** What was being prepared before is closed. A screen that is given up is closed here, too. */
  prepare(screen: Screen, playing: boolean, { ready, givenUp, inStepOnly }: Outcome): void {
    this.cancel();
    const leave = (then: () => void) => (): void => {
      this.coming = null;
      then();
    };
    this.coming = new Rehearsal(screen, this.first, {
      ready: leave(ready),
      givenUp: leave(() => {
        screen.close();
        givenUp();
      }),
      inStepOnly,
    });
    this.coming.start(playing);
  }

  cancel(): void {
    this.coming?.stop();
    this.coming?.screen.close();
    this.coming = null;
  }
}
