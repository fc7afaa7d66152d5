/** How hls.js is set up for our rooms. */
import type { HlsConfig, LoaderConfig, LoaderResponse, RetryConfig } from 'hls.js';
import { only, type Content } from './manifest';
import type { EarlyAnswers } from './early_answers';
import { loaderOver, type Change } from './early_loader';
import type { Share } from './line_meter';
import { choiceBy } from './quality_choice';

/** A server that is gone or overloaded is asked again for ever; one that refuses (4xx) is not. */
const retry = (delay: number, most: number): RetryConfig => ({
  maxNumRetry: Number.MAX_SAFE_INTEGER,
  retryDelayMs: delay,
  maxRetryDelayMs: most,
  backoff: 'linear',
  shouldRetry: (_config, _count, isTimeout, response: LoaderResponse | undefined) => {
    const status = response?.code ?? 0;
    return isTimeout || status === 0 || status === 429 || status >= 500;
  },
});

const policy = (firstByte: number, all: number): LoaderConfig => ({
  maxTimeToFirstByteMs: firstByte,
  maxLoadTimeMs: all,
  timeoutRetry: retry(0, 0),
  errorRetry: retry(250, 1000),
});

export interface Wish {
  content: Content;
  live: boolean;
  /** The language to begin with, or null for the floor. */
  language: string | null;
  /** What the line is thought to carry, bits/s. */
  line: number;
  /** Lines of the quality chosen by hand, null for automatic. */
  height: number | null;
  /** A small picture needs no large rung. */
  small: boolean;
  /** Media time to begin at, seconds; null: where the playlist says (live), or at the start. */
  startAt: number | null;
  /** Moment of the programme to begin at, seconds since 1970; null: live, at the picture that is soonest on the screen. */
  moment: number | null;
}

/**
 * The configuration of one Hls instance, which takes from `early` what is there, reads its playlists as `aimed` gives them,
 * and chooses the quality by its `share` of the line.
 */
export function settings(wish: Wish, early: EarlyAnswers, share: Share, aimed: (playlist: string) => string): Partial<HlsConfig> {
  const change: Change = (text, { type }) => {
    if (type === 'manifest') return only(wish.content, text);
    return type === 'level' ? aimed(text) : text;
  };
  return {
    // Moving CMAF about is little work, and a worker would cost a round trip at the start.
    enableWorker: false,
    lowLatencyMode: wish.live,
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,
    startPosition: wish.startAt ?? (wish.live || wish.moment !== null ? -1 : 0),
    startFragPrefetch: true,
    testBandwidth: false,
    abrEwmaDefaultEstimate: wish.line,
    abrController: choiceBy(share),
    abrBandWidthFactor: 1.2,
    abrBandWidthUpFactor: 0.8,
    capLevelToPlayerSize: wish.small,
    // Live, the browser itself lets old pictures go. hls.js' own flush, when it falls between two parts of a segment,
    // makes its fragment tracker forget that segment, and loading stands still at the segment's end.
    backBufferLength: wish.live ? Infinity : 30,
    maxBufferLength: wish.live ? 30 : 20,
    enableDateRangeMetadataCues: false,
    enableEmsgMetadataCues: false,
    enableID3MetadataCues: false,
    ...(wish.language === null ? {} : { audioPreference: { lang: wish.language } }),
    xhrSetup: (request) => {
      request.withCredentials = true;
    },
    pLoader: loaderOver(early, change) as unknown as NonNullable<HlsConfig['pLoader']>,
    fLoader: loaderOver(early) as unknown as NonNullable<HlsConfig['fLoader']>,
    manifestLoadPolicy: { default: policy(8000, 15000) },
    playlistLoadPolicy: { default: policy(5000, 10000) },
    fragLoadPolicy: { default: policy(6000, 60000) },
  };
}
