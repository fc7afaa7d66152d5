/** What the page says over the picture: the one thing that matters most now. Pure. */
import type { State } from '../contract/room_state';

export interface Situation {
  unsupported: boolean;
  denied: boolean;
  mode: 'live' | 'recorded';
  /** What media last said of the room, and of the view that is large; null before it said anything. */
  room: State | null;
  view: State | null;
  reachable: boolean;
  /** A frame has been on the screen. */
  shown: boolean;
  /** Playback stands still for want of data. */
  waiting: boolean;
  soundOnly: boolean;
  /** A camera was chosen just now that has nothing to show. */
  noPicture: boolean;
  /** The recording is not there (yet). */
  missing: boolean;
  recording: string | null;
}

/** Key of the text to show, or null while all is well. */
export function statusKey(now: Situation): string | null {
  if (now.unsupported) return 'status-unsupported';
  if (now.denied) return 'status-denied';
  return (now.mode === 'live' ? live(now) : recorded(now)) ?? (now.noPicture ? 'status-no-picture' : null);
}

function live(now: Situation): string | null {
  if (now.room === 'ended') return 'status-ended';
  if (!now.shown) {
    if (!now.reachable) return 'status-offline';
    return now.room === 'waiting' || now.view === 'waiting' ? 'status-waiting' : 'status-connecting';
  }
  if (now.waiting) return now.reachable ? 'status-buffering' : 'status-offline';
  if (now.room === 'lost' || now.view === 'lost') return 'status-lost';
  return now.soundOnly ? 'status-sound-only' : null;
}

function recorded(now: Situation): string | null {
  if (now.missing && !now.shown) {
    return now.recording === 'off' || (now.recording === null && now.reachable) ? 'status-no-replay' : 'status-replay-soon';
  }
  if (!now.shown) return now.reachable ? 'status-connecting' : 'status-offline';
  if (now.waiting) return now.reachable ? 'status-buffering' : 'status-offline';
  return now.soundOnly ? 'status-sound-only' : null;
}
