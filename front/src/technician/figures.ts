/** A source's measurements as a technician reads them, by the names of the card's places. Pure. */
import type { SourceReport } from '../contract/room_state';
import type { Words } from '../page/words';

export function figures(report: SourceReport, words: Words): Record<string, string | undefined> {
  const value = (key: string, number: number | null | undefined, digits: number): string | undefined =>
    number === null || number === undefined ? undefined : words.say(key, { value: words.number(number, digits) });
  return {
    protocol: report.protocol?.toUpperCase(),
    picture: picture(report, words),
    'frame-rate': value('frames-per-second', report.frame_rate, 1),
    'keyframe-distance': value('seconds', report.keyframe_distance, 1),
    bitrate: report.bitrate === null ? undefined : words.rate(report.bitrate),
    loudness: value('loudness', report.loudness_momentary, 1),
    peak: value('peak', report.peak, 1),
    sound: sound(report, words),
    drift: value('drift', report.drift_ppm, 1),
    dropped: words.number(report.dropped, 0),
    mended: words.number(report.mended, 0),
    restarts: words.number(report.restarts, 0),
  };
}

function picture(report: SourceReport, words: Words): string | undefined {
  if (!report.width || !report.height) return undefined;
  const parts = [`${report.width} × ${report.height}`, report.codec?.toUpperCase() ?? ''];
  if (report.interlaced) parts.push(words.say('interlaced'));
  return parts.filter(Boolean).join(' · ');
}

function sound(report: SourceReport, words: Words): string | undefined {
  if (!report.audio_codec && !report.channels) return report.state === 'live' ? words.say('no-sound') : undefined;
  const parts = [report.audio_codec?.toUpperCase() ?? ''];
  if (report.sample_rate) parts.push(words.say('hertz', { value: words.number(report.sample_rate / 1000, 1) }));
  if (report.channels === 1) parts.push(words.say('mono'));
  else if (report.channels === 2) parts.push(words.say('stereo'));
  else if (report.channels) parts.push(words.say('channels', { count: words.number(report.channels, 0) }));
  return parts.filter(Boolean).join(' · ');
}
