/**
 * Where the live edge is now, in seconds of media time.
 *
 * A playlist tells where the edge was when it was sent; the edge then moves with the clock. A playlist
 * that comes late makes the edge look older than it is, never newer, so the earliest arrival of the
 * last few seconds is the truest.
 */

interface Arrival {
  at: number;
  lead: number;
}

/** How long an arrival counts, seconds: longer than any jitter, shorter than a listener's patience. */
const WINDOW = 6;

export class LiveEdge {
  private arrivals: Arrival[] = [];
  private newest = -Infinity;

  /** A playlist whose last part ends at `edge` came at `now`; both in seconds. */
  observe(edge: number, now: number): void {
    this.arrivals = this.arrivals.filter((arrival) => arrival.at > now - WINDOW);
    this.arrivals.push({ at: now, lead: edge - now });
    this.newest = now;
  }

  /** The edge in seconds of media time, or null before the first playlist. */
  at(now: number): number | null {
    const lead = this.lead();
    return lead === null ? null : now + lead;
  }

  /** Seconds since the last playlist that moved the edge. */
  age(now: number): number {
    return now - this.newest;
  }

  /** Media time was renumbered: what was learnt is void. */
  reset(): void {
    this.arrivals = [];
    this.newest = -Infinity;
  }

  private lead(): number | null {
    return this.arrivals.length === 0 ? null : Math.max(...this.arrivals.map((arrival) => arrival.lead));
  }
}
