/**
 * What hls.js is going to ask for, one after the other. Asked for at the same time it costs one round trip, where each part
 * of a fifth of a second would cost one of its own: more than a line from far away has time for.
 */
import type { Fragment, LevelDetails, Part } from 'hls.js';

/** So much is asked for at once. */
const [PARTS, SEGMENTS] = [6, 2];

/** Addresses. `bufferedEnd`: media time up to which playback can go on, seconds. */
export function coming({ preloadHint, partList, fragments, url }: LevelDetails, bySegments: boolean, bufferedEnd: number): string[] {
  const open = ({ stats }: Part | Fragment): boolean => stats.loading.start === 0;
  if (bySegments) {
    return fragments.filter((one) => one.start >= bufferedEnd && open(one)).slice(0, SEGMENTS).map((one) => one.url);
  }
  // Loading goes on after what is buffered, and begins with a part that stands alone.
  const parts = partList ?? [];
  const first = Math.max(0, parts.findLastIndex(({ independent, start }) => independent && start <= bufferedEnd));
  const listed = parts.slice(first).filter(open).slice(0, PARTS);
  const init = fragments.at(-1)?.initSegment;
  const wanted = [...(init?.url && open(init) ? [init.url] : []), ...listed.map((part) => part.url)];
  const hint = preloadHint?.['TYPE'] === 'PART' ? preloadHint['URI'] : undefined;
  return hint ? [...wanted, new URL(hint, url).href] : wanted;
}
