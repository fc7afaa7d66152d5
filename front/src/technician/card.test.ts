// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import type { SourceReport } from '../contract/room_state';
import { Words } from '../page/words';
import { SourceCard } from './card';

const words = new Words(
  { 'state-live': 'on air', 'state-waiting': 'waiting', 'hint.silent': 'No sound', 'all-well': 'All is well', 'sound-well': 'Sound is well', peak: '{value} dBFS' },
  'en',
);
const report = {
  source: 'views/main', state: 'live', protocol: 'rtmp', codec: 'h264', width: 1280, height: 720, interlaced: false,
  bitrate: null, frame_rate: null, keyframe_distance: null, audio_codec: null, sample_rate: null, channels: null,
  loudness_momentary: -21.5, peak: -3, drift_ppm: null, late: 0, dropped: 0, mended: 0, restarts: 0,
  black: false, frozen: false, silent: false, clipping: false, hints: [],
} as unknown as SourceReport;
let card: SourceCard;
const find = <Kind extends Element>(selector: string): Kind => document.querySelector(selector) as Kind;

beforeEach(() => {
  document.body.innerHTML = `<section><p class="state"></p><meter data-meter="loudness" min="-60" max="0"></meter>
    <dd data-metric="peak"></dd><dd data-metric="drift"></dd><ul data-hints></ul></section>`;
  // happy-dom keeps a meter's value between 0 and 1, whatever its ends are.
  Object.defineProperty(find('meter'), 'value', { value: 0, writable: true });
  card = new SourceCard(find('section'), words);
});

describe("a source's card", () => {
  it('shows its state, level and figures, and a dash for what is unknown', () => {
    card.show(report);
    expect(find('.state').textContent).toBe('on air');
    expect(find<HTMLElement>('.state').dataset['state']).toBe('live');
    expect(find<HTMLMeterElement>('meter').value).toBe(-21.5);
    expect(find('[data-metric="peak"]').textContent).toBe('-3.0 dBFS');
    expect(find('[data-metric="drift"]').textContent).toBe('–');
  });

  it('shows no level of a source that is not live, nor one below the meter', () => {
    card.show({ ...report, state: 'waiting' });
    expect(find<HTMLMeterElement>('meter').value).toBe(-60);
    card.show({ ...report, loudness_momentary: -90 });
    expect(find<HTMLMeterElement>('meter').value).toBe(-60);
  });

  it('says that all is well, what is not, and nothing while waiting', () => {
    const hints = (): (string | null)[] => [...find('[data-hints]').children].map((item) => item.textContent);
    card.show(report);
    expect(hints()).toEqual(['All is well']);
    expect(find('[data-hints] li').hasAttribute('data-well')).toBe(true);
    card.show({ ...report, source: 'languages/fr' });
    expect(hints()).toEqual(['Sound is well']);
    card.show({ ...report, hints: ['silent', 'unheard-of'] } as unknown as SourceReport);
    expect(hints()).toEqual(['No sound']);
    expect(find('[data-hints] li').hasAttribute('data-well')).toBe(false);
    card.show({ ...report, state: 'waiting', hints: ['silent'] } as unknown as SourceReport);
    expect(hints()).toEqual([]);
  });

  it('leaves hints alone that have not changed, so that they are not read out again', () => {
    card.show(report);
    const first = find('[data-hints]').firstChild;
    card.show({ ...report, peak: -4 });
    expect(find('[data-hints]').firstChild).toBe(first);
  });
});
