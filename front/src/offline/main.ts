/** Has a course's programme kept on this device, and says so once it is. */
import type { Wish } from './kept';

const page = document.querySelector<HTMLElement>('[data-copy]');
const notice = document.querySelector<HTMLElement>('[data-kept]');

/** Asks the worker, which answers whether the programme is kept. */
function ask(worker: ServiceWorker, wish: Wish): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data === true);
    worker.postMessage(wish, [port2]);
  });
}

// Browsers have no workers in private windows or without HTTPS: then nothing is kept, and nothing is said.
if (page?.dataset['copy'] && 'serviceWorker' in navigator) {
  const copy = new URL(page.dataset['copy'], location.href);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!copy.searchParams.get('zone') && own) copy.searchParams.set('zone', own);
  navigator.serviceWorker
    .register('/courses/service-worker.js')
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => (active ? ask(active, { page: location.pathname, copy: copy.href }) : false))
    .then((kept) => {
      if (notice) notice.hidden = !kept;
    })
    .catch((reason: unknown) => console.warn('The programme is not kept on this device:', reason));
}
