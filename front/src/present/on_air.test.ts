import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OnAir } from './on_air';
import { publish, Refused, type Sender } from './whip';

vi.mock('./whip', async (original) => ({ ...(await original<typeof import('./whip')>()), publish: vi.fn() }));

interface Stand {
  onLost: (takenOver: boolean) => void;
  stop: ReturnType<typeof vi.fn>;
}
const asked = vi.mocked(publish);
const sender = (): Stand => ({ onLost: () => undefined, stop: vi.fn().mockResolvedValue(undefined) });
const answers = (...all: (Stand | Error)[]): void => {
  for (const one of all) {
    if (one instanceof Error) asked.mockRejectedValueOnce(one);
    else asked.mockResolvedValueOnce(one as unknown as Sender);
  }
};
const told = { onLive: vi.fn(), onLost: vi.fn(), onRefused: vi.fn() };
const takeovers = (): boolean[] => asked.mock.calls.map(([, , takeover]) => takeover);
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const begin = async (takeover = false): Promise<OnAir> => {
  const onAir = new OnAir('http://media/whip', {} as MediaStream, told);
  onAir.start(takeover);
  await pass(0);
  return onAir;
};

beforeEach(() => {
  vi.useFakeTimers();
  asked.mockReset();
  Object.values(told).forEach((one) => one.mockReset());
});
afterEach(() => {
  vi.useRealTimers();
});

it('gives up what broke and calls again, without taking over', async () => {
  const [first, second] = [sender(), sender()];
  answers(first, second);
  await begin(true);
  first.onLost(false);
  expect(told.onLost).toHaveBeenCalledOnce();
  await pass(200);
  expect(first.stop).toHaveBeenCalledOnce();
  expect(takeovers()).toEqual([true, false]);
  expect(told.onLive).toHaveBeenCalledTimes(2);
});

it('ends when somebody has taken over', async () => {
  const first = sender();
  answers(first);
  await begin();
  first.onLost(true);
  await pass(10_000);
  expect(told.onRefused).toHaveBeenCalledExactlyOnceWith(409);
  expect(asked).toHaveBeenCalledOnce();
});

it('is refused at once when somebody else is live from the start', async () => {
  answers(new Refused(409));
  await begin();
  expect(told.onRefused).toHaveBeenCalledExactlyOnceWith(409);
});

it('tries on while the server may still hold its own broken session for alive, and no longer', async () => {
  const first = sender();
  answers(first);
  asked.mockRejectedValue(new Refused(409));
  await begin();
  first.onLost(false);
  await pass(20_000);
  expect(told.onRefused).not.toHaveBeenCalled();
  expect(asked.mock.calls.length).toBeGreaterThan(5);
  await pass(20_000);
  expect(told.onRefused).toHaveBeenCalledExactlyOnceWith(409);
});

it('waits longer and longer while each session dies at once', async () => {
  for (let count = 0; count < 40; count += 1) {
    const one = sender();
    answers(one);
    one.stop.mockImplementation(() => Promise.resolve());
  }
  told.onLive.mockImplementation(() => queueMicrotask(() => void (asked.mock.results.at(-1)?.value as Promise<Stand>).then((one) => one.onLost(false))));
  await begin();
  await pass(20_000);
  expect(asked.mock.calls.length).toBeLessThan(12);
});

it('asks no more once it has ended, and ends what was just being let in', async () => {
  const [first, late] = [sender(), sender()];
  answers(first);
  let letIn: (one: Stand) => void = () => undefined;
  asked.mockReturnValueOnce(new Promise((done) => (letIn = done as never)));
  const onAir = await begin();
  first.onLost(false);
  await pass(200);
  await onAir.end();
  letIn(late);
  await pass(60_000);
  expect(late.stop).toHaveBeenCalledOnce();
  expect(told.onLive).toHaveBeenCalledOnce();
  expect(asked).toHaveBeenCalledTimes(2);
});

it('deletes again what could not be deleted', async () => {
  const [first, second] = [sender(), sender()];
  first.stop.mockRejectedValueOnce(new TypeError('offline'));
  answers(first, second);
  await begin();
  first.onLost(false);
  await pass(1000);
  expect(first.stop).toHaveBeenCalledTimes(2);
  expect(told.onLive).toHaveBeenCalledTimes(2);
});
