/** Where playback of a live playlist begins, and what must be there for its first picture. Pure text in, text out. */

/** A video that begins at its very end has ended, seconds. */
const BEFORE_END = 1;

export interface Opening {
  /** The moment of the programme at which to begin, seconds since 1970. */
  from: number;
  /** From the playlist's end back to that moment, seconds. */
  back: number;
  /** Addresses as the playlist names them: initialisation, then parts. */
  needed: string[];
}

/** From the last part that stands alone and begins no nearer to the end than the hold-back; null without one. */
export function opening(playlist: string): Opening | null {
  const parts = partsOf(playlist);
  const holdBack = Number(attribute(playlist, 'PART-HOLD-BACK'));
  const first = parts.findLast(({ alone, left }) => alone && left >= holdBack);
  return first === undefined ? null : { from: first.begins, back: first.left, needed: neededFrom(playlist, first.begins) };
}

/** Seconds from a moment of the programme (seconds since 1970) to the playlist's end; null when it lists no parts. */
export function backTo(playlist: string, moment: number): number | null {
  const end = partsOf(playlist).at(-1)?.ends;
  return end === undefined ? null : end - moment;
}

/**
 * A recording's playlist that says itself where to begin (EXT-X-START): at a moment of the programme, seconds since 1970,
 * or as near to it as the recording comes. Its views need not have begun at the same moment.
 */
export function startingAt(playlist: string, moment: number): string {
  const [, date = ''] = playlist.match(/^#EXT-X-PROGRAM-DATE-TIME:(.+)$/m) ?? [];
  const began = Date.parse(date) / 1000;
  if (Number.isNaN(began)) return playlist;
  const seconds = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)].reduce((sum, [, length]) => sum + Number(length), 0);
  const place = Math.max(0, Math.min(moment - began, seconds - BEFORE_END));
  return playlist.replace('#EXTM3U\n', `#EXTM3U\n#EXT-X-START:TIME-OFFSET=${place.toFixed(3)},PRECISE=YES\n`);
}

/** What must be loaded to play from a moment of the programme (seconds since 1970) to the playlist's end. */
export function neededFrom(playlist: string, moment: number): string[] {
  const init = attribute(playlist.match(/^#EXT-X-MAP:.*$/gm)?.at(-1) ?? '', 'URI');
  const parts = partsOf(playlist).filter(({ ends }) => ends > moment);
  return [...(init === null ? [] : [init]), ...parts.map(({ uri }) => uri)];
}

interface Part {
  uri: string;
  begins: number;
  ends: number;
  /** From its beginning to the playlist's end, seconds. */
  left: number;
  alone: boolean;
}

function partsOf(playlist: string): Part[] {
  const parts: Part[] = [];
  let at = Number.NaN;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) at = Date.parse(line.slice(25)) / 1000;
    if (!line.startsWith('#EXT-X-PART:')) continue;
    const ends = at + Number(attribute(line, 'DURATION'));
    parts.push({ uri: attribute(line, 'URI') ?? '', begins: at, ends, left: 0, alone: line.includes('INDEPENDENT=YES') });
    at = ends;
  }
  const end = parts.at(-1)?.ends ?? 0;
  return parts.map((part) => ({ ...part, left: end - part.begins }));
}

/** Address of the variant to begin with: the best with a picture for a line of so many bits/s, else the least. */
export function firstVariant(multivariant: string, line: number): string | null {
  const variants = [...multivariant.matchAll(/^(#EXT-X-STREAM-INF:.*RESOLUTION=.*)\n(.+)$/gm)]
    .map(([, tag = '', address = '']) => ({ address, bits: Number(attribute(tag, 'BANDWIDTH')) }))
    .sort((one, other) => one.bits - other.bits);
  return (variants.findLast(({ bits }) => bits <= line) ?? variants[0])?.address ?? null;
}

/** Address of a language's playlist, of the first one where there is none such. */
export function soundOf(multivariant: string, language: string | null): string | null {
  const sounds = multivariant.match(/^#EXT-X-MEDIA:TYPE=AUDIO.*$/gm) ?? [];
  const chosen = sounds.find((sound) => attribute(sound, 'LANGUAGE') === language) ?? sounds[0];
  return chosen === undefined ? null : attribute(chosen, 'URI');
}

function attribute(text: string, name: string): string | null {
  const [, quoted, plain] = text.match(new RegExp(`[:,]${name}=(?:"([^"]*)"|([^,\\n]*))`)) ?? [];
  return quoted ?? plain ?? null;
}
