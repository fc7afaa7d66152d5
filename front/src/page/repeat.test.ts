import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { repeat } from './repeat';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('acts at once and then in its rhythm, until it is stopped', async () => {
  const act = vi.fn(async () => {});
  const stop = repeat(2, act);
  await vi.advanceTimersByTimeAsync(6100);
  expect(act).toHaveBeenCalledTimes(4);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(act).toHaveBeenCalledTimes(4);
});

it('acts more seldom while it fails, and never stops trying', async () => {
  let failing = true;
  const act = vi.fn(async () => {
    if (failing) throw new Error('down');
  });
  const stop = repeat(2, act);
  await vi.advanceTimersByTimeAsync(13_900);
  expect(act).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(120_000);
  const tries = act.mock.calls.length;
  expect(tries).toBeGreaterThan(8);
  failing = false;
  await vi.advanceTimersByTimeAsync(15_000 + 4_100);
  expect(act.mock.calls.length).toBeGreaterThanOrEqual(tries + 3);
  stop();
});

it('never acts twice at once', async () => {
  let under = 0;
  let most = 0;
  const stop = repeat(1, async () => {
    under += 1;
    most = Math.max(most, under);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    under -= 1;
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(most).toBe(1);
  stop();
});
