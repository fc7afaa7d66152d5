/**
 * What the line carries, measured on everything that comes over it: all pictures of a stage share one line.
 *
 * hls.js measures one request at a time by the page's own clock. On parts of a fifth of a second that tells of round trips
 * and of a busy page rather than of the line, and two pictures each take the whole line for theirs. The browser's
 * network process notes when an answer's first and last byte came (Resource Timing, https://www.w3.org/TR/resource-timing/).
 */

/** An answer from its first byte to its last; milliseconds of the page's clock. */
export interface Transfer {
  first: number;
  end: number;
  bytes: number;
}

/** One picture's part of a line. */
export interface Share {
  /** Bits a second that are there for it. */
  readonly bits: number;
  /** Whether they are more than a thought: some browsers don't tell how large an answer was (Safari before 16.4). */
  readonly measured: boolean;
  /** There is no room for requests that wait at the server for what doesn't exist yet. */
  readonly crowded: boolean;
  /** It has seen that there is no more than this for it, bits/s. */
  doubt: (bits: number) => void;
}

/** The line is what it was over both: bad news counts soon, good news when it lasts; ms. */
const [SOON, LASTS] = [3000, 10_000];
/** A smaller answer comes at once on any line and tells nothing, bytes. */
const TELLS = 4000;
/** The first packet comes with the first byte; bytes. */
const PACKET = 1448;
/** The clock's own step, ms. */
const STEP = 0.1;

export class LineMeter {
  private transfers: Transfer[] = [];
  /** Whether anything has been measured yet. */
  measured = false;
  /** Before HTTP/2 a browser has six requests under way with a server, and the others wait for their turn. */
  sixAtOnce = false;

  /** `bits`: a second, as is thought before anything is measured. */
  constructor(public bits: number) {}

  heard({ first, end, bytes }: Transfer): void {
    if (bytes < TELLS) return;
    this.transfers = this.transfers.filter((other) => other.end > end - LASTS);
    this.transfers.push({ first, end, bytes: bytes - PACKET });
    this.bits = Math.min(rate(this.transfers.filter((other) => other.end > end - SOON)), rate(this.transfers));
    this.measured = true;
  }

  /** `taken`: by the others, bits/s. `more`: whether one more picture is being made ready. */
  share(taken: () => number, more = (): boolean => false): Share {
    const left = (): number => Math.max(0, this.bits - taken());
    const measured = (): boolean => this.measured;
    const crowded = (): boolean => this.sixAtOnce && more();
    const doubt = (bits: number): void => {
      this.transfers = [];
      this.bits = Math.min(this.bits, bits + taken());
    };
    return {
      get bits() {
        return left();
      },
      get measured() {
        return measured();
      },
      get crowded() {
        return crowded();
      },
      doubt,
    };
  }
}

/** Bits a second while anything was coming. */
function rate(transfers: readonly Transfer[]): number {
  let [bytes, busy, until] = [0, 0, -Infinity];
  for (const transfer of [...transfers].sort((one, other) => one.first - other.first)) {
    bytes += transfer.bytes;
    busy += Math.max(0, transfer.end - Math.max(transfer.first, until));
    until = Math.max(until, transfer.end);
  }
  return (bytes * 8000) / Math.max(busy, STEP);
}

/** Tells the meter of all that the page loads, from now on. */
export function measure(meter: LineMeter): void {
  const note = (list: PerformanceObserverEntryList): void => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      // Nothing came over the line (the browser's cache), or we aren't let know how much or when.
      if (entry.transferSize === 0 || !entry.encodedBodySize || entry.responseStart === 0) continue;
      meter.sixAtOnce = entry.nextHopProtocol.startsWith('http/1');
      meter.heard({ first: entry.responseStart, end: entry.responseEnd, bytes: entry.encodedBodySize });
    }
  };
  new PerformanceObserver(note).observe({ entryTypes: ['resource'] });
}
