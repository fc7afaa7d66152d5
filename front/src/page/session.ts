/** Keeps the right to be in the room: renews the grant's cookie in time, and at once when media refuses. */
import { Backoff } from '../player/backoff';

const MARGIN = 30;

export class Session {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private under: Promise<boolean> | null = null;
  private readonly backoff = new Backoff(2, 30);

  /** `renewAfter`: seconds between two renewals. `denied` is told when there is no right any more. */
  constructor(
    private readonly address: string,
    private readonly renewAfter: number,
    private readonly denied: () => void,
  ) {}

  start(): void {
    this.plan(this.renewAfter);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Renews now; several callers share one request. True when the right holds. */
  renew(): Promise<boolean> {
    this.under ??= this.ask().finally(() => {
      this.under = null;
    });
    return this.under;
  }

  private async ask(): Promise<boolean> {
    try {
      const answer = await fetch(this.address, { method: 'POST', credentials: 'same-origin' });
      if (answer.status === 401 || answer.status === 403) {
        this.denied();
        return false;
      }
      if (!answer.ok) throw new Error(`Renewal was answered with ${answer.status}.`);
      const { expiresIn } = (await answer.json()) as { expiresIn: number };
      this.backoff.succeeded();
      this.plan(Math.max(1, Math.min(this.renewAfter, expiresIn - MARGIN)));
      return expiresIn > 0;
    } catch {
      // web may be restarting: media goes on without it, and so does the page until the grant ends.
      this.plan(this.backoff.next());
      return false;
    }
  }

  private plan(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renew(), seconds * 1000);
  }
}
