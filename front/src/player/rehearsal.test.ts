import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Wings } from './rehearsal';
import type { Screen } from './screen';
import { type StandIn, standIn } from './stand_in';

let first: StandIn;
let second: StandIn;
let wings: Wings;
const ready = vi.fn();
const givenUp = vi.fn();
const close = vi.fn();
const screenOf = (playback: StandIn): Screen => ({ view: 'second', playback, video: playback.video, close }) as unknown as Screen;

/** Both moments move as their rates say. */
function pass(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 10) {
    first.moment = (first.moment ?? 0) + 0.01;
    if (second.shown) second.moment = (second.moment ?? 0) + 0.01 * second.video.playbackRate;
    vi.advanceTimersByTime(10);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  [ready, givenUp, close].forEach((one) => one.mockReset());
  first = standIn({ moment: 100 });
  second = standIn({ moment: 100.25, shown: false });
  wings = new Wings(() => first);
  wings.prepare(screenOf(second), true, { ready, givenUp, inStepOnly: false });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what is prepared in the wings', () => {
  it('plays unheard', () => {
    expect(second.video.muted).toBe(true);
    expect(second.calls).toEqual(['start', 'play']);
    expect(wings.screen?.view).toBe('second');
  });

  it('waits at its first frame until the first comes by, and is then shown at the same moment', () => {
    second.shown = true;
    pass(100);
    expect(second.video.playbackRate).toBe(0);
    expect(ready).not.toHaveBeenCalled();
    pass(200);
    expect(ready).toHaveBeenCalledOnce();
    expect(Math.abs((second.moment ?? 0) - (first.moment ?? 0))).toBeLessThan(0.05);
    expect(second.video.playbackRate).toBe(1);
    expect(wings.screen).toBeNull();
  });

  it('is sent after the first when it comes late', () => {
    second.moment = null;
    pass(1000);
    second.moment = 100.25;
    pass(20);
    expect(second.video.currentTime).toBeGreaterThan(0.7);
  });

  it('stands at its first picture when it was recorded later than the first one has come', () => {
    second.shown = true;
    second.moment = 3700;
    second.video.currentTime = 1800;
    pass(30);
    expect(second.video.currentTime).toBe(0);
    expect(second.video.playbackRate).toBe(0);
    pass(800);
    expect(ready).toHaveBeenCalledOnce();
    expect(second.video.currentTime).toBe(0);
  });

  it('is given up before its moment when it was to carry the sound', () => {
    wings.prepare(screenOf(second), true, { ready, givenUp, inStepOnly: true });
    second.shown = true;
    second.moment = 3700;
    pass(100);
    expect(givenUp).toHaveBeenCalledOnce();
    expect(close).toHaveBeenCalled();
    expect(ready).not.toHaveBeenCalled();
  });

  it('is shown out of step rather than not at all', () => {
    first.moment = null;
    second.shown = true;
    const stopped = vi.spyOn(second, 'moment', 'get').mockReturnValue(null as never);
    vi.advanceTimersByTime(800);
    expect(ready).toHaveBeenCalledOnce();
    stopped.mockRestore();
  });

  it('is given up and closed when it never shows anything', () => {
    pass(15_100);
    expect(givenUp).toHaveBeenCalledOnce();
    expect(close).toHaveBeenCalledOnce();
    expect(ready).not.toHaveBeenCalled();
  });

  it('makes way for the next, and tells nobody then', () => {
    const other = standIn({ moment: null, shown: false });
    wings.prepare(screenOf(other), false, { ready, givenUp, inStepOnly: false });
    expect(close).toHaveBeenCalledOnce();
    expect(other.calls).toEqual(['start']);
    second.shown = true;
    pass(800);
    expect(ready).not.toHaveBeenCalled();
    wings.cancel();
    expect(wings.screen).toBeNull();
  });
});
