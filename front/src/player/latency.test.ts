import { describe, expect, it } from 'vitest';
import { CATCH_UP, FASTEST, FASTEST_VOICED, LatencyController, NEAR, SLOWEST, type Reading } from './latency';
import distant from './recorded_lines/distant.json';
import shaky from './recorded_lines/shaky.json';
import { play, type Line, type Moment, type RecordedLine, type Room } from './simulated_line';

const fast: Room = { part: 0.2, holdBack: 0.6, bitrate: 1_500_000 };
const fastest: Room = { part: 4 / 30, holdBack: 0.4, bitrate: 1_500_000 };
const good: Line = { roundTrip: 0.02, jitter: 0.01, loss: 0, bandwidth: 20e6, hinted: true };

const stalls = (moments: Moment[]): number =>
  moments.filter((moment, index) => moment.stalled && !moments[index - 1]?.stalled).length;
const between = (moments: Moment[], from: number, to: number): Moment[] =>
  moments.filter((moment) => moment.at >= from && moment.at < to);
const offTarget = (room: Room, moment: Moment): number => Math.abs(moment.latency - room.holdBack - moment.margin);
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const at = (changes: Partial<Reading>): Reading => ({
  now: 100, position: 10, bufferedEnd: 10.5, edge: 10.6, edgeAge: 0.1, holdBack: 0.6, voiced: true, ...changes,
});

describe('the speed', () => {
  it('is one at the target', () => {
    expect(new LatencyController().update(at({}))).toEqual({ rate: 1, seekTo: null });
  });

  it('is one and half the distance behind it', () => {
    expect(new LatencyController().update(at({ edge: 10.68 })).rate).toBeCloseTo(1.04);
  });

  it('is bounded, more tightly once a voice is heard', () => {
    const far = { edge: 11.6, bufferedEnd: 10.8 };
    expect(new LatencyController().update(at({ ...far, voiced: false })).rate).toBe(FASTEST);
    expect(new LatencyController().update(at({ ...far, voiced: true })).rate).toBe(FASTEST_VOICED);
  });

  it('may be the higher one for a voice too while joining', () => {
    const controller = new LatencyController();
    controller.join(95);
    expect(controller.update(at({ edge: 11.4 })).rate).toBe(FASTEST);
    expect(controller.update(at({ edge: 11.4, now: 95 + CATCH_UP + 0.1 })).rate).toBe(FASTEST_VOICED);
  });

  it('never exceeds one with too little buffered', () => {
    for (const ahead of [0, 0.05, 0.1, 0.119]) {
      const { rate } = new LatencyController().update(at({ edge: 11.2, bufferedEnd: 10 + ahead }));
      expect(rate).toBeLessThan(1);
      expect(rate).toBeGreaterThanOrEqual(SLOWEST);
    }
  });

  it('falls below one when it is too near', () => {
    expect(new LatencyController().update(at({ edge: 10.5 })).rate).toBe(0.95);
  });
});

describe('the margin', () => {
  it('grows by a stall, and more by the next one', () => {
    const controller = new LatencyController();
    controller.join(0);
    controller.stall(10);
    expect(controller.margin).toBeCloseTo(0.15);
    controller.stall(20);
    expect(controller.margin).toBeCloseTo(0.45);
  });

  it('grows little by a stall while the page itself starts', () => {
    const controller = new LatencyController();
    controller.join(0);
    controller.stall(1);
    expect(controller.margin).toBeCloseTo(0.05);
  });

  it('never passes its most', () => {
    const controller = new LatencyController();
    for (let now = 0; now < 30; now += 1) controller.stall(now);
    expect(controller.margin).toBe(3);
  });

  it('is taken back slowly once the line is calm', () => {
    const controller = new LatencyController();
    controller.join(-10);
    controller.stall(0);
    const readAt = (now: number): void => void controller.update(at({ now, edge: 10.8, bufferedEnd: 10.5 }));
    for (let now = 0.1; now < 6; now += 0.1) readAt(now);
    expect(controller.margin).toBeCloseTo(0.15);
    for (let now = 6; now < 12; now += 0.1) readAt(now);
    expect(controller.margin).toBeLessThan(0.15);
    expect(controller.margin).toBeGreaterThan(0.05);
    for (let now = 12; now < 40; now += 0.1) readAt(now);
    expect(controller.margin).toBe(0);
  });
});

