import { expect, it } from 'vitest';
import { Backoff } from './backoff';

it('doubles up to its most, for ever, and begins anew after a success', () => {
  const backoff = new Backoff(0.25, 2);
  expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([0.25, 0.5, 1, 2, 2, 2]);
  for (let failure = 0; failure < 5000; failure += 1) expect(backoff.next()).toBe(2);
  backoff.succeeded();
  expect(backoff.next()).toBe(0.25);
});
