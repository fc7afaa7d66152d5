/** The service worker of the courses' pages: shows the programme that was kept where there is no connection. */
import { asset, forget, instead, keep, type Wish } from './kept';

declare const self: ServiceWorkerGlobalScope;
/** A proxy's answers while the server behind it is down. */
const AWAY = [502, 503, 504];

self.addEventListener('install', () => void self.skipWaiting());

self.addEventListener('activate', (event) => {
  // The page is asked for while the worker starts.
  event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener('message', (event) => {
  const done = keep(event.data as Wish, Date.now()).catch(() => false);
  event.waitUntil(done.then((kept) => event.ports[0]?.postMessage(kept)));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const { pathname } = new URL(request.url);
  if (request.mode === 'navigate') event.respondWith(opened(event, pathname));
  else if (pathname.startsWith('/static/')) event.respondWith(asset(request));
});

async function opened(event: FetchEvent, path: string): Promise<Response> {
  try {
    const answer = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
    if (answer.status === 404) await forget(path); // withdrawn, or at another address now
    return AWAY.includes(answer.status) ? ((await instead(path)) ?? answer) : answer;
  } catch (failure) {
    const kept = await instead(path);
    if (kept) return kept;
    throw failure;
  }
}
