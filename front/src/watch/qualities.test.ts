import { expect, it } from 'vitest';
import { qualityKey } from './qualities';

const all = [
  { index: 0, height: 240, bitrate: 350_000 },
  { index: 1, height: 480, bitrate: 900_000 },
  { index: 2, height: 720, bitrate: 1_700_000 },
];

it('names qualities in plain words', () => {
  expect(all.map((one) => qualityKey(one, all))).toEqual(['quality-low', 'quality-good', 'quality-best']);
  expect(qualityKey({ index: 0, height: 0, bitrate: 96_000 }, all)).toBe('quality-sound');
});

it('calls the only one the best', () => {
  const [only] = all.slice(2);
  expect(only && qualityKey(only, [only])).toBe('quality-best');
});
