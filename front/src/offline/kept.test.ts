import { beforeEach, expect, test, vi } from 'vitest';
import { asset, forget, instead, keep } from './kept';

const ORIGIN = 'https://hospital.example';
const PAGE = '/courses/surgery/';
const COPY = `${ORIGIN}/courses/surgery/copy/?language=fr&zone=Africa/Bamako`;
const NOW = Date.UTC(2026, 10, 14, 8);
const MINUTE = 60_000;

type Store = Map<string, Response>;
let stores: Map<string, Store>;
let server: Map<string, () => Response>;

/** As caches tell them apart; a copy's own query does not matter here. */
const where = (url: URL): string => url.pathname + (url.pathname.startsWith('/static/') ? url.search : '');
const path = (request: Request | string): string =>
  where(new URL(typeof request === 'string' ? request : request.url, ORIGIN));

/** A cache as browsers have it, as far as it is used. */
function cacheOf(store: Store): object {
  return {
    match: async (request: Request | string) => store.get(path(request))?.clone(),
    put: async (request: string, answer: Response) => void store.set(path(request), answer),
    keys: async () => [...store.keys()].map((name) => ({ url: ORIGIN + name })),
    delete: async (request: Request) => store.delete(path(request)),
  };
}

function page(text: string, at: number, copy = COPY): () => Response {
  return () => {
    const answer = new Response(text, { headers: { date: new Date(at).toUTCString() } });
    Object.defineProperty(answer, 'url', { value: copy });
    answer.clone = () => page(text, at, copy)();
    return answer;
  };
}

beforeEach(() => {
  stores = new Map();
  server = new Map([
    [PAGE + 'copy/', page('<link href="/static/front/paper-1.css"><img src="/static/ui/mark.svg?v=1">', NOW)],
    ['/static/front/paper-1.css', () => new Response('body {}')],
    ['/static/ui/mark.svg?v=1', () => new Response('<svg/>')],
  ]);
  vi.stubGlobal('caches', {
    open: async (name: string) => cacheOf(stores.get(name) ?? stores.set(name, new Map()).get(name)!),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    match: async (request: Request) =>
      [...stores.values()].map((store) => store.get(path(request))).find((found) => found),
  });
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request | string) => server.get(path(request))?.() ?? new Response('', { status: 404 })),
  );
});

test('a programme is kept with what its page needs, and asked for without cookies', async () => {
  expect(await keep({ page: PAGE, copy: COPY }, NOW)).toBe(true);
  const [kept] = stores.values();
  expect([...kept!.keys()].sort()).toEqual([PAGE, '/static/front/paper-1.css', '/static/ui/mark.svg?v=1']);
  expect(fetch).toHaveBeenCalledWith(COPY, { credentials: 'omit', cache: 'no-store' });
  expect(await (await instead(PAGE))!.text()).toContain('paper-1.css');
});

test('a new copy is not fetched again, an old one is, and one in another language', async () => {
  await keep({ page: PAGE, copy: COPY }, NOW);
  const asked = vi.mocked(fetch).mock.calls.length;
  await keep({ page: PAGE, copy: COPY }, NOW + 9 * MINUTE);
  expect(fetch).toHaveBeenCalledTimes(asked);
  await keep({ page: PAGE, copy: COPY }, NOW + 11 * MINUTE);
  expect(fetch).toHaveBeenCalledTimes(asked + 3);
  await keep({ page: PAGE, copy: COPY.replace('=fr', '=en') }, NOW + MINUTE);
  expect(fetch).toHaveBeenCalledTimes(asked + 6);
});

test('styles of an older page are let go', async () => {
  await keep({ page: PAGE, copy: COPY }, NOW);
  server.set(PAGE + 'copy/', page('<link href="/static/front/paper-2.css">', NOW));
  server.set('/static/front/paper-2.css', () => new Response('main {}'));
  await keep({ page: PAGE, copy: COPY }, NOW + 11 * MINUTE);
  expect([...[...stores.values()][0]!.keys()].sort()).toEqual([PAGE, '/static/front/paper-2.css']);
});

test('a programme that is withdrawn is not shown any more; a failing server leaves the copy', async () => {
  await keep({ page: PAGE, copy: COPY }, NOW);
  server.set(PAGE + 'copy/', () => new Response('', { status: 500 }));
  expect(await keep({ page: PAGE, copy: COPY }, NOW + 11 * MINUTE)).toBe(false);
  expect(await instead(PAGE)).toBeDefined();
  server.delete(PAGE + 'copy/');
  expect(await keep({ page: PAGE, copy: COPY }, NOW + 11 * MINUTE)).toBe(false);
  expect(await instead(PAGE)).toBeUndefined();
});

test('half a copy is none', async () => {
  server.delete('/static/ui/mark.svg?v=1');
  expect(await keep({ page: PAGE, copy: COPY }, NOW)).toBe(false);
  expect(await instead(PAGE)).toBeUndefined();
});

test('other pages lead to the programme that was kept last', async () => {
  vi.stubGlobal('Response', Object.assign(Response, { redirect: (to: string) => ({ to }) }));
  server.set('/courses/older/copy/', page('', NOW - MINUTE));
  await keep({ page: '/courses/older/', copy: `${ORIGIN}/courses/older/copy/` }, NOW);
  await keep({ page: PAGE, copy: COPY }, NOW);
  expect(await instead('/courses/surgery/doctors/')).toEqual({ to: PAGE });
});

test('styles come from the copy, and from the server where there is none', async () => {
  await keep({ page: PAGE, copy: COPY }, NOW);
  const asked = vi.mocked(fetch).mock.calls.length;
  await asset(new Request(`${ORIGIN}/static/front/paper-1.css`));
  expect(fetch).toHaveBeenCalledTimes(asked);
  await asset(new Request(`${ORIGIN}/static/front/other.css`));
  expect(fetch).toHaveBeenCalledTimes(asked + 1);
});

test('a programme that is gone is forgotten', async () => {
  await keep({ page: PAGE, copy: COPY }, NOW);
  await forget(PAGE);
  expect(await instead(PAGE)).toBeUndefined();
});
