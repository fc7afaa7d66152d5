/**
 * Ten times a second: reads where playback stands, asks the latency controller, and does what it says. Also
 * notices when playback stands still although there is something to play.
 */
import { now } from './clock';
import { LatencyController, type Command } from './latency';
import type { Playback } from './playback_kind';

export const EACH = 100;
/** Playback that hasn't moved for this long with a fresh edge is sent to the target, then built anew; seconds. */
const STUCK = 3;
const STUCK_FOR_GOOD = 8;

export class Pace {
  private stalls: number;
  private joined = false;
  private place = -1;
  private movedAt = now();

  constructor(
    readonly playback: Playback,
    private readonly heard: () => boolean,
    readonly controller = new LatencyController(),
  ) {
    this.stalls = playback.stalls;
  }

  /** The same pace, kept by a playback that takes over at this moment: no new join, and the margin stays. */
  passTo(playback: Playback, heard: () => boolean): Pace {
    const next = new Pace(playback, heard, this.controller);
    next.joined = this.joined;
    return next;
  }

  /** Seconds from the position to the live edge, or null before there is one. */
  get distance(): number | null {
    const edge = this.playback.edge.at(now());
    return edge === null ? null : edge - this.playback.video.currentTime;
  }

  /** Seconds from the live edge at which it wants to be. */
  get target(): number | null {
    const { holdBack } = this.playback;
    return holdBack === null ? null : holdBack + this.controller.margin;
  }

  tick(): void {
    const { playback } = this;
    const { video } = playback;
    const at = now();
    if (video.paused || !playback.shown) {
      this.joined = false;
      this.movedAt = at;
      return;
    }
    if (!this.joined) this.controller.join(at);
    this.joined = true;
    // By their count: one may be over before the next look.
    if (playback.stalls > this.stalls) this.controller.stall(at);
    this.stalls = playback.stalls;
    if (this.stuck(at)) return;
    const command = this.command(at);
    if (command === null || video.seeking) return;
    if (command.seekTo !== null) this.goTo(command.seekTo);
    if (video.playbackRate !== command.rate) video.playbackRate = command.rate;
  }

  private command(at: number): Command | null {
    const { playback } = this;
    const edge = playback.edge.at(at);
    const { holdBack } = playback;
    if (edge === null || holdBack === null) return null;
    return this.controller.update({
      now: at,
      position: playback.video.currentTime,
      bufferedEnd: playback.bufferedEnd,
      edge,
      edgeAge: playback.edge.age(at),
      holdBack,
      voiced: this.heard(),
    });
  }

  /** To be sent somewhere is no movement of its own: playback that stands still there, too, is still stuck. */
  private goTo(place: number): void {
    this.playback.video.currentTime = place;
    this.place = this.playback.video.currentTime;
  }

  /** True when it had to act because playback stood still. */
  private stuck(at: number): boolean {
    const { playback } = this;
    const { currentTime } = playback.video;
    if (currentTime !== this.place) {
      this.place = currentTime;
      this.movedAt = at;
      return false;
    }
    const still = at - this.movedAt;
    const edge = playback.edge.at(at);
    if (edge === null || playback.edge.age(at) > 1.5 || this.target === null) return false;
    if (still > STUCK_FOR_GOOD) {
      this.movedAt = at;
      playback.rebuild();
      return true;
    }
    if (still > STUCK && still < STUCK + 2 * (EACH / 1000)) {
      this.goTo(edge - this.target);
      return true;
    }
    return false;
  }
}
