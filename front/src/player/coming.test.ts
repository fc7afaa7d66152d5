import type { LevelDetails } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { coming } from './coming';

const LENGTH = 0.2;
const unit = (url: string, start: number, asked: boolean): object => ({ url, start, stats: { loading: { start: asked ? 1 : 0 } } });

/** A playlist of two segments, the second of them in parts; `asked`: how many of the parts hls.js has begun to load. */
const listed = (asked: number, parts = 5, init = true): LevelDetails => ({
  url: 'http://media/main/720p/media.m3u8',
  preloadHint: { TYPE: 'PART', URI: `12.${parts}.m4s` },
  fragments: ['10.m4s', '11.m4s'].map((url, index) => ({
    ...unit(url, index, false), initSegment: unit('init.mp4', 0, init),
  })),
  partList: Array.from({ length: parts }, (_none, index) => ({
    ...unit(`12.${index}.m4s`, 2 + index * LENGTH, index < asked), independent: index === 0,
  })),
}) as unknown as LevelDetails;

const HINT = 'http://media/main/720p/12.5.m4s';

describe('near the edge', () => {
  it('it is the next part, before it exists', () => {
    expect(coming(listed(5), false, 3)).toEqual([HINT]);
  });

  it('and parts that were told of together with it', () => {
    expect(coming(listed(3), false, 2.6)).toEqual(['12.3.m4s', '12.4.m4s', HINT]);
  });

  it('and after a change of quality all from the last part that stands alone, with the initialisation', () => {
    const all = [0, 1, 2, 3, 4].map((part) => `12.${part}.m4s`);
    expect(coming(listed(0, 5, false), false, 2.5)).toEqual(['init.mp4', ...all, HINT]);
  });

  it('and never more than a line should be given at once', () => {
    expect(coming(listed(0, 20), false, 2)).toHaveLength(7);
  });
});

it('further back it is whole segments', () => {
  expect(coming(listed(0), true, 0)).toEqual(['10.m4s', '11.m4s']);
  expect(coming(listed(0), true, 0.9)).toEqual(['11.m4s']);
});
