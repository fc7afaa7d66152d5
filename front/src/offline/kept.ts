/** The programmes kept on this device: each in a cache of its own, with the styles that its page needs. */

const PREFIX = 'programme ';
/** Milliseconds for which a copy is new enough: a thin line carries it once for several looks at the page. */
const FRESH = 10 * 60_000;

/** page: the path of a programme. copy: the address of what is kept of it: public, in one language and one zone. */
export interface Wish {
  readonly page: string;
  readonly copy: string;
}

/** Keeps a copy, unless there is a new one. False for a programme that nobody is shown any more: then none is left. */
export async function keep({ page, copy }: Wish, now: number): Promise<boolean> {
  const name = PREFIX + page;
  const kept = await (await caches.open(name)).match(page);
  if (kept?.url === copy && now - made(kept) < FRESH) return true;
  const answer = await fetch(copy, { credentials: 'omit', cache: 'no-store' });
  if (answer.status === 404) await caches.delete(name);
  if (!answer.ok) return false;
  const needed = assets(await answer.clone().text());
  const found = await Promise.all(needed.map((address) => fetch(address)));
  if (found.some(({ ok }) => !ok)) return false;
  const cache = await caches.open(name);
  await Promise.all(found.map((asset, i) => cache.put(needed[i]!, asset)));
  await cache.put(page, answer); // last: what a page needs is there before it
  const paths = [page, ...needed];
  const old = (await cache.keys()).filter(({ url }) => !paths.includes(url.slice(new URL(url).origin.length)));
  await Promise.all(old.map((request) => cache.delete(request)));
  return true;
}

/** Nobody is shown that programme any more. */
export async function forget(page: string): Promise<void> {
  await caches.delete(PREFIX + page);
}

/** The copy of that programme; without one, the way to the one that was kept last; undefined where nothing is kept. */
export async function instead(page: string): Promise<Response | undefined> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  let [last, at] = ['', 0];
  for (const name of names) {
    const path = name.slice(PREFIX.length);
    const copy = await (await caches.open(name)).match(path);
    if (copy && path === page) return copy;
    if (copy && made(copy) > at) [last, at] = [path, made(copy)];
  }
  return last ? Response.redirect(last, 302) : undefined;
}

/** Styles and drawings of kept pages; their addresses change with what is in them. */
export async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Milliseconds since 1970 when the server made it. */
function made(copy: Response): number {
  return Date.parse(copy.headers.get('date') ?? '') || 0;
}

/** Paths of the static files that a page of ours links to. */
function assets(html: string): string[] {
  return [...new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path!))];
}
