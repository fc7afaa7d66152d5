/**
 * `window.amphitheatre`: what tests, benchmarks and a helpful colleague may read in the console. Read only.
 *
 * | name | what |
 * |---|---|
 * | `latency()` | seconds from the theatre's clock to the moment on the screen, by EXT-X-PROGRAM-DATE-TIME and media's clock; null when unknown |
 * | `distance()`, `target()`, `margin()` | seconds to the live edge: now, wanted, and the part of it that is our own margin |
 * | `rate()` | playback rate |
 * | `stalls` | how often playback stood still for want of data since the page was opened |
 * | `skew()` | second picture minus first, seconds; null with one picture |
 * | `firstFrame` | ms from navigation to the first frame; null before it |
 * | `switchTime` | ms of the last change of camera; null before one |
 * | `line()` | bits/s that the line is thought to carry |
 * | `bufferedAhead()` | seconds |
 * | `hls`, `second` | the Hls instances, or null |
 */
import type { Stage } from '../player/stage';

export interface Diagnostics {
  latency: () => number | null;
  distance: () => number | null;
  target: () => number | null;
  margin: () => number;
  rate: () => number;
  skew: () => number | null;
  line: () => number;
  bufferedAhead: () => number;
  readonly stalls: number;
  readonly firstFrame: number | null;
  readonly switchTime: number | null;
  readonly hls: unknown;
  readonly second: unknown;
}

declare global {
  interface Window {
    amphitheatre?: Diagnostics;
  }
}

export function expose(stage: Stage, more: Pick<Diagnostics, 'latency' | 'line'> & { firstFrame: () => number | null }): void {
  window.amphitheatre = {
    latency: more.latency,
    distance: () => stage.pace?.distance ?? null,
    target: () => stage.pace?.target ?? null,
    margin: () => stage.pace?.controller.margin ?? 0,
    rate: () => stage.carrier?.video.playbackRate ?? 1,
    skew: () => stage.skew,
    line: more.line,
    bufferedAhead: () => (stage.carrier ? stage.carrier.bufferedEnd - stage.carrier.video.currentTime : 0),
    get stalls() {
      return stage.stalls;
    },
    get firstFrame() {
      return more.firstFrame();
    },
    get switchTime() {
      return stage.switchTime;
    },
    get hls() {
      return stage.carrier?.hls ?? null;
    },
    get second() {
      return stage.companion?.hls ?? null;
    },
  };
}
