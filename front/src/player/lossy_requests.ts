/** XMLHttpRequest for tests: answers are given by hand, late, wrong or never. */

export class LossyRequest extends EventTarget {
  static readonly HEADERS_RECEIVED = 2;
  static readonly DONE = 4;
  /** All that were sent, oldest first. */
  static sent: LossyRequest[] = [];

  readyState = 0;
  status = 0;
  response: ArrayBuffer | null = null;
  address = '';
  withCredentials = false;
  responseType = '';
  timeout = 0;
  aborted = false;
  onreadystatechange: (() => void) | null = null;
  onloadend: (() => void) | null = null;

  static to(end: string): LossyRequest {
    const found = LossyRequest.sent.findLast(({ address }) => address.endsWith(end));
    if (!found) throw new Error(`Nobody has asked for ${end}: ${LossyRequest.sent.map(({ address }) => address).join(' ')}`);
    return found;
  }

  open(_method: string, address: string): void {
    this.address = address;
  }

  send(): void {
    LossyRequest.sent.push(this);
  }

  answer(text: string, status = 200): void {
    this.readyState = LossyRequest.HEADERS_RECEIVED;
    this.status = status;
    this.onreadystatechange?.();
    this.response = new TextEncoder().encode(text).buffer;
    this.end();
  }

  /** Ended by a broken line, or by the asker. */
  end(): void {
    this.readyState = LossyRequest.DONE;
    this.onreadystatechange?.();
    this.onloadend?.();
    this.dispatchEvent(new Event('loadend'));
  }

  abort(): void {
    this.aborted = true;
    this.end();
  }
}
