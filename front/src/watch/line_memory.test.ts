// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { lineThought, rememberLine } from './line_memory';

beforeEach(() => localStorage.clear());

describe('the line of the last visit', () => {
  it('is a good one before anything was measured', () => {
    expect(lineThought()).toBe(4e6);
  });

  it('is believed a little less than it carried', () => {
    rememberLine(2e6, 60);
    expect(lineThought()).toBe(1.6e6);
  });

  it('is not taken from a look that was too short to measure it', () => {
    rememberLine(8e6, 60);
    rememberLine(4e5, 2);
    expect(lineThought()).toBe(6.4e6);
  });

  it.each([Number.NaN, Infinity, 0, -1])('is not taken from %d', (bits) => {
    rememberLine(bits, 60);
    expect(lineThought()).toBe(4e6);
  });

  it('is assumed where storage holds nonsense', () => {
    localStorage.setItem('amphitheatre.line', 'fast');
    expect(lineThought()).toBe(4e6);
  });
});
