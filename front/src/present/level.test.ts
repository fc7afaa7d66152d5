import { expect, it } from 'vitest';
import { decibels } from './level';

it('is zero for a full square wave', () => {
  expect(decibels(new Float32Array([1, -1, 1, -1]))).toBe(0);
});

it('is six decibels less for half of it', () => {
  expect(decibels(new Float32Array([0.5, -0.5]))).toBeCloseTo(-6.02, 2);
});

it('stops at the end of the meter in silence', () => {
  expect(decibels(new Float32Array(8))).toBe(-60);
});
