/**
 * hls.js' loader, with early answers where there are some, and playlists changed before hls.js reads them.
 *
 * A playlist names the next part in EXT-X-PRELOAD-HINT (RFC 8216bis, section 4.4.5.3); the origin holds the answer back
 * until that part is there. hls.js leaves hints alone, so that each part costs it a round trip after the playlist
 * that lists it. Here the hinted part is asked for at once, and hls.js is given that answer when it asks.
 */
import Hls from 'hls.js';
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext, LoaderStats } from 'hls.js';
import { type EarlyAnswer, type EarlyAnswers, textOf, whenDone } from './early_answers';

/** Changes what was loaded; `context.type` is `manifest`, `level` or `audioTrack` for playlists. */
export type Change = (text: string, context: LoaderContext) => string;
type LoaderClass = new (config: HlsConfig) => Loader<LoaderContext>;

export function loaderOver(early: EarlyAnswers, change: Change = (text) => text): LoaderClass {
  const Plain = Hls.DefaultConfig.loader as unknown as LoaderClass;

  return class EarlyLoader implements Loader<LoaderContext> {
    private readonly plain: Loader<LoaderContext>;
    private awaited: EarlyAnswer | null = null;
    context: LoaderContext | null = null;
    stats: LoaderStats;

    constructor(config: HlsConfig) {
      this.plain = new Plain(config);
      this.stats = this.plain.stats;
    }

    load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.context = context;
      const plainly = (): void =>
        this.plain.load(context, config, {
          ...callbacks,
          onSuccess: (response, stats, asked, details) => {
            const { data } = response;
            const changed = typeof data === 'string' ? { ...response, data: change(data, asked) } : response;
            callbacks.onSuccess(changed, stats, asked, details);
          },
        });
      const answer = context.rangeEnd ? undefined : early.take(context.url);
      if (answer === undefined) {
        plainly();
        return;
      }
      this.awaited = answer;
      this.stats.loading.start = performance.now();
      whenDone(answer, () => {
        if (this.awaited !== answer) return;
        this.awaited = null;
        if (answer.request.status === 200) this.deliver(answer, context, callbacks);
        else {
          this.stats.loading.start = 0; // hls.js' loader takes a start for a second use of it, and refuses that
          plainly();
        }
      });
    }

    private deliver(answer: EarlyAnswer, context: LoaderContext, callbacks: LoaderCallbacks<LoaderContext>): void {
      const { stats } = this;
      const { request, firstByte, end } = answer;
      const bytes = request.response as ArrayBuffer;
      // The wait for the part to exist says nothing of the line: only its bytes' own time counts as loading.
      stats.loading.start = firstByte;
      stats.loading.first = firstByte;
      stats.loading.end = end;
      stats.loaded = bytes.byteLength;
      stats.total = bytes.byteLength;
      stats.bwEstimate = (bytes.byteLength * 8000) / Math.max(1, end - firstByte);
      const data = context.responseType === 'arraybuffer' ? bytes : change(textOf(answer), context);
      callbacks.onProgress?.(stats, context, data, request);
      callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, request);
    }

    abort(): void {
      if (this.awaited) {
        this.awaited.request.abort();
        this.awaited = null;
        this.stats.aborted = true;
      } else this.plain.abort();
    }

    destroy(): void {
      this.awaited?.request.abort();
      this.awaited = null;
      this.plain.destroy();
    }

    getCacheAge(): number | null {
      return this.plain.getCacheAge?.() ?? null;
    }

    getResponseHeader(name: string): string | null {
      return this.plain.getResponseHeader?.(name) ?? null;
    }
  };
}
