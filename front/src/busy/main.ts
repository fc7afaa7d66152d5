/** A form whose answer takes a while shows that it is at work, and is not sent twice. */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-busy]')) {
  const notice = form.querySelector<HTMLElement>('[data-busy-notice]');
  const show = (busy: boolean): void => {
    if (notice) notice.hidden = !busy;
    for (const button of form.querySelectorAll('button')) button.disabled = busy;
  };
  form.addEventListener('submit', () => void setTimeout(show, 0, true)); // a disabled button would not be sent
  window.addEventListener('pageshow', () => show(false)); // somebody came back to it
}

for (const field of document.querySelectorAll<HTMLInputElement>('input[type=file][data-most]')) {
  // Said before it is sent: a thin line would carry it for an hour to hear no.
  field.addEventListener('change', () => {
    const large = [...(field.files ?? [])].some(({ size }) => size > Number(field.dataset['most']));
    field.setCustomValidity(large ? (field.dataset['tooLarge'] ?? '') : '');
    field.reportValidity();
  });
}
