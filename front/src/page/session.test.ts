import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from './session';

const answer = (status: number, expiresIn = 3600): Response =>
  new Response(JSON.stringify({ expiresIn }), { status });

describe('a session', () => {
  const ask = vi.fn<() => Promise<Response>>();
  const denied = vi.fn();
  let session: Session;

  beforeEach(() => {
    vi.useFakeTimers();
    ask.mockReset().mockImplementation(async () => answer(200));
    denied.mockReset();
    vi.stubGlobal('fetch', ask);
    session = new Session('/rooms/r/grant', 600, denied);
  });

  afterEach(() => {
    session.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('renews in its rhythm', async () => {
    session.start();
    await vi.advanceTimersByTimeAsync(599_000);
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_300_000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('renews earlier when the grant ends earlier', async () => {
    ask.mockImplementation(async () => answer(200, 90));
    await session.renew();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('asks once for several who were refused at the same time', async () => {
    expect(await Promise.all([session.renew(), session.renew(), session.renew()])).toEqual([true, true, true]);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('says so when the right is gone, and stops', async () => {
    ask.mockImplementation(async () => answer(403));
    expect(await session.renew()).toBe(false);
    expect(denied).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('tries again when web does not answer', async () => {
    ask.mockRejectedValueOnce(new TypeError('refused'));
    expect(await session.renew()).toBe(false);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(denied).not.toHaveBeenCalled();
  });
});
