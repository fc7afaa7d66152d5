/**
 * Keeps a stream on air at one place: publishes it, and again whenever that breaks, until it is ended.
 *
 *     const onAir = new OnAir(address, stream, { onLive, onLost, onRefused });
 *     onAir.start(takeover);
 *     await onAir.end();
 */
import { Backoff } from '../player/backoff';
import { publish, Refused, type Sender } from './whip';

export interface OnAirEvents {
  onLive: () => void;
  /** It broke, and is being mended. */
  onLost: () => void;
  /** The server does not let it in, or somebody has taken over (409); it has ended. */
  onRefused: (status: number) => void;
}

/** What has lived so long was well, ms: the next try comes soon again. */
const STEADY = 5_000;
/** The server may hold what has broken for alive so long, ms: its refusal for somebody else's sake is then about us. */
const OURS = 30_000;
const FIRST = 0.1;
const MOST = 5;

export class OnAir {
  private sender: Sender | null = null;
  /** What broke, as long as the server may take it for alive. */
  private lost: Sender | null = null;
  private lostAt = -Infinity;
  private liveAt = 0;
  private ended = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly backoff = new Backoff(FIRST, MOST);

  constructor(
    private readonly address: string,
    private readonly stream: MediaStream,
    private readonly events: OnAirEvents,
  ) {}

  start(takeover: boolean): void {
    void this.connect(takeover);
  }

  /** Throws TypeError when the server can't be told. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    const was = this.sender ?? this.lost;
    this.sender = this.lost = null;
    await was?.stop();
  }

  private async connect(takeover: boolean): Promise<void> {
    try {
      await this.lost?.stop();
      this.lost = null;
      if (this.ended) return;
      const fresh = await publish(this.address, this.stream, takeover);
      if (this.ended) await fresh.stop();
      else this.become(fresh);
    } catch (error) {
      if (this.ended) return;
      if (error instanceof Refused && !this.passing(error.status)) this.refuse(error.status);
      else this.again();
    }
  }

  private become(fresh: Sender): void {
    this.sender = fresh;
    this.liveAt = performance.now();
    fresh.onLost = (takenOver) => {
      this.sender = null;
      if (takenOver) {
        void fresh.stop().catch(() => undefined);
        this.refuse(409);
        return;
      }
      this.lost = fresh;
      this.lostAt = performance.now();
      if (this.lostAt - this.liveAt > STEADY) this.backoff.succeeded();
      this.again();
    };
    this.events.onLive();
  }

  /** Never takes over: what was ours is given up first, and whoever is live now has meant it. */
  private again(): void {
    this.events.onLost();
    this.timer = setTimeout(() => void this.connect(false), this.backoff.next() * 1000);
  }

  private refuse(status: number): void {
    this.ended = true;
    this.events.onRefused(status);
  }

  private passing(status: number): boolean {
    return status >= 500 || (status === 409 && performance.now() - this.lostAt < OURS);
  }
}
