/** Buttons that copy a field: `<button data-copy="ID of the field"><span data-label>Copy</span></button>`. */
import type { Words } from '../page/words';

const SAID_FOR = 2000;

export function copyButtons(words: Words): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.addEventListener('click', () => void copy(button, words));
  }
}

async function copy(button: HTMLButtonElement, words: Words): Promise<void> {
  const field = document.getElementById(button.dataset.copy ?? '') as HTMLInputElement | null;
  const label = button.querySelector<HTMLElement>('[data-label]');
  if (!field || !label) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without a secure context there is no clipboard: the field stays selected, for the keyboard.
    return;
  }
  label.textContent = words.say('copied');
  setTimeout(() => (label.textContent = words.say('copy')), SAID_FOR);
}
