// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { send } from './sending';

/** As browsers have it, as far as it is used. */
class Request extends EventTarget {
  static last: Request;
  upload = new EventTarget();
  status = 0;
  responseText = '';
  location = '';
  asked: Record<string, string> = {};
  open = vi.fn();
  send = vi.fn();

  constructor() {
    super();
    Request.last = this;
  }
  setRequestHeader(name: string, value: string): void {
    this.asked[name] = value;
  }
  getResponseHeader(): string {
    return this.location;
  }
  abort(): void {
    this.status = 0;
    this.dispatchEvent(new Event('loadend'));
  }
  end(facts: Partial<Request>): void {
    Object.assign(this, facts);
    this.dispatchEvent(new Event('loadend'));
  }
  left(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total }));
  }
}

let form: HTMLFormElement;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', Request);
  document.body.innerHTML = '<form action="/list/"><input type="file" name="sheet"></form>';
  form = document.querySelector('form')!;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function choose(read: () => Promise<ArrayBuffer>): void {
  const files = [{ slice: () => ({ arrayBuffer: read }) }];
  Object.defineProperty(form.querySelector('input'), 'files', { value: files });
}

function sending(sent: (share: number) => void = () => {}, stop = new AbortController()): ReturnType<typeof send> {
  vi.stubGlobal('FormData', class {});
  return send(form, sent, stop.signal);
}

test('it asks to be told of a redirect, and hands on where it leads', async () => {
  const answer = sending();
  expect(Request.last.asked).toEqual({ 'X-Tell-Redirect': '1' });
  Request.last.end({ status: 204, location: '/list/1/' });
  expect(await answer).toEqual({ kind: 'elsewhere', address: '/list/1/' });
});

test('any other answer is a page', async () => {
  const answer = sending();
  Request.last.end({ status: 413, responseText: 'too large' });
  expect(await answer).toEqual({ kind: 'page', text: 'too large' });
});

test('it tells how much has left', () => {
  const shares: number[] = [];
  void sending((share) => shares.push(share));
  Request.last.left(25, 100);
  Request.last.left(100, 100);
  expect(shares).toEqual([0.25, 1]);
});

test.each([
  ['lost', async () => new ArrayBuffer(1)],
  ['changed', () => Promise.reject(new Error('NotReadableError'))],
])('a line or a file that is no more: %s', async (kind, read) => {
  choose(read);
  const answer = sending();
  Request.last.end({ status: 0 });
  expect(await answer).toEqual({ kind });
});

test('a line on which nothing moves is lost after a minute, not one that is slow', async () => {
  let ended = false;
  const answer = sending().finally(() => (ended = true));
  for (let minute = 0; minute < 5; minute++) {
    await vi.advanceTimersByTimeAsync(50_000);
    Request.last.left(minute, 100);
  }
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toEqual({ kind: 'lost' });
});

test('what has left the browser has longer to arrive', async () => {
  let ended = false;
  const answer = sending().finally(() => (ended = true));
  Request.last.left(100, 100);
  await vi.advanceTimersByTimeAsync(299_000);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toEqual({ kind: 'lost' });
});

test('it can be stopped', async () => {
  const stop = new AbortController();
  const answer = sending(() => {}, stop);
  stop.abort();
  expect(await answer).toEqual({ kind: 'stopped' });
});
