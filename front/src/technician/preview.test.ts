// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Preview } from './preview';

interface FakeHls {
  config: { pLoader: new (config: object) => { load: (context: object, config: object, callbacks: object) => void } };
  calls: string[];
  currentLevel: number;
  emit: (event: string, data?: object) => void;
}
const made = vi.hoisted(() => ({ all: [] as FakeHls[], answer: '' }));

vi.mock('hls.js', () => {
  class Loader {
    stats = {};
    load(context: object, _config: object, { onSuccess }: { onSuccess: (...all: unknown[]) => void }): void {
      onSuccess({ data: made.answer }, {}, context, null);
    }
  }
  class Hls implements FakeHls {
    static DefaultConfig = { loader: Loader };
    static Events = { MANIFEST_PARSED: 'parsed', ERROR: 'error' };
    static isSupported = (): boolean => true;
    calls: string[] = [];
    currentLevel = -1;
    private readonly heard = new Map<string, (event: string, data: object) => void>();
    constructor(readonly config: FakeHls['config']) {
      made.all.push(this);
    }
    on = (event: string, heard: (event: string, data: object) => void): void => void this.heard.set(event, heard);
    emit = (event: string, data: object = {}): void => this.heard.get(event)?.(event, data);
    loadSource = (address: string): void => void this.calls.push(address);
    attachMedia = (): void => undefined;
    destroy = (): void => void this.calls.push('destroy');
  }
  return { default: Hls };
});

let preview: Preview;

beforeEach(() => {
  made.all = [];
  vi.useFakeTimers();
  preview = new Preview(document.createElement('video'), 'http://media');
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a preview', () => {
  it('plays the smallest picture of what media names, and begins once', () => {
    preview.follow('/rooms/one/main/multivariant.m3u8');
    preview.follow('/rooms/one/main/multivariant.m3u8');
    expect(made.all.map(({ calls }) => calls)).toEqual([['http://media/rooms/one/main/multivariant.m3u8']]);
    made.all[0]?.emit('parsed');
    expect(made.all[0]?.currentLevel).toBe(0);
  });

  it('leaves the sound out of the playlist', () => {
    preview.follow('/one.m3u8');
    made.answer = '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",URI="fr.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=4x2,AUDIO="sound"\n240p.m3u8';
    const Loader = made.all[0]?.config.pLoader;
    const onSuccess = vi.fn();
    if (Loader) new Loader({}).load({ url: '/one.m3u8', type: 'manifest' }, {}, { onSuccess });
    const [{ data }] = onSuccess.mock.calls[0] as [{ data: string }];
    expect(data).toContain('240p.m3u8');
    expect(data).not.toContain('sound');
  });

  it('stops when media names nothing, and begins again with what it names then', () => {
    preview.follow('/one.m3u8');
    preview.follow(null);
    expect(made.all[0]?.calls).toContain('destroy');
    preview.follow('/two.m3u8');
    expect(made.all[1]?.calls).toEqual(['http://media/two.m3u8']);
  });

  it('tries again after a failure, but not what is no longer wanted', () => {
    preview.follow('/one.m3u8');
    made.all[0]?.emit('error', { fatal: false });
    vi.advanceTimersByTime(5000);
    expect(made.all).toHaveLength(1);
    made.all[0]?.emit('error', { fatal: true });
    vi.advanceTimersByTime(5000);
    expect(made.all).toHaveLength(2);
    made.all[1]?.emit('error', { fatal: true });
    preview.follow(null);
    vi.advanceTimersByTime(5000);
    expect(made.all).toHaveLength(2);
  });
});
