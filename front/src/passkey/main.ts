/** Says on the page that a passkey was not used; allauth's own scripts would only tell the console. */
const notice = document.querySelector<HTMLElement>('[data-passkey-error]');

document.addEventListener('allauth.error', (event) => {
  if (!notice) return;
  event.preventDefault();
  notice.hidden = false;
});
