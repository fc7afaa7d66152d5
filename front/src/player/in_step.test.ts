import { describe, expect, it } from 'vitest';
import { step } from './in_step';

const calm = { skew: 0, firstRate: 1, firstWaits: false, ahead: 0.5 };

describe('the second picture', () => {
  it('goes as fast as the first while in step', () => {
    expect(step({ ...calm, firstRate: 1.05 })).toEqual({ rate: 1.05, jump: 0 });
    expect(step({ ...calm, skew: 0.005 })).toEqual({ rate: 1, jump: 0 });
  });

  it('slows when it is ahead and speeds when it is behind', () => {
    expect(step({ ...calm, skew: 0.1 }).rate).toBeCloseTo(0.9);
    expect(step({ ...calm, skew: -0.1 }).rate).toBeCloseTo(1.1);
  });

  it('jumps when it is far off, but never beyond its buffer', () => {
    expect(step({ ...calm, skew: 1 })).toEqual({ rate: 1, jump: -1 });
    expect(step({ ...calm, skew: -0.4, ahead: 0.6 })).toEqual({ rate: 1, jump: 0.4 });
    expect(step({ ...calm, skew: -1, ahead: 0.6 })).toEqual({ rate: 1.25, jump: 0 });
    expect(step({ ...calm, skew: -3, ahead: 0.6 })).toEqual({ rate: 1, jump: 3 });
  });

  it('stands still with the first', () => {
    expect(step({ ...calm, firstWaits: true })).toEqual({ rate: 0, jump: 0 });
  });

  it('comes within 20 ms of the first within three seconds, and nearer in the next', () => {
    let skew = 0.28;
    const follow = (seconds: number): void => {
      for (let now = 0; now < seconds; now += 0.1) skew += 0.1 * (step({ ...calm, skew }).rate - 1);
    };
    follow(3);
    expect(Math.abs(skew)).toBeLessThan(0.02);
    follow(1);
    expect(Math.abs(skew)).toBeLessThan(0.01);
  });
});
