/** Asks media for `room.json` again and again and tells what it says; also learns how far this clock is from media's. */
import type { RoomState } from '../contract/room_state';
import { repeat } from './repeat';

export interface RoomFeedEvents {
  onState: (state: RoomState) => void;
  /** Media can't be reached; the last state is old. */
  onUnreachable: () => void;
  /** Media refuses the grant. */
  onDenied: () => void;
}

const EACH = 2;
/** An answer that took longer than this says too little about the clock, seconds. */
const PROMPT = 1;

export class RoomFeed {
  /** Media's clock minus this one, seconds; null before the first answer. */
  clockOffset: number | null = null;
  state: RoomState | null = null;
  private readonly offsets: { slack: number; offset: number }[] = [];
  private stopping: (() => void) | null = null;

  constructor(
    private readonly address: string,
    private readonly events: RoomFeedEvents,
  ) {}

  start(): void {
    this.stopping = repeat(EACH, (signal) => this.ask(signal));
  }

  stop(): void {
    this.stopping?.();
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const began = Date.now();
    let answer: Response;
    try {
      answer = await fetch(this.address, { credentials: 'include', signal, cache: 'no-store' });
    } catch (error) {
      if (!signal.aborted) this.events.onUnreachable();
      throw error;
    }
    if (answer.status === 401 || answer.status === 403) {
      this.events.onDenied();
      throw new Error('Media refuses the grant.');
    }
    if (!answer.ok) {
      this.events.onUnreachable();
      throw new Error(`room.json was answered with ${answer.status}.`);
    }
    const state = (await answer.json()) as RoomState;
    this.learnClock(began, Date.now(), Date.parse(state.now));
    this.state = state;
    this.events.onState(state);
  }

  /** The promptest of the last answers is the truest. Times in ms. */
  private learnClock(began: number, ended: number, there: number): void {
    const slack = (ended - began) / 1000;
    if (Number.isNaN(there) || slack > PROMPT) return;
    this.offsets.push({ slack, offset: (there - (began + ended) / 2) / 1000 });
    if (this.offsets.length > 10) this.offsets.shift();
    this.clockOffset = this.offsets.reduce((best, one) => (one.slack < best.slack ? one : best)).offset;
  }
}
