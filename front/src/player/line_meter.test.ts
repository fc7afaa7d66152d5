import { describe, expect, it, vi } from 'vitest';
import { LineMeter, measure } from './line_meter';

/** Answers of so many bytes each, one every `each` ms, that take `takes` ms. */
function hears(meter: LineMeter, count: number, bytes: number, each: number, takes: number, from = 0): void {
  for (let turn = 0; turn < count; turn += 1) {
    const first = from + turn * each;
    meter.heard({ first, end: first + takes, bytes });
  }
}

describe('a line', () => {
  it('is what was thought of it until something is measured', () => {
    const meter = new LineMeter(4e6);
    meter.heard({ first: 0, end: 900, bytes: 900 });
    expect([meter.bits, meter.measured]).toEqual([4e6, false]);
  });

  it('is measured while something comes, whatever the pauses between', () => {
    const meter = new LineMeter(4e6);
    hears(meter, 20, 31_448, 200, 80);
    expect(meter.bits).toBeCloseTo(3e6, -4);
  });

  it('is shared by answers that come at the same time', () => {
    const meter = new LineMeter(4e6);
    hears(meter, 10, 31_448, 200, 160);
    hears(meter, 10, 31_448, 200, 160, 20);
    expect(meter.bits / 1e6).toBeCloseTo((2 * 30_000 * 8) / 180_000, 1);
  });

  it('is believed worse after three seconds, and better only after ten', () => {
    const meter = new LineMeter(4e6);
    hears(meter, 50, 31_448, 200, 80);
    hears(meter, 16, 31_448, 200, 160, 10_000);
    expect(meter.bits / 1e6).toBeCloseTo(1.5, 1);
    hears(meter, 20, 31_448, 200, 80, 13_200);
    expect(meter.bits / 1e6).toBeLessThan(2.6);
    hears(meter, 45, 31_448, 200, 80, 17_200);
    expect(meter.bits / 1e6).toBeCloseTo(3, 1);
  });
});

describe('a share of it', () => {
  it('is what the other picture leaves', () => {
    const meter = new LineMeter(4e6);
    expect(meter.share(() => 1.4e6).bits).toBe(2.6e6);
    expect(meter.share(() => 5e6).bits).toBe(0);
  });

  it('is crowded while one more picture is made ready over six requests at once', () => {
    const meter = new LineMeter(4e6);
    expect(meter.share(() => 0, () => true).crowded).toBe(false);
    meter.sixAtOnce = true;
    expect(meter.share(() => 0, () => true).crowded).toBe(true);
    expect(meter.share(() => 0).crowded).toBe(false);
  });

  it('that brings less than was thought makes the whole line doubtful, until it is measured again', () => {
    const meter = new LineMeter(4e6);
    hears(meter, 40, 31_448, 200, 60);
    meter.share(() => 4e5).doubt(1e6);
    expect(meter.bits).toBe(1.4e6);
    hears(meter, 5, 31_448, 200, 80, 8000);
    expect(meter.bits).toBeCloseTo(3e6, -4);
  });
});

it('is measured by what came over it, as far as the browser tells', () => {
  let tell = (_list: object): void => undefined;
  vi.stubGlobal('PerformanceObserver', class {
    constructor(heard: typeof tell) {
      tell = heard;
    }
    observe(): void {}
  });
  const meter = new LineMeter(4e6);
  measure(meter);
  const entry = { transferSize: 31_900, encodedBodySize: 31_448, responseStart: 100, responseEnd: 180, nextHopProtocol: 'http/1.1' };
  tell({ getEntries: () => [{ ...entry, encodedBodySize: undefined }, { ...entry, transferSize: 0 }, { ...entry, responseStart: 0 }] });
  expect([meter.bits, meter.measured]).toEqual([4e6, false]);
  tell({ getEntries: () => [entry] });
  expect(meter.bits).toBeCloseTo(3e6, -4);
  expect(meter.sixAtOnce).toBe(true);
  vi.unstubAllGlobals();
});
