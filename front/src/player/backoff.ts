/** How long to wait before trying again: it grows with each failure, up to a most, and never ends. */
export class Backoff {
  private failures = 0;

  /** Both in seconds. */
  constructor(
    private readonly first: number,
    private readonly most: number,
  ) {}

  /** Seconds to wait before the next try. */
  next(): number {
    const wait = Math.min(this.most, this.first * 2 ** this.failures);
    this.failures += 1;
    return wait;
  }

  succeeded(): void {
    this.failures = 0;
  }
}
