/** A form whose answer takes a while shows that it is at work, and is not sent twice. */

import { send } from './sending';

const PARTS = ['notice', 'lost', 'changed', 'refused'] as const;
type Part = (typeof PARTS)[number];

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
const part = (form: HTMLFormElement, name: Part | 'share' | 'stop'): HTMLElement | null =>
  form.querySelector(`[data-busy-${name}]`);

function show(form: HTMLFormElement, shown: Part | null): void {
  for (const name of PARTS) {
    const found = part(form, name);
    if (found) found.hidden = name !== shown;
  }
  for (const button of form.querySelectorAll<HTMLButtonElement>('button:not([data-busy-stop])'))
    button.disabled = shown === 'notice';
}

/** Without a number once all has left: what the server does then can't be told in parts. */
function showSent(form: HTMLFormElement, share: number): void {
  const bar = form.querySelector('progress');
  if (share < 1) bar?.setAttribute('value', String(share));
  else bar?.removeAttribute('value');
  const words = part(form, 'share');
  if (words) words.textContent = share < 1 ? percent.format(share) : '';
}

async function sendFile(form: HTMLFormElement): Promise<void> {
  const stop = new AbortController();
  part(form, 'stop')?.addEventListener('click', () => stop.abort(), { once: true });
  showSent(form, 0);
  const coming = send(form, (share) => showSent(form, share), stop.signal);
  show(form, 'notice');
  const answer = await coming;
  if (answer.kind === 'elsewhere') location.assign(answer.address);
  else if (answer.kind === 'page') showPage(form, answer.text);
  else show(form, answer.kind === 'stopped' ? null : answer.kind);
}

/** The form's own page says what is wrong in its place; any other leaves the form, and what was typed, as it is. */
function showPage(form: HTMLFormElement, text: string): void {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const main = page.querySelector('main');
  if (main?.querySelector('form[data-busy]')) {
    document.querySelector('main')?.replaceWith(main);
    (main.querySelector<HTMLElement>('[aria-invalid=true]') ?? main).focus();
    return;
  }
  const said = ['main h1', 'main .lead'].map((where) => page.querySelector(where)?.textContent?.trim());
  const refused = part(form, 'refused');
  if (refused) refused.textContent = said.filter(Boolean).join(' – ');
  show(form, refused?.textContent ? 'refused' : 'lost');
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-busy]')) return;
  if (form.querySelector('input[type=file]')) {
    event.preventDefault();
    void sendFile(form);
  } else setTimeout(show, 0, form, 'notice'); // a disabled button would not be sent
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
