/**
 * The time of day in the masthead, in the reader's zone and in the organiser's.
 *
 *     <p data-clock><span data-day>Sat 14 Nov</span>
 *       <span data-zone="Africa/Bamako"><span data-time>08:42</span> Bamako</span> …
 */

/** `HH:mm` of a moment in a zone (IANA name). */
export function timeIn(zone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);
}

/** The day of a moment in a zone, as the server writes it: "Sat 14 Nov", "sam. 14 nov.", "11月14日周六". */
export function dayIn(zone: string, moment: Date, language: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  const day = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' });
  return day.format(moment).replace(',', '');
}

/** A zone's place when the server has not named it yet: "Buenos Aires" of "America/Argentina/Buenos_Aires". */
export function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** Puts the reader's zone in front of the organiser's, unless it is there or both clocks show the same. */
export function addOwn(clock: Element, zone: string, moment: Date): void {
  const [host, ...others] = clock.querySelectorAll<HTMLElement>('[data-zone]');
  if (!host || others.length > 0 || timeIn(zone, moment) === timeIn(host.dataset.zone ?? 'UTC', moment)) return;
  const own = host.cloneNode(true) as HTMLElement;
  own.dataset.zone = zone;
  const time = own.querySelector('[data-time]');
  if (time) own.replaceChildren(time, ` ${placeOf(zone)}`);
  host.before(own, ' ');
}

/** Brings the day and every zone's time up to date; `moment` is now. */
export function tick(clock: Element, moment: Date, language: string): void {
  const places = [...clock.querySelectorAll<HTMLElement>('[data-zone]')];
  for (const place of places) write(place.querySelector('[data-time]'), timeIn(place.dataset.zone ?? 'UTC', moment));
  write(clock.querySelector('[data-day]'), dayIn(places[0]?.dataset.zone ?? 'UTC', moment, language));
}

function write(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
