/** A form whose answer takes a while shows that it is at work, and is not sent twice. */

import { send } from './sending';

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
const part = (form: HTMLFormElement, name: string): HTMLElement | null => form.querySelector(`[data-busy-${name}]`);

function show(form: HTMLFormElement, shown: 'notice' | 'lost' | null): void {
  for (const name of ['notice', 'lost'] as const) {
    const found = part(form, name);
    if (found) found.hidden = name !== shown;
  }
  for (const button of form.querySelectorAll('button')) button.disabled = shown === 'notice';
}

/** Without a number once all has left: what the server does then can't be told in parts. */
function showSent(form: HTMLFormElement, share: number): void {
  const bar = form.querySelector('progress');
  if (share < 1) bar?.setAttribute('value', String(share));
  else bar?.removeAttribute('value');
  const words = part(form, 'share');
  if (words) words.textContent = share < 1 ? percent.format(share) : '';
}

/** What the form's own answer would have been. */
async function sendFile(form: HTMLFormElement): Promise<void> {
  const answer = await send(form, (share) => showSent(form, share));
  if (answer.kind === 'elsewhere') return location.assign(answer.address);
  const main = answer.kind === 'page' && new DOMParser().parseFromString(answer.text, 'text/html').querySelector('main');
  if (!main) return show(form, 'lost');
  document.querySelector('main')?.replaceWith(main);
  scrollTo(0, 0);
  main.focus();
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-busy]')) return;
  if (form.querySelector('input[type=file]')) {
    event.preventDefault();
    void sendFile(form);
  }
  setTimeout(show, 0, form, 'notice'); // a disabled button would not be sent
});

window.addEventListener('pageshow', () => {
  // Somebody came back to it.
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-busy]')) show(form, null);
});

document.addEventListener('change', ({ target: field }) => {
  // Said before it is sent: a thin line would carry it for an hour to hear no.
  if (!(field instanceof HTMLInputElement) || !field.dataset['most']) return;
  const large = [...(field.files ?? [])].some(({ size }) => size > Number(field.dataset['most']));
  field.setCustomValidity(large ? (field.dataset['tooLarge'] ?? '') : '');
  field.reportValidity();
});
