/** The language menu: one radio a language, named in itself by the server, its state worded here. */
import type { LanguageState } from '../contract/room_state';
import type { Words } from '../page/words';
import { part, parts, say } from './page_parts';

/** Key of the text for what is heard now in a language. A voice that is stamped earlier is in step with the picture. */
export function languageKey(language: LanguageState, floor: string): string {
  if (language.source === 'silence') return 'language-silence';
  if (language.tag === floor) return 'language-floor';
  if (language.source === 'floor') return 'language-replaced';
  return language.offset > 0 ? 'language-in-step' : 'language-voice';
}

export class LanguageMenu {
  private readonly radios: HTMLInputElement[];

  constructor(
    private readonly root: ParentNode,
    private readonly words: Words,
    chosen: (tag: string) => void,
  ) {
    this.radios = parts<HTMLInputElement>(root, 'input[data-language]');
    for (const radio of this.radios) radio.addEventListener('change', () => chosen(radio.value));
  }

  get tag(): string | null {
    return this.radios.find((radio) => radio.checked)?.value ?? null;
  }

  /** Goes to the next language, as its key does. */
  next(): void {
    const place = this.radios.findIndex((radio) => radio.checked);
    const radio = this.radios[(place + 1) % this.radios.length];
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event('change', { bubbles: true }));
  }

  show(languages: readonly LanguageState[], floor: string): void {
    for (const language of languages) {
      const state = part(this.root, `[data-language-state="${CSS.escape(language.tag)}"]`);
      say(state, this.words.say(languageKey(language, floor)));
    }
  }
}
