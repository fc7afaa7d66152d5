/**
 * Cuts a multivariant playlist down to what one element shall play. Pure text in, text out.
 *
 * A second picture plays without sound: HTTP/1.1 gives a browser six connections to a host, and sound with
 * picture takes four of them.
 */

export type Content = 'full' | 'picture' | 'sound';

const isSound = (line: string): boolean => /^#EXT-X-MEDIA:.*\bTYPE=AUDIO\b/.test(line);
const hasPicture = (line: string): boolean => /[:,]RESOLUTION=/.test(line) || /CODECS="[^"]*(avc|hvc|hev|av01|vp09)/.test(line);

const withoutSoundAttributes = (line: string): string =>
  line
    .replace(/,AUDIO="[^"]*"/, '')
    .replace(/CODECS="([^"]*)"/, (_all, codecs: string) => {
      const left = codecs.split(',').filter((codec) => !/^\s*(mp4a|opus|ac-3|ec-3)/.test(codec));
      return `CODECS="${left.join(',')}"`;
    });

/** The playlist with only the variants and renditions that `content` needs. */
export function only(content: Content, playlist: string): string {
  if (content === 'full') return playlist;
  const kept: string[] = [];
  const lines = playlist.split('\n');
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place] ?? '';
    if (!line.startsWith('#EXT-X-STREAM-INF:')) {
      if (content === 'sound' || !isSound(line)) kept.push(line);
      continue;
    }
    const address = lines[place + 1] ?? '';
    place += 1;
    if (hasPicture(line) !== (content === 'picture')) continue;
    kept.push(content === 'picture' ? withoutSoundAttributes(line) : line, address);
  }
  return kept.join('\n');
}
