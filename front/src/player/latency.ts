/**
 * Keeps playback at its distance from the live edge. Pure: it knows no clock, no element and no network.
 *
 * Ten times a second it is told where playback, buffer and edge are, and answers with a playback rate and,
 * seldom, with a place to go to. The distance wanted is the playlist's PART-HOLD-BACK (RFC 8216bis,
 * section 4.4.3.8) and a margin of its own, which it raises when the line shows that it needs more and
 * takes back slowly.
 *
 *     const controller = new LatencyController();
 *     controller.join(now);
 *     const { rate, seekTo } = controller.update({ now, position, bufferedEnd, edge, edgeAge, holdBack, voiced });
 */

/** All in seconds; `edge`, `position` and `bufferedEnd` are media time. */
export interface Reading {
  now: number;
  position: number;
  bufferedEnd: number;
  edge: number;
  /** Seconds since the last playlist that moved the edge: an old edge is only a guess. */
  edgeAge: number;
  holdBack: number;
  /** Somebody hears the sound: a change of speed is audible. */
  voiced: boolean;
}

export interface Command {
  rate: number;
  seekTo: number | null;
}

/** Within this distance of the target it has arrived; seconds. */
export const NEAR = 0.03;
/** A correction starts only beyond this, so that the speed doesn't flutter … */
const START = 0.06;
/** … and goes on to here; seconds. */
const SETTLED = 0.01;
export const FASTEST = 1.1;
export const FASTEST_VOICED = 1.05;
export const SLOWEST = 0.95;
/** With less than this buffered it never speeds; seconds. */
export const ENOUGH = 0.12;
/** Below this it slows, the more the less is buffered; seconds. */
const SCARCE = 0.2;
/** The time in which it must be at its target after a join or a stall; seconds. */
export const CATCH_UP = 10;
const MARGIN_MOST = 3;
/** The margin is judged once in this many seconds by the least that was, or at the target would have been, buffered. */
const WATCH = 2;
/** The first second after a join or a stall fills the buffer and is not judged. */
const FILLING = 1;
/** A watch that saw less than this buffered asks for more margin; seconds. */
const CLOSE_CALL = 0.08;
/** What one watch adds to the margin at least and at most; seconds. */
const [ADD_LEAST, ADD_MOST] = [0.05, 0.3];
/** A watch that always saw more than this buffered may give margin back; seconds. */
const AMPLE = 0.2;
const CALM_BEFORE_GIVING_BACK = 6;
/** A line that stalls again so soon gets the margin for twice as long as the last time; seconds. */
const [AGAIN_WITHIN, CALM_MOST] = [60, 48];
/** At least this much a watch, and of a large margin this share: half of it is gone within 15 calm seconds. */
const GIVE_BACK = 0.02;
const GIVE_BACK_SHARE = 0.1;
/** A stall this soon after the first picture is the page's own start, not the line's; seconds. */
const STARTING = 5;
/** Further from the target than this, a seek is better than a long chase; seconds. */
const FAR = 2;
const FAR_WHILE_JOINING = 0.9;
/** The skip at the start is not worth its hiccup below this; seconds. */
const SKIP = 0.1;
/** An edge older than this is not trusted for a seek; seconds. */
const EDGE_FRESH = 1.5;
const BETWEEN_SEEKS = 4;
/** A place is only sought when this much is buffered after it; seconds. */
const LANDING = 0.25;

export class LatencyController {
  private ownMargin = 0;
  private joinedAt = -Infinity;
  private startedAt = Infinity;
  private arrived = false;
  private skipped = false;
  private troubleAt = -Infinity;
  private stalledAt = -Infinity;
  private calm = CALM_BEFORE_GIVING_BACK;
  private soughtAt = -Infinity;
  private watchFrom = -Infinity;
  private leastBuffered = Infinity;
  private correcting = false;

  /** Seconds kept beyond the hold-back. */
  get margin(): number {
    return this.ownMargin;
  }

  /** Playback begins, or goes on after a pause. */
  join(now: number): void {
    this.joinedAt = now;
    this.startedAt = Math.min(this.startedAt, now);
    this.arrived = false;
    this.skipped = false;
    this.watchFrom = now + FILLING;
    this.leastBuffered = Infinity;
  }

