/**
 * Keeps a second picture in step with the first. Pure.
 *
 * The first picture carries the sound and sets the pace; the second is sped or slowed to the same moment of the
 * programme, and sent there when it is far off. A second picture has no sound, so its speed may change freely.
 */

/** `skew`: second minus first, seconds of programme time. */
export interface Pair {
  skew: number;
  firstRate: number;
  /** The first picture stands still: so must the second. */
  firstWaits: boolean;
  /** What the second has buffered ahead, seconds. */
  ahead: number;
}

export interface Step {
  rate: number;
  /** Seconds by which the second shall jump, 0 to stay. */
  jump: number;
}

/** Two pictures this close count as one moment: half a frame at 30 frames/s, seconds. */
export const SAME = 0.017;
/** Side by side a second picture is brought nearer still, a quarter of a frame: at half, every frame may be another. */
const NEAR = 0.008;
const MOST = 0.25;
const FAR = 0.3;
/** A jump forwards needs this much buffered where it lands, seconds … */
const LANDING = 0.1;
/** … unless it is this far behind: then waiting for what is there is better; seconds. */
const LOST = 2;

export function step({ skew, firstRate, firstWaits, ahead }: Pair): Step {
  const reachable = skew > 0 || -skew + LANDING < ahead || -skew > LOST;
  if (Math.abs(skew) > FAR && reachable) return { rate: firstRate, jump: -skew };
  if (firstWaits) return { rate: 0, jump: 0 };
  if (Math.abs(skew) <= NEAR) return { rate: firstRate, jump: 0 };
  const correction = Math.max(-MOST, Math.min(MOST, -skew));
  return { rate: Math.round((firstRate + correction) * 100) / 100, jump: 0 };
}
