// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineMeter } from './line_meter';
import { HlsPlayback } from './playback';
import type { Wish } from './settings';

const made = vi.hoisted(() => ({ all: [] as FakeHls[] }));
type Heard = (event: string, data: unknown) => void;

interface FakeHls {
  config: { pLoader?: unknown; audioPreference?: { lang: string } };
  levels: { height: number; bitrate: number }[];
  audioTracks: { id: number; lang: string }[];
  audioTrack: number;
  nextAudioTrack: number;
  startLevel: number;
  loadLevel: number;
  targetLatency: number | null;
  calls: string[];
  emit: (event: string, data?: unknown) => void;
}

vi.mock('hls.js', () => {
  class Hls implements FakeHls {
    static DefaultConfig = { loader: class {}, abrController: class {} };
    static Events = new Proxy({}, { get: (_all, name) => name });
    static ErrorTypes = { MEDIA_ERROR: 'media', NETWORK_ERROR: 'network' };
    static isSupported = (): boolean => true;
    levels = [{ height: 240, bitrate: 3e5 }, { height: 480, bitrate: 1.2e6 }, { height: 720, bitrate: 2.9e6 }];
    audioTracks = [{ id: 0, lang: 'zh-Hans' }, { id: 1, lang: 'fr' }];
    audioTrack = 0;
    nextAudioTrack = 0;
    startLevel = -1;
    loadLevel = -1;
    targetLatency: number | null = null;
    calls: string[] = [];
    private readonly heard: [string, Heard][] = [];
    constructor(readonly config: object) {
      made.all.push(this);
    }
    get allAudioTracks(): { id: number; lang: string }[] {
      return this.audioTracks;
    }
    on = (event: string, heard: Heard): void => void this.heard.push([event, heard]);
    emit = (event: string, data: unknown = {}): void => {
      for (const [name, heard] of this.heard) if (name === event) heard(event, data);
    };
    loadSource = (address: string): void => void this.calls.push(`load ${address}`);
    attachMedia = (): void => void this.calls.push('attach');
    startLoad = (): void => void this.calls.push('startLoad');
    recoverMediaError = (): void => void this.calls.push('recover');
    destroy = (): void => void this.calls.push('destroy');
  }
  return { default: Hls };
});

const wish: Wish = {
  content: 'full', live: true, language: 'fr', line: 2e6, height: null, small: false, startAt: null, moment: null,
};
const events = { onDenied: vi.fn(), onMissing: vi.fn(), onWaiting: vi.fn(), onTracks: vi.fn() };
let video: HTMLVideoElement;
const hls = (): FakeHls => made.all.at(-1) as FakeHls;

function started(changes: Partial<Wish> = {}): HlsPlayback {
  const playback = new HlsPlayback(video, 'http://media/multivariant.m3u8', { ...wish, ...changes }, events, new LineMeter(2e6).share(() => 0));
  playback.start();
  return playback;
}

const fails = (type: string, code = 0): void => hls().emit('ERROR', { fatal: true, type, response: { code } });

beforeEach(() => {
  made.all = [];
  for (const event of Object.values(events)) event.mockReset();
  vi.useFakeTimers();
  video = document.createElement('video');
  Object.defineProperty(video, 'paused', { value: false });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a playback', () => {
  it('begins with the best quality for the line, or with the one chosen by hand', () => {
    started();
    hls().emit('MANIFEST_PARSED');
    expect([hls().startLevel, hls().loadLevel]).toEqual([1, -1]);
    started({ height: 240 });
    hls().emit('MANIFEST_PARSED');
    expect([hls().startLevel, hls().loadLevel]).toEqual([0, 0]);
  });

  it.each([
    [401, 'onDenied'],
    [403, 'onDenied'],
    [404, 'onMissing'],
    [410, 'onMissing'],
  ] as const)('tells of a %d', (code, event) => {
    started();
    fails('network', code);
    expect(events[event]).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    expect(hls().calls).not.toContain('startLoad');
  });

  it('tries again after a broken line, later each time, and never gives up', () => {
    started();
    for (let turn = 1; turn <= 10; turn += 1) {
      fails('network');
      vi.advanceTimersByTime(turn < 4 ? 1000 : 2000);
      expect(hls().calls.filter((call) => call === 'startLoad')).toHaveLength(turn);
    }
  });

  it('asks for everything anew when not even the first playlist has come', () => {
    started();
    hls().levels = [];
    fails('network');
    vi.advanceTimersByTime(1000);
    expect(made.all).toHaveLength(2);
    expect(made.all[0]?.calls).toContain('destroy');
  });

  it('mends a media error once, and builds everything anew if that was not enough', () => {
    started();
    fails('media');
    expect(hls().calls).toContain('recover');
    fails('media');
    vi.advanceTimersByTime(1000);
    expect(made.all).toHaveLength(2);
  });

  it('does nothing more once it is destroyed', () => {
    const playback = started();
    fails('network');
    playback.destroy();
    vi.advanceTimersByTime(60_000);
    video.dispatchEvent(new Event('waiting'));
    expect(made.all).toHaveLength(1);
    expect(hls().calls).not.toContain('startLoad');
    expect(playback.stalls).toBe(0);
  });

  it('counts a wait as a stall only after the first picture, and once until it plays', () => {
    const playback = started();
    video.dispatchEvent(new Event('waiting'));
    expect(playback.stalls).toBe(0);
    playback.shown = true;
    video.dispatchEvent(new Event('waiting'));
    video.dispatchEvent(new Event('waiting'));
    expect(playback.stalls).toBe(1);
    video.dispatchEvent(new Event('playing'));
    expect(events.onWaiting.mock.calls).toEqual([[true], [false]]);
  });

  it('begins with the language that was chosen while its tracks were still on their way', () => {
    const playback = started();
    hls().audioTracks = [];
    playback.language = 'bm';
    expect(hls().config.audioPreference).toEqual({ lang: 'bm' });
    expect(hls().nextAudioTrack).toBe(0);
  });

  it('changes to a language that there is, and asks for nothing when it is heard already', () => {
    const playback = started();
    playback.language = 'bm';
    expect(hls().nextAudioTrack).toBe(0);
    playback.language = 'fr';
    expect(hls().nextAudioTrack).toBe(1);
    expect(playback.wish.language).toBe('fr');
  });
});
