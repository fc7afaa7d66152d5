import { describe, expect, it } from 'vitest';
import type { SourceReport } from '../contract/room_state';
import { Words } from '../page/words';
import { figures } from './figures';

const words = new Words(
  {
    'frames-per-second': '{value} frames/s',
    seconds: '{value} s',
    loudness: '{value} LUFS',
    peak: '{value} dBFS',
    drift: '{value} ppm',
    hertz: '{value} kHz',
    stereo: 'stereo',
    channels: '{count} channels',
    'no-sound': 'none',
    interlaced: 'interlaced',
    'rate-megabits': '{value} Mbit/s',
  },
  'en',
);
const report = {
  source: 'views/main', state: 'live', protocol: 'srt', codec: 'h264', width: 1280, height: 720, interlaced: true,
  bitrate: 2_040_874, frame_rate: 29.97, keyframe_distance: 2, audio_codec: 'aac', sample_rate: 44100, channels: 2,
  loudness_momentary: -21.77, peak: -3.5, drift_ppm: null, late: 0, dropped: 1200, mended: 3, restarts: 0,
  black: false, frozen: false, silent: false, clipping: false, hints: [],
} as unknown as SourceReport;

describe('figures', () => {
  it('say what comes in as a technician would', () => {
    expect(figures(report, words)).toMatchObject({
      protocol: 'SRT',
      picture: '1280 × 720 · H264 · interlaced',
      'frame-rate': '30.0 frames/s',
      'keyframe-distance': '2.0 s',
      bitrate: '2.0 Mbit/s',
      sound: 'AAC · 44.1 kHz · stereo',
      dropped: '1,200',
    });
  });

  it('leave out what is not known yet', () => {
    expect(figures(report, words).drift).toBeUndefined();
  });

  it('say that a live picture has no sound', () => {
    expect(figures({ ...report, audio_codec: null, channels: null }, words).sound).toBe('none');
  });

  it('count channels beyond stereo', () => {
    expect(figures({ ...report, channels: 6 }, words).sound).toBe('AAC · 44.1 kHz · 6 channels');
  });
});
