import type { HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { beforeEach, expect, it, vi } from 'vitest';
import { EarlyAnswers } from './early_answers';
import { loaderOver } from './early_loader';
import { LossyRequest } from './lossy_requests';

const plain = vi.hoisted(() => ({ loads: [] as { context: LoaderContext; callbacks: LoaderCallbacks<LoaderContext> }[], aborted: 0 }));

vi.mock('hls.js', () => ({
  default: {
    DefaultConfig: {
      loader: class {
        stats = { loading: { start: 0 }, loaded: 0, total: 0 };
        load(context: LoaderContext, _config: unknown, callbacks: LoaderCallbacks<LoaderContext>): void {
          if (this.stats.loading.start) throw new Error('Loader can only be used once.');
          plain.loads.push({ context, callbacks });
        }
        abort(): void {
          plain.aborted += 1;
        }
        destroy(): void {}
      },
    },
  },
}));

const part = { url: '7.1.m4s', responseType: 'arraybuffer' } as LoaderContext;
const callbacks = (): LoaderCallbacks<LoaderContext> => ({ onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn() });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
const loader = (early: EarlyAnswers, change?: (text: string) => string) => new (loaderOver(early, change))({} as HlsConfig);
const nothing = {} as LoaderConfiguration;

beforeEach(() => {
  plain.loads = [];
  plain.aborted = 0;
  LossyRequest.sent = [];
  vi.stubGlobal('XMLHttpRequest', LossyRequest);
});

it('delivers a part that came before hls.js asked', async () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  LossyRequest.to('7.1.m4s').answer('part');
  const heard = callbacks();
  loader(early).load(part, nothing, heard);
  await settled();
  expect(heard.onSuccess).toHaveBeenCalledOnce();
  expect(plain.loads).toHaveLength(0);
});

it('counts only the bytes own time as loading, not the wait for the part to exist', async () => {
  const early = new EarlyAnswers();
  const one = loader(early);
  early.ask('7.1.m4s');
  const heard = callbacks();
  one.load(part, nothing, heard);
  await new Promise((done) => setTimeout(done, 30));
  LossyRequest.to('7.1.m4s').answer('part');
  await settled();
  expect(one.stats.loading.end - one.stats.loading.start).toBeLessThan(20);
});

it('asks in the plain way for what nobody has asked for, for ranges, and for what was refused', async () => {
  const early = new EarlyAnswers();
  loader(early).load(part, nothing, callbacks());
  early.ask('7.1.m4s');
  loader(early).load({ ...part, rangeStart: 0, rangeEnd: 9 }, nothing, callbacks());
  loader(early).load(part, nothing, callbacks());
  LossyRequest.to('7.1.m4s').answer('', 500);
  await settled();
  expect(plain.loads).toHaveLength(3);
});

it('tells nobody of an answer that was given up', async () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  const heard = callbacks();
  const one = loader(early);
  one.load(part, nothing, heard);
  one.abort();
  await settled();
  expect(LossyRequest.to('7.1.m4s').aborted).toBe(true);
  expect(one.stats.aborted).toBe(true);
  expect(heard.onSuccess).not.toHaveBeenCalled();
  expect(plain.aborted).toBe(0);
});

it('changes a playlist whichever way it came', async () => {
  const early = new EarlyAnswers();
  early.ask('media.m3u8');
  LossyRequest.to('media.m3u8').answer('one');
  const [heard, later] = [callbacks(), callbacks()];
  const playlist = { url: 'media.m3u8', responseType: '' } as LoaderContext;
  loader(early, (text) => `${text}!`).load(playlist, nothing, heard);
  await settled();
  loader(early, (text) => `${text}!`).load(playlist, nothing, later);
  plain.loads[0]?.callbacks.onSuccess({ url: '', data: 'two' }, {} as never, playlist, null);
  expect(vi.mocked(heard.onSuccess).mock.calls[0]?.[0].data).toBe('one!');
  expect(vi.mocked(later.onSuccess).mock.calls[0]?.[0].data).toBe('two!');
});
