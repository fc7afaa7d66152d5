/** The quality menu: plain words, and what each costs. */
import type { Words } from '../page/words';
import type { Quality } from '../player/playback_kind';
import { dressButton, part } from './page_parts';

/** Key of the plain word for a quality: the best there is, a weak line's, or one between. */
export function qualityKey(quality: Quality, all: readonly Quality[]): string {
  if (quality.height === 0) return 'quality-sound';
  const heights = [...new Set(all.map(({ height }) => height).filter((height) => height > 0))].sort((a, b) => b - a);
  if (quality.height === heights[0]) return 'quality-best';
  return quality.height === heights.at(-1) ? 'quality-low' : 'quality-good';
}

export class QualityMenu {
  private readonly button: HTMLElement | null;
  private readonly menu: HTMLElement | null;
  private drawn = '';

  constructor(
    root: ParentNode,
    private readonly words: Words,
    private readonly chosen: (index: number) => void,
  ) {
    this.button = part(root, '[data-action="quality"]');
    this.menu = part(root, '[data-quality-menu]');
    this.button?.addEventListener('click', () => this.open(this.menu?.hidden === true));
    this.menu?.addEventListener('change', (event) => {
      this.chosen(Number((event.target as HTMLInputElement).value));
      this.open(false);
    });
    const shut = (event: Event): void => {
      const { target } = event;
      if (target instanceof Node && !this.menu?.contains(target) && !this.button?.contains(target)) this.open(false);
    };
    document.addEventListener('click', shut);
    document.addEventListener('focusin', shut);
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.menu?.hidden !== false) return;
      this.open(false);
      this.button?.focus();
    });
  }

  /** `current`: index that plays now; `wanted`: chosen by hand, -1 for automatic. */
  show(all: readonly Quality[], current: number, wanted: number): void {
    const now = all.find(({ index }) => index === current);
    const word = now ? this.words.say(qualityKey(now, all)) : null;
    const automatic = word === null ? this.words.say('quality-auto') : this.words.say('quality-auto-now', { quality: word });
    dressButton(this.button, wanted < 0 ? automatic : (word ?? this.words.say('quality')));
    const drawn = JSON.stringify([all, wanted]);
    if (this.drawn === drawn || !this.menu) return;
    this.drawn = drawn;
    const rows = [...all].reverse().map((one) => this.row(one.index, this.cost(one, all), wanted));
    for (const label of this.menu.querySelectorAll('label')) label.remove();
    this.menu.append(this.row(-1, this.words.say('quality-auto'), wanted), ...rows);
  }

  private cost(one: Quality, all: readonly Quality[]): string {
    const quality = this.words.say(qualityKey(one, all));
    const lines = one.height > 0 ? `${quality} (${one.height}p)` : quality;
    return this.words.say('quality-cost', { quality: lines, rate: this.words.rate(one.bitrate) });
  }

  private row(index: number, text: string, wanted: number): HTMLLabelElement {
    const label = document.createElement('label');
    label.className = 'choice';
    const radio = document.createElement('input');
    radio.type = 'radio';
    radio.name = 'quality';
    radio.value = String(index);
    radio.checked = index === wanted;
    const words = document.createElement('span');
    words.textContent = text;
    label.append(radio, ' ', words);
    return label;
  }

  private open(open: boolean): void {
    if (!this.menu || this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.button?.setAttribute('aria-expanded', String(open));
    if (open) part<HTMLInputElement>(this.menu, 'input:checked')?.focus();
  }
}
