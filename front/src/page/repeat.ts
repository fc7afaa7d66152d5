/**
 * Does something again and again while the page lives, never twice at once, and more seldom while it fails.
 *
 *     const stop = repeat(2, async (signal) => { … });
 */
import { Backoff } from '../player/backoff';

/** Most seconds between two tries of something that fails. */
const SELDOM = 15;

/** `each` in seconds, from one end to the next beginning. `act` throws to report a failure. Returns how to stop. */
export function repeat(each: number, act: (signal: AbortSignal) => Promise<void>): () => void {
  const ending = new AbortController();
  const backoff = new Backoff(each, Math.max(each, SELDOM));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const round = async (): Promise<void> => {
    let wait = each;
    try {
      await act(ending.signal);
      backoff.succeeded();
    } catch {
      // What failed has told the page itself; here it only changes the pace.
      wait = backoff.next();
    }
    if (!ending.signal.aborted) timer = setTimeout(() => void round(), wait * 1000);
  };
  const stop = (): void => {
    clearTimeout(timer);
    ending.abort();
  };
  globalThis.addEventListener?.('pagehide', stop, { signal: ending.signal });
  void round();
  return stop;
}
