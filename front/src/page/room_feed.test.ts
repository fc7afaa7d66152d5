import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomFeed } from './room_feed';

const state = (now: Date): Response => new Response(JSON.stringify({ id: 'r', state: 'live', now: now.toISOString() }));

describe('the feed of a room', () => {
  const ask = vi.fn<() => Promise<Response>>();
  const events = { onState: vi.fn(), onUnreachable: vi.fn(), onDenied: vi.fn() };
  let feed: RoomFeed;

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 14, 8) });
    for (const mock of [ask, ...Object.values(events)]) mock.mockReset();
    vi.stubGlobal('fetch', ask);
    feed = new RoomFeed('/rooms/r/room.json', events);
  });

  afterEach(() => {
    feed.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('tells the state each two seconds', async () => {
    ask.mockImplementation(async () => state(new Date()));
    feed.start();
    await vi.advanceTimersByTimeAsync(4_100);
    expect(events.onState).toHaveBeenCalledTimes(3);
    expect(ask).toHaveBeenCalledWith('/rooms/r/room.json', expect.objectContaining({ credentials: 'include' }));
  });

  it("learns media's clock from the promptest answer", async () => {
    ask.mockImplementation(async () => state(new Date(Date.now() + 90_000)));
    feed.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(feed.clockOffset).toBeCloseTo(90, 1);
    ask.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 800));
      return state(new Date(Date.now() + 90_000));
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(feed.clockOffset).toBeCloseTo(90, 1);
  });

  it('says when media is away, goes on asking, and says when it is back', async () => {
    ask.mockRejectedValueOnce(new TypeError('refused')).mockImplementation(async () => state(new Date()));
    feed.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(events.onUnreachable).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(events.onState).toHaveBeenCalledTimes(1);
  });

  it('says when the grant no longer holds', async () => {
    ask.mockImplementation(async () => new Response('', { status: 401 }));
    feed.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(events.onDenied).toHaveBeenCalledTimes(1);
    expect(events.onState).not.toHaveBeenCalled();
  });
});
