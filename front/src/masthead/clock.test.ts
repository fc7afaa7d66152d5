// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { addOwn, dayIn, placeOf, tick, timeIn } from './clock';

const MOMENT = new Date('2026-11-14T08:42:00Z');
const place = (zone: string): string => `<span data-zone="${zone}"><span data-time>00:00</span> there</span>`;

function clock(...zones: string[]): HTMLElement {
  document.body.innerHTML = `<p><span data-day></span> ${zones.map(place).join(' ')}</p>`;
  return document.querySelector('p') as HTMLElement;
}

const words = (element: HTMLElement): string | undefined => element.textContent?.replace(/\s+/g, ' ').trim();

describe('the clock in the masthead', () => {
  it('shows a moment as each place does', () => {
    expect(timeIn('Africa/Bamako', MOMENT)).toBe('08:42');
    expect(timeIn('Asia/Shanghai', MOMENT)).toBe('16:42');
    expect(timeIn('Asia/Shanghai', new Date('2026-11-14T16:05:00Z'))).toBe('00:05');
  });

  it('writes the day as each language does', () => {
    expect(dayIn('Africa/Bamako', MOMENT, 'en')).toBe('Sat 14 Nov');
    expect(dayIn('Africa/Bamako', MOMENT, 'fr')).toBe('sam. 14 nov.');
    expect(dayIn('Africa/Bamako', MOMENT, 'zh-Hans')).toBe('11月14日周六');
  });

  it('names a place as people do', () => {
    expect(placeOf('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
    expect(placeOf('UTC')).toBe('UTC');
  });

  it('goes on in every zone, with the day of the first', () => {
    const shown = clock('Africa/Bamako', 'Asia/Shanghai');
    tick(shown, new Date('2026-11-14T20:42:00Z'), 'en');
    expect(words(shown)).toBe('Sat 14 Nov 20:42 there 04:42 there');
  });

  it('puts the reader’s own zone first when the server does not know it yet', () => {
    const shown = clock('Asia/Shanghai');
    addOwn(shown, 'Africa/Bamako', MOMENT);
    addOwn(shown, 'Africa/Bamako', MOMENT);
    tick(shown, MOMENT, 'en');
    expect(words(shown)).toBe('Sat 14 Nov 08:42 Bamako 16:42 there');
  });

  it('shows one time where both clocks show the same', () => {
    const shown = clock('Asia/Shanghai');
    addOwn(shown, 'Asia/Singapore', MOMENT);
    expect(shown.querySelectorAll('[data-zone]')).toHaveLength(1);
  });
});
