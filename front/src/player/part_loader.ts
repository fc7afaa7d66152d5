/**
 * Loads parts before they exist.
 *
 * A playlist names the next part in EXT-X-PRELOAD-HINT (RFC 8216bis, section 4.4.5.3); the origin holds the answer back
 * until that part is there. hls.js leaves hints alone, so that each part costs it a round trip after the playlist
 * that lists it. Here the hinted part is asked for at once, and hls.js is given that answer when it asks.
 */
import Hls from 'hls.js';
import type {
  FragmentLoaderContext,
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderStats,
} from 'hls.js';

interface Early {
  request: XMLHttpRequest;
  firstByte: number;
  end: number;
  waiting: ((early: Early) => void) | null;
}

/** More hints than renditions played at once are never open. */
const MOST = 6;
/** A hint that nobody has come for after this many milliseconds is dropped. */
const STALE = 8000;

/** The hinted parts under way, by address. */
export class EarlyParts {
  private readonly parts = new Map<string, Early>();

  ask(address: string): void {
    if (this.parts.has(address) || this.parts.size >= MOST) return;
    const request = new XMLHttpRequest();
    const early: Early = { request, firstByte: 0, end: 0, waiting: null };
    request.open('GET', address);
    request.withCredentials = true;
    request.responseType = 'arraybuffer';
    request.timeout = STALE;
    request.onreadystatechange = () => {
      if (request.readyState === XMLHttpRequest.HEADERS_RECEIVED) early.firstByte = performance.now();
    };
    request.onloadend = () => {
      early.end = performance.now();
      early.waiting?.(early);
      // One that nobody came for (the player has moved on) makes room.
      window.setTimeout(() => this.parts.get(address) === early && this.parts.delete(address), STALE);
    };
    this.parts.set(address, early);
    request.send();
  }

  /** The part, which then belongs to the caller; undefined when it was not asked for or has failed. */
  take(address: string): Early | undefined {
    const early = this.parts.get(address);
    this.parts.delete(address);
    const failed = early?.request.readyState === XMLHttpRequest.DONE && early.request.status !== 200;
    return failed ? undefined : early;
  }

  clear(): void {
    for (const early of this.parts.values()) early.request.abort();
    this.parts.clear();
  }
}

/** The loader class that hls.js shall use for fragments and parts, taking from `parts` what is there. */
export function loaderOver(parts: EarlyParts): new (config: HlsConfig) => Loader<FragmentLoaderContext> {
  const Plain = Hls.DefaultConfig.loader as unknown as new (config: HlsConfig) => Loader<FragmentLoaderContext>;

  return class PartLoader implements Loader<FragmentLoaderContext> {
    private readonly plain: Loader<FragmentLoaderContext>;
    private early: Early | null = null;
    context: FragmentLoaderContext | null = null;
    stats: LoaderStats;

    constructor(config: HlsConfig) {
      this.plain = new Plain(config);
      this.stats = this.plain.stats;
    }

    load(
      context: FragmentLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      this.context = context;
      const early = context.rangeEnd ? undefined : parts.take(context.url);
      if (early === undefined) {
        this.plain.load(context, config, callbacks);
        return;
      }
      this.early = early;
      this.stats.loading.start = performance.now();
      const finish = (done: Early): void => {
        if (this.early !== done) return;
        this.early = null;
        if (done.request.status === 200) this.deliver(done, context, callbacks);
        else this.plain.load(context, config, callbacks);
      };
      if (early.request.readyState === XMLHttpRequest.DONE) queueMicrotask(() => finish(early));
      else early.waiting = finish;
    }

    private deliver(
      early: Early,
      context: FragmentLoaderContext,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      const data = early.request.response as ArrayBuffer;
      const { stats } = this;
      // The wait for the part to exist says nothing of the line: only its bytes' own time counts as loading.
      stats.loading.start = early.firstByte;
      stats.loading.first = early.firstByte;
      stats.loading.end = early.end;
      stats.loaded = data.byteLength;
      stats.total = data.byteLength;
      stats.bwEstimate = (data.byteLength * 8000) / Math.max(1, early.end - early.firstByte);
      callbacks.onProgress?.(stats, context, data, early.request);
      callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, early.request);
    }

    abort(): void {
      if (this.early) {
        this.early.request.abort();
        this.early = null;
        this.stats.aborted = true;
      } else this.plain.abort();
    }

    destroy(): void {
      this.early?.request.abort();
      this.early = null;
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
