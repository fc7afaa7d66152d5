import { expect, it } from 'vitest';
import { clock } from './seek_bar';

it.each([
  [0, '0:00'],
  [65.9, '1:05'],
  [3600, '1:00:00'],
  [36_061, '10:01:01'],
  [-3, '0:00'],
])('%d s is %s', (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});
