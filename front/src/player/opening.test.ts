import { describe, expect, it } from 'vitest';
import { backTo, firstVariant, neededFrom, opening, soundOf, startingAt } from './opening';

const playlist = `#EXTM3U
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,HOLD-BACK=3
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-14T08:00:00.000Z
#EXT-X-PART:DURATION=0.2,URI="7.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.2,URI="7.1.m4s"
#EXT-X-PART:DURATION=0.2,URI="7.2.m4s"
#EXT-X-PART:DURATION=0.2,URI="7.3.m4s"
#EXT-X-PART:DURATION=0.2,URI="7.4.m4s"
#EXTINF:1,
7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-14T08:00:01.000Z
#EXT-X-PART:DURATION=0.2,URI="8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.2,URI="8.1.m4s"
`;
const eight = Date.parse('2026-11-14T08:00:00Z') / 1000;

const multivariant = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="中文",LANGUAGE="zh-Hans",URI="../languages/zh-Hans/media.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Français",LANGUAGE="fr",URI="../languages/fr/media.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2880000,AVERAGE-BANDWIDTH=2080000,RESOLUTION=1280x720,AUDIO="sound"
720p/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=326400,AVERAGE-BANDWIDTH=256000,RESOLUTION=426x240,AUDIO="sound"
240p/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=80000,CODECS="mp4a.40.2",AUDIO="sound"
../languages/zh-Hans/media.m3u8
`;

describe('opening', () => {
  it('is the last picture that stands alone and is not nearer than the hold-back', () => {
    const found = opening(playlist);
    expect(found?.from).toBe(eight);
    expect(found?.back).toBeCloseTo(1.4);
    expect(found?.needed).toEqual(['init.mp4', '7.0.m4s', '7.1.m4s', '7.2.m4s', '7.3.m4s', '7.4.m4s', '8.0.m4s', '8.1.m4s']);
  });

  it('is the newest such picture once it is far enough from the end', () => {
    const longer = `${playlist}#EXT-X-PART:DURATION=0.2,URI="8.2.m4s"\n#EXT-X-PART:DURATION=0.2,URI="8.3.m4s"\n`;
    expect(opening(longer)?.from).toBe(eight + 1);
  });

  it('is unknown where no parts are listed', () => {
    expect(opening('#EXTM3U\n#EXTINF:1,\n7.m4s\n')).toBeNull();
    expect(backTo('#EXTM3U\n', eight)).toBeNull();
  });
});

it('needs of the sound what is heard from the picture on, wherever its playlist ends', () => {
  expect(neededFrom(playlist, eight + 0.95)).toEqual(['init.mp4', '7.4.m4s', '8.0.m4s', '8.1.m4s']);
});

it('counts back from the end to a moment of the programme', () => {
  expect(backTo(playlist, eight + 1)).toBeCloseTo(0.4);
});

it.each([
  [4e6, '720p/media.m3u8'],
  [1e6, '240p/media.m3u8'],
  [1e5, '240p/media.m3u8'],
])('begins for %d bits/s with %s', (line, address) => {
  expect(firstVariant(multivariant, line)).toBe(address);
});

it.each([
  ['fr', '../languages/fr/media.m3u8'],
  ['bm', '../languages/zh-Hans/media.m3u8'],
])('finds the sound of %s', (language, address) => {
  expect(soundOf(multivariant, language)).toBe(address);
});

describe('where a recording begins', () => {
  const recorded = '#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:2026-11-14T08:00:00.000Z\n#EXTINF:2,\n1.m4s\n#EXTINF:2.5,\n2.m4s\n';

  it.each([
    ['at the moment', 3.25, '3.250'],
    ['at its own beginning for a moment before it', -3600, '0.000'],
    ['just before its end for a moment after it', 3600, '3.500'],
  ])('is %s', (_name, after, place) => {
    const text = startingAt(recorded, eight + after);
    expect(text).toContain(`#EXTM3U\n#EXT-X-START:TIME-OFFSET=${place},PRECISE=YES\n`);
    expect(text.replace(/#EXT-X-START.*\n/, '')).toBe(recorded);
  });

  it('is left to the player without times', () => {
    expect(startingAt('#EXTM3U\n#EXTINF:2,\n1.m4s\n', eight)).not.toContain('START');
  });
});
