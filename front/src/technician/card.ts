/** One source's card: figures in words, the level, and what to look at. */
import type { SourceReport } from '../contract/room_state';
import type { Words } from '../page/words';
import { figures } from './figures';

const QUIETEST = -60;

export class SourceCard {
  private readonly state: HTMLElement | null;
  private readonly meter: HTMLMeterElement | null;
  private readonly hints: HTMLElement | null;
  private shownHints = '';

  constructor(
    private readonly element: HTMLElement,
    private readonly words: Words,
  ) {
    this.state = element.querySelector('.state');
    this.meter = element.querySelector('[data-meter="loudness"]');
    this.hints = element.querySelector('[data-hints]');
  }

  show(report: SourceReport): void {
    if (this.state) {
      this.state.dataset.state = report.state;
      this.state.textContent = this.words.say(`state-${report.state}`);
    }
    if (this.meter) {
      const level = report.state === 'live' ? (report.loudness_momentary ?? QUIETEST) : QUIETEST;
      this.meter.value = Math.max(QUIETEST, level);
    }
    const shown = figures(report, this.words);
    for (const place of this.element.querySelectorAll<HTMLElement>('[data-metric]')) {
      place.textContent = shown[place.dataset.metric ?? ''] ?? '–';
    }
    this.showHints(report);
  }

  /** Rewritten only when they change, so that a screen reader is not told the same again each second. */
  private showHints(report: SourceReport): void {
    if (!this.hints) return;
    const live = report.state === 'live';
    const codes = live ? report.hints.filter((code) => this.words.has(`hint.${code}`)) : [];
    const well = live && codes.length === 0;
    const texts = well ? [this.words.say(allWell(report))] : codes.map((code) => this.words.say(`hint.${code}`));
    const key = texts.join('\n');
    if (key === this.shownHints) return;
    this.shownHints = key;
    this.hints.replaceChildren(
      ...texts.map((text) => {
        const item = document.createElement('li');
        item.textContent = text;
        item.toggleAttribute('data-well', well);
        return item;
      }),
    );
  }
}

/** Key of the text for a source without a fault; a language has no picture. */
const allWell = ({ source }: SourceReport): string => (source.startsWith('languages/') ? 'sound-well' : 'all-well');
