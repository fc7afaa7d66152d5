/**
 * Builds hls.js from its own sources with only what our playlists use.
 *
 * Its ready-made full bundle alone weighs more (190 kB gzipped) than a whole first load may (150 kB);
 * its light one can't switch languages. Ours has alternate sound, low latency and CMAF, and leaves out
 * subtitles, DRM, interstitials, MPEG-TS and the rest.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const { version } = JSON.parse(readFileSync(path('./node_modules/hls.js/package.json'), 'utf8')) as {
  version: string;
};

/** The switches hls.js' sources read at build time. */
export const hlsSwitches: Record<string, string> = {
  __VERSION__: JSON.stringify(version),
  __USE_ALT_AUDIO__: 'true',
  __USE_MEDIA_CAPABILITIES__: 'false',
  __USE_SUBTITLES__: 'false',
  __USE_EME_DRM__: 'false',
  __USE_CMCD__: 'false',
  __USE_CONTENT_STEERING__: 'false',
  __USE_VARIABLE_SUBSTITUTION__: 'false',
  __USE_M2TS_ADVANCED_CODECS__: 'false',
  __USE_INTERSTITIALS__: 'false',
  __USE_IFRAMES__: 'false',
  __IN_WORKER__: 'false',
  __HLS_WORKER_BUNDLE__: 'undefined',
};

export const hlsSource = {
  find: /^hls\.js$/,
  replacement: path('./node_modules/hls.js/src/hls.ts'),
};

const nothing = 'export default undefined;';
const noSuchFormat = 'export default class { static probe() { return false; } }';

/** What stands in the place of a module that is left out: it is behind a switch that is off, or reads a format we never send. */
const absent: Record<string, string> = {
  'cmcd-controller': nothing,
  'content-steering-controller': nothing,
  'eme-controller': nothing,
  'iframe-controller': 'export const IFrameController = undefined;',
  'interstitials-controller': nothing,
  'subtitle-stream-controller': 'export const SubtitleStreamController = undefined;',
  'subtitle-track-controller': nothing,
  'timeline-controller': 'export const TimelineController = undefined;',
  'ac3-demuxer': 'export const AC3Demuxer = undefined;',
  aacdemuxer: noSuchFormat,
  mp3demuxer: noSuchFormat,
  tsdemuxer: noSuchFormat,
};

/** The build step that leaves them out. */
export function leaveOut(): Plugin {
  const marker = '\0left-out:';
  return {
    name: 'amphitheatre-hls-leave-out',
    enforce: 'pre',
    resolveId(source, importer) {
      const name = source.split('/').at(-1) ?? '';
      return importer?.includes('hls.js/src') && name in absent ? marker + name : null;
    },
    load(id) {
      return id.startsWith(marker) ? (absent[id.slice(marker.length)] ?? null) : null;
    },
  };
}
