/**
 * Answers that were asked for before anybody needed them: a page's first requests, and parts that don't exist yet.
 *
 *     early.ask(address);
 *     const answer = early.take(address);   // belongs to the caller; undefined: to be asked for in the plain way
 */

export interface EarlyAnswer {
  readonly request: XMLHttpRequest;
  /** performance.now() when its headers came and when it ended; 0 before. */
  firstByte: number;
  end: number;
}

/** A start needs a dozen and a half at once; afterwards one for each rendition that plays is under way. */
const MOST = 24;
/** An answer that nobody has come for after this many milliseconds is dropped. */
const STALE = 8000;

export class EarlyAnswers {
  private readonly answers = new Map<string, EarlyAnswer>();

  /** Asks, unless it has been asked already or too much is kept. */
  ask(address: string): void {
    if (this.answers.has(address) || this.answers.size >= MOST) return;
    const request = new XMLHttpRequest();
    const answer: EarlyAnswer = { request, firstByte: 0, end: 0 };
    request.open('GET', address);
    request.withCredentials = true;
    request.responseType = 'arraybuffer';
    request.timeout = STALE;
    request.onreadystatechange = () => {
      if (request.readyState === XMLHttpRequest.HEADERS_RECEIVED) answer.firstByte = performance.now();
    };
    request.onloadend = () => {
      answer.end = performance.now();
      // One that nobody comes for (the player has moved on) makes room.
      setTimeout(() => this.answers.get(address) === answer && this.answers.delete(address), STALE);
    };
    this.answers.set(address, answer);
    request.send();
  }

  /** Asks, and tells the text too; the answer stays for whoever takes it. Null when it has failed. */
  async text(address: string): Promise<string | null> {
    this.ask(address);
    const answer = this.answers.get(address);
    if (!answer) return null;
    await new Promise<void>((done) => whenDone(answer, done));
    return answer.request.status === 200 ? textOf(answer) : null;
  }

  take(address: string): EarlyAnswer | undefined {
    const answer = this.answers.get(address);
    this.answers.delete(address);
    const failed = answer?.request.readyState === XMLHttpRequest.DONE && answer.request.status !== 200;
    return failed ? undefined : answer;
  }

  clear(): void {
    for (const { request } of this.answers.values()) request.abort();
    this.answers.clear();
  }
}

/** Calls `done` at the answer's end, never before this function has returned. */
export function whenDone({ request }: EarlyAnswer, done: () => void): void {
  if (request.readyState === XMLHttpRequest.DONE) queueMicrotask(done);
  else request.addEventListener('loadend', done, { once: true });
}

export const textOf = ({ request }: EarlyAnswer): string => new TextDecoder().decode(request.response as ArrayBuffer);
