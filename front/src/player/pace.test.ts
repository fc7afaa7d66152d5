import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EACH, Pace } from './pace';
import { type StandIn, standIn } from './stand_in';

let playback: StandIn;
let pace: Pace;
let edge: number;

/** Lets time pass; playback moves with it at `speed`, the edge always. */
function pass(seconds: number, speed = 1, edgeMoves = true): void {
  for (let tick = 0; tick < Math.round((seconds * 1000) / EACH); tick += 1) {
    vi.advanceTimersByTime(EACH);
    playback.video.currentTime += (speed * EACH) / 1000;
    playback.bufferedEnd = Math.max(playback.bufferedEnd, playback.video.currentTime + 0.5);
    if (edgeMoves) playback.edge.observe((edge += EACH / 1000), performance.now() / 1000);
    pace.tick();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  playback = standIn();
  playback.video.currentTime = 9.4;
  playback.bufferedEnd = 9.9;
  edge = 10;
  pace = new Pace(playback, () => false);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('pace', () => {
  it('leaves playback alone at its target', () => {
    pass(1);
    expect(pace.target).toBeCloseTo(0.6);
    expect(pace.distance).toBeCloseTo(0.6);
    expect(playback.video.playbackRate).toBe(1);
  });

  it('speeds playback that is behind', () => {
    pass(2);
    playback.video.currentTime -= 0.3;
    pass(0.5);
    expect(playback.video.playbackRate).toBeGreaterThan(1.02);
  });

  it('takes a wait for a stall, once, and keeps more distance', () => {
    pass(6);
    playback.stalls += 1;
    pass(1, 0);
    const margin = pace.controller.margin;
    expect(margin).toBeGreaterThan(0.1);
    pass(0.5, 0);
    expect(pace.controller.margin).toBe(margin);
  });

  it('does nothing while paused', () => {
    playback.video.currentTime = 2;
    (playback.video as { paused: boolean }).paused = true;
    pass(3, 0);
    expect(playback.video.playbackRate).toBe(1);
    expect(playback.video.currentTime).toBe(2);
  });

  it('sends playback that stands still to the target, then builds it anew', () => {
    pass(1);
    (playback.video as { seeking: boolean }).seeking = true;
    pass(2.9, 0);
    expect(pace.distance).toBeGreaterThan(3);
    pass(0.3, 0);
    expect(pace.distance).toBeLessThan(1.1);
    expect(playback.calls).toEqual([]);
    pass(9, 0);
    expect(playback.calls).toContain('rebuild');
  });

  it('does not take a playlist that has stopped for a playback that has', () => {
    pass(1);
    pass(12, 0, false);
    expect(playback.calls).toEqual([]);
  });

  it('passes on margin and place without a new join', () => {
    pass(1);
    playback.stalls += 1;
    pass(0.1, 0);
    const margin = pace.controller.margin;
    const next = standIn();
    next.video.currentTime = edge - 1.1;
    next.bufferedEnd = edge;
    next.edge.observe(edge, performance.now() / 1000);
    const taken = pace.passTo(next, () => false);
    taken.tick();
    expect(taken.controller.margin).toBe(margin);
    expect(next.video.currentTime).toBeCloseTo(edge - 1.1);
  });
});