  /** Playback stood still for want of data. The second stall in a short time weighs double. */
  stall(now: number): void {
    const again = now - this.troubleAt < 2 * CALM_BEFORE_GIVING_BACK;
    const starting = now - this.startedAt < STARTING;
    const more = starting ? 0.05 : again ? 0.3 : 0.15;
    if (!starting) {
      const soon = now - this.stalledAt < AGAIN_WITHIN;
      this.calm = soon ? Math.min(CALM_MOST, 2 * this.calm) : CALM_BEFORE_GIVING_BACK;
      this.stalledAt = now;
    }
    this.ownMargin = Math.min(MARGIN_MOST, this.ownMargin + more);
    this.troubleAt = now;
    this.join(now);
    // What is behind now was lost by waiting: it is made up by speed, or by a seek if it is much.
    this.skipped = true;
  }

  update(reading: Reading): Command {
    const { now, position, bufferedEnd, edge, edgeAge, holdBack } = reading;
    const ahead = bufferedEnd - position;
    const distance = edge - position - (holdBack + this.ownMargin);
    if (edgeAge <= EDGE_FRESH) this.watch(now, ahead - Math.max(0, distance));
    if (Math.abs(distance) <= NEAR) this.arrived = true;
    const seekTo = this.place(reading, distance);
    if (seekTo !== null) {
      this.soughtAt = now;
      this.skipped = true;
      return { rate: 1, seekTo };
    }
    return { rate: this.rate(distance, ahead, this.fastest(reading)), seekTo: null };
  }

  private joining(now: number): boolean {
    return !this.arrived && now - this.joinedAt <= CATCH_UP;
  }

  private fastest({ now, voiced }: Reading): number {
    return voiced && !this.joining(now) ? FASTEST_VOICED : FASTEST;
  }

  private rate(distance: number, ahead: number, fastest: number): number {
    if (ahead < SCARCE) {
      const want = (SCARCE - ahead) / (SCARCE - CLOSE_CALL);
      const slowed = 1 - Math.min(1, want) * (1 - SLOWEST);
      if (ahead < ENOUGH || distance < START) return hundredth(slowed);
    }
    this.correcting = Math.abs(distance) > (this.correcting ? SETTLED : START);
    if (!this.correcting) return 1;
    return hundredth(Math.min(fastest, Math.max(SLOWEST, 1 + distance / 2)));
  }

  /**
   * Where to go to, or null to stay. Once at the start, while nobody has settled, a skip within the buffer makes up
   * what joining cost; far away it goes to the target even if that has to be fetched.
   */
  private place({ now, position, edgeAge, bufferedEnd }: Reading, distance: number): number | null {
    if (edgeAge > EDGE_FRESH || now - this.soughtAt < BETWEEN_SEEKS) return null;
    const target = position + distance;
    const landing = target + LANDING <= bufferedEnd;
    const joining = this.joining(now);
    if (distance > FAR || (joining && landing && distance > FAR_WHILE_JOINING)) return target;
    return joining && !this.skipped && landing && distance > SKIP && now - this.joinedAt < 1 ? target : null;
  }

  /**
   * Looks at the least that was buffered, and moves the margin once a watch. Playback that is still behind its target
   * has as much less there: a line that can't carry the target is known before it has cost a stall.
   */
  private watch(now: number, buffered: number): void {
    if (now < this.watchFrom) return;
    this.leastBuffered = Math.min(this.leastBuffered, buffered);
    if (now - this.watchFrom < WATCH) return;
    if (this.leastBuffered < CLOSE_CALL) {
      const lacking = Math.min(ADD_MOST, Math.max(ADD_LEAST, ENOUGH - this.leastBuffered));
      this.ownMargin = Math.min(MARGIN_MOST, this.ownMargin + lacking);
      this.troubleAt = now;
    } else if (now - this.troubleAt > this.calm && this.leastBuffered > AMPLE) {
      this.ownMargin = Math.max(0, this.ownMargin - Math.max(GIVE_BACK, this.ownMargin * GIVE_BACK_SHARE));
    }
    this.watchFrom = now;
    this.leastBuffered = Infinity;
  }
}

const hundredth = (rate: number): number => Math.round(rate * 100) / 100;
