import { expect, test } from 'vitest';
import { pathOf, VIEW } from '../world_map';

test('a place is where the page puts its dot: longitude + 180, 90 - latitude', () => {
  expect(pathOf([[[-179, 89], [0, 0], [120.15, 30.27]]])).toBe('M1.0 1.0L180.0 90.0L300.1 59.7Z');
});

test('an island over the antimeridian lies at both edges, and nothing crosses the map', () => {
  const path = pathOf([[[179, 0], [-179, 0], [-179, 1], [179, 1]]]);
  expect(path).toBe('M359.0 90.0L361.0 90.0L361.0 89.0L359.0 89.0ZM-1.0 90.0L1.0 90.0L1.0 89.0L-1.0 89.0Z');
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
