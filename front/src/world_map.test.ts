import { expect, test } from 'vitest';
import { pathOf, VIEW } from '../world_map';

test('a place is where the page puts its dot: longitude + 180, 90 - latitude', () => {
  expect(pathOf([[[-180, 90], [0, 0], [120.15, 30.27]]])).toBe('M0.0 0.0L180.0 90.0L300.1 59.7Z');
});

test('the view holds Tromsø and Ushuaia', () => {
  const [x, y, width, height] = VIEW.split(' ').map(Number) as [number, number, number, number];
  for (const [longitude, latitude] of [[18.9, 69.6], [-68.3, -54.8]] as const) {
    expect(longitude + 180).toBeGreaterThan(x);
    expect(longitude + 180).toBeLessThan(x + width);
    expect(90 - latitude).toBeGreaterThan(y);
    expect(90 - latitude).toBeLessThan(y + height);
  }
});