it('keeps the margin for longer, the more often a line has stalled', () => {
  const keeps = (stalls: number): number => {
    const controller = new LatencyController();
    controller.join(-10);
    for (let stall = 0; stall < stalls; stall += 1) controller.stall(stall * 20);
    const from = (stalls - 1) * 20;
    const most = controller.margin;
    for (let now = from + 0.1; ; now += 0.1) {
      controller.update(at({ now, edge: 10 + 0.6 + most, bufferedEnd: 10.5 }));
      if (controller.margin < most) return now - from;
    }
  };
  expect(keeps(1)).toBeLessThan(12);
  expect(keeps(3)).toBeGreaterThan(20);
  expect(keeps(9)).toBeLessThan(60);
});

describe('a seek', () => {
  it('goes to the target when far away', () => {
    expect(new LatencyController().update(at({ edge: 15 })).seekTo).toBeCloseTo(14.4);
  });

  it('never trusts an old edge', () => {
    expect(new LatencyController().update(at({ edge: 30, edgeAge: 19 })).seekTo).toBeNull();
  });

  it('comes once at the start, within what is buffered', () => {
    const controller = new LatencyController();
    controller.join(99.8);
    expect(controller.update(at({ edge: 11, bufferedEnd: 11 })).seekTo).toBeCloseTo(10.4);
    expect(controller.update(at({ now: 100.1, edge: 11.1, bufferedEnd: 11 })).seekTo).toBeNull();
  });
});

describe.each([
  ['fast', fast],
  ['fastest', fastest],
])('on a good line, %s', (_name, room) => {
  it.each([true, false])('is at its target within ten seconds and stays there (voiced: %s)', (voiced) => {
    const moments = play(good, room, { seconds: 120, voiced });
    expect(stalls(moments)).toBe(0);
    for (const moment of between(moments, CATCH_UP, 120)) expect(offTarget(room, moment)).toBeLessThan(3 * NEAR);
    expect(Math.abs(median(between(moments, CATCH_UP, 120).map((moment) => moment.latency)) - room.holdBack)).toBeLessThan(0.06);
  });
});

describe('on a poor line', () => {
  it.each<[string, Line]>([
    ['with jitter', { ...good, roundTrip: 0.08, jitter: 0.15 }],
    ['with 3 % loss', { ...good, roundTrip: 0.06, jitter: 0.03, loss: 0.03 }],
    ['with 300 ms', { ...good, roundTrip: 0.3, jitter: 0.03 }],
  ])('%s it learns the margin the line needs and then plays on', (_name, line) => {
    const moments = play(line, fast, { seconds: 300, voiced: true });
    expect(stalls(between(moments, 0, 60))).toBeLessThanOrEqual(3);
    expect(stalls(between(moments, 60, 300))).toBeLessThanOrEqual(1);
    expect(median(between(moments, 60, 300).map((moment) => moment.latency))).toBeLessThan(2);
  });

  it('is back at its target ten seconds after a gap of twenty', () => {
    const moments = play({ ...good, gap: [25, 45] }, fast, { seconds: 90, voiced: true });
    const resumed = moments.find((moment) => moment.at > 39 && !moment.stalled);
    expect(resumed?.at).toBeLessThan(41);
    for (const moment of between(moments, (resumed?.at ?? 0) + CATCH_UP, 90)) {
      expect(offTarget(fast, moment)).toBeLessThan(3 * NEAR);
    }
    expect(between(moments, 0, 90).filter((moment) => moment.sought).length).toBeLessThanOrEqual(2);
  });

  it('gives the margin back when the line has recovered', () => {
    const moments = play({ ...good, gap: [25, 27] }, fast, { seconds: 120, voiced: true });
    expect(moments.at(-1)?.margin).toBe(0);
  });
});

describe('on a line that was recorded in a browser', () => {
  it.each<[string, RecordedLine]>([
    ['300 ms away, a packet in a hundred lost', distant],
    ['80 ms away, shaking by 150 ms, three packets in a hundred lost', shaky],
  ])('%s: it learns the margin the line needs and then plays on', (_name, line) => {
    const moments = play(line, fast, { seconds: 70, voiced: true });
    expect(stalls(between(moments, 0, 30))).toBeLessThanOrEqual(4);
    expect(stalls(between(moments, 30, 70))).toBeLessThanOrEqual(2);
    expect(median(between(moments, 30, 70).map((moment) => moment.latency))).toBeLessThan(2.5);
  });
});
