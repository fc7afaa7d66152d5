/** Tells the server the reader's zone, by a cookie, and keeps the masthead's clock going. */
import { addOwn, tick } from './clock';

const COOKIE = 'amphitheatre_zone';
const YEAR = 31_536_000;
const MINUTE = 60_000;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clock = document.querySelector<HTMLElement>('[data-clock]');

if (zone && !document.cookie.split('; ').includes(`${COOKIE}=${zone}`)) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${COOKIE}=${zone}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}
if (clock) {
  if (zone) addOwn(clock, zone, new Date());
  const show = (): void => tick(clock, new Date(), document.documentElement.lang);
  show();
  setTimeout(() => {
    show();
    setInterval(show, MINUTE);
  }, MINUTE - (Date.now() % MINUTE));
  // A page that was asleep catches up when it is seen again.
  document.addEventListener('visibilitychange', show);
}
