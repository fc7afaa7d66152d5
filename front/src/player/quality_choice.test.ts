import type Hls from 'hls.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LineMeter } from './line_meter';
import { choiceBy } from './quality_choice';

// What hls.js would choose is set by hand.
const proposed = vi.hoisted(() => ({ level: 0 }));
const OWN = vi.hoisted(() => 1.5e6);
vi.mock('hls.js', () => ({
  default: {
    DefaultConfig: {
      abrController: class {
        bwEstimator = { getEstimate: (): number => OWN };
        constructor(protected hls: Hls) {}
        resetEstimator(): void {
          this.bwEstimator = { getEstimate: (): number => OWN };
        }
        get nextAutoLevel(): number {
          return proposed.level;
        }
        set nextAutoLevel(level: number) {
          proposed.level = level;
        }
      },
    },
  },
}));

const levels = [2.5e5, 9e5, 2.1e6].map((averageBitrate) => ({ averageBitrate }));
let hls: { levels: typeof levels; minAutoLevel: number; loadLevel: number };
let line: LineMeter;
let choice: { nextAutoLevel: number; bwEstimator: { getEstimate: () => number }; resetEstimator: (estimate?: number) => void };

/** hls.js asks ten times a second for so many seconds and does as it is told. */
function plays(seconds: number): void {
  for (let at = 0; at < seconds; at += 0.1) {
    vi.advanceTimersByTime(100);
    hls.loadLevel = choice.nextAutoLevel;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  hls = { levels, minAutoLevel: 0, loadLevel: 1 };
  line = new LineMeter(1e7);
  line.measured = true;
  choice = new (choiceBy(line.share(() => 0)))(hls as unknown as Hls);
  proposed.level = 1;
});
afterEach(() => void vi.useRealTimers());

it('goes down at once, also where hls.js would stay on a line that has no air left', () => {
  line.bits = 1e6;
  expect(choice.nextAutoLevel).toBe(0);
  expect(choice.bwEstimator.getEstimate()).toBe(1e6);
});

it('goes up only when it would have done so for a while', () => {
  proposed.level = 2;
  plays(2);
  expect(hls.loadLevel).toBe(1);
  line.bits = 1.2e6;
  plays(0.2);
  line.bits = 1e7;
  plays(2);
  expect(hls.loadLevel).toBe(1);
  plays(1.5);
  expect(hls.loadLevel).toBe(2);
});

it('waits twice as long once a better one did not last', () => {
  proposed.level = 2;
  plays(4);
  proposed.level = 1;
  plays(1);
  expect(hls.loadLevel).toBe(1);
  proposed.level = 2;
  plays(5);
  expect(hls.loadLevel).toBe(1);
  plays(2);
  expect(hls.loadLevel).toBe(2);
});

it('believes hls.js that a part comes too slowly', () => {
  choice.resetEstimator(9e5);
  expect(line.bits).toBe(9e5);
  expect(choice.bwEstimator.getEstimate()).toBe(9e5);
});

it('goes by what hls.js measures itself where the browser tells the meter nothing', () => {
  line.measured = false;
  proposed.level = 2;
  expect(choice.bwEstimator.getEstimate()).toBe(OWN);
  plays(5);
  expect(hls.loadLevel).toBe(1);
});
