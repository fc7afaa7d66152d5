/**
 * Draws the coasts of the world once, at build time, for the alliance's map: nobody's tiles are asked for.
 *
 * Natural Earth's land (public domain, in world-atlas) by the plain equirectangular projection: x is the longitude + 180,
 * y is 90 - the latitude, degrees; so pages place their dots without knowing more.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import type { Plugin } from 'vite';

/** Without the ice in the south, where no hospital is. */
export const VIEW = '0 6 360 142';
const LAND = fileURLToPath(new URL('./node_modules/world-atlas/land-110m.json', import.meta.url));

type Ring = readonly (readonly number[])[];

/** One path, in tenths of a degree: finer than a pixel on the widest page. */
export function pathOf(rings: readonly Ring[]): string {
  const place = ([longitude = 0, latitude = 0]: readonly number[]): string =>
    `${(longitude + 180).toFixed(1)} ${(90 - latitude).toFixed(1)}`;
  return rings.flatMap(bothSides).map((ring) => `M${ring.map(place).join('L')}Z`).join('');
}

/** A coast over the antimeridian lies at both edges of the map: once without its jump there, and once a turn further. */
function bothSides(ring: Ring): Ring[] {
  let [turn, before] = [0, ring[0]?.[0] ?? 0];
  const whole = ring.map(([longitude = 0, latitude = 0]) => {
    if (Math.abs(longitude - before) > 180) turn += longitude < before ? 360 : -360;
    before = longitude;
    return [longitude + turn, latitude] as const;
  });
  return [0, 360, -360]
    .map((shift) => whole.map(([longitude, latitude]) => [longitude + shift, latitude]))
    .filter((shifted) => shifted.some(([longitude = 0]) => Math.abs(longitude) < 180));
}

function rings(): Ring[] {
  const world = JSON.parse(readFileSync(LAND, 'utf8')) as Topology;
  const land = feature(world, world.objects['land']!);
  const shapes = land.type === 'FeatureCollection' ? land.features : [land];
  return shapes.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
    return geometry.type === 'Polygon' ? geometry.coordinates : [];
  });
}

export function worldMap(): Plugin {
  return {
    name: 'amphitheatre-world-map',
    apply: 'build',
    generateBundle() {
      const land = `<path fill="#0b7a68" fill-opacity=".22" d="${pathOf(rings())}"/>`;
      const source = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${VIEW}">${land}</svg>\n`;
      this.emitFile({ type: 'asset', fileName: 'world.svg', source });
    },
  };
}
