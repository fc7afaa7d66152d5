import { describe, expect, it } from 'vitest';
import { only } from './manifest';

const playlist = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="中文",LANGUAGE="zh-Hans",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="../languages/zh-Hans/media.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1700000,AVERAGE-BANDWIDTH=1500000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="sound"
720p/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=96000,AVERAGE-BANDWIDTH=96000,CODECS="mp4a.40.2",AUDIO="sound"
../languages/zh-Hans/media.m3u8
`;

describe('a multivariant playlist', () => {
  it('stays as it is for picture and sound', () => {
    expect(only('full', playlist)).toBe(playlist);
  });

  it('loses every trace of sound for a second picture', () => {
    const cut = only('picture', playlist);
    expect(cut).not.toMatch(/mp4a|AUDIO|languages/);
    expect(cut).toContain('CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=30.000\n720p/media.m3u8');
    expect(cut).toContain('#EXT-X-INDEPENDENT-SEGMENTS');
  });

  it('keeps every language and no picture for sound only', () => {
    const cut = only('sound', playlist);
    expect(cut).not.toMatch(/avc1|720p/);
    expect(cut).toContain('NAME="中文"');
    expect(cut).toContain('CODECS="mp4a.40.2",AUDIO="sound"\n../languages/zh-Hans/media.m3u8');
  });
});
