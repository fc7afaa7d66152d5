// Generated from amphitheatre.contract.room_plan by tools/contract_snapshot.py; do not edit.

/** Latency profile; frozen for the life of a room (RFC 8216bis, section 4.4.3). */
export type Profile = "fast" | "fastest" | "global";

/**
 * A picture that media fetches itself: an rtsp://, http(s):// or HLS address, or a file path.
 *
 * A file is played in real time, from the start again at its end when `loop` is set.
 */
export interface PullSource {
  readonly url: string;
  readonly loop: boolean;
}

/** One camera picture of the room. Without `pull` it waits for an encoder that knows `key`. */
export interface View {
  readonly id: string;
  readonly label: Readonly<Record<string, string>>;
  readonly key: string;
  readonly pull: PullSource | null;
}

/** One sound track. `label` is the language's name in itself; `key` admits a pushed voice. */
export interface Language {
  readonly tag: string;
  readonly label: string;
  readonly interpreted: boolean;
  readonly key: string;
}

/** Whether the room is kept, and for how long after its end (days; None: until deleted). */
export interface Recording {
  readonly enabled: boolean;
  readonly retention_days: number | null;
}

/**
 * A room as web wants it.
 *
 * views[0] carries the floor's sound unless a sound is pushed to the floor language's own key.
 * guard_delay is in seconds. ladder_heights are the encoded rungs below the top one, in lines.
 */
export interface RoomPlan {
  readonly id: string;
  readonly title: Readonly<Record<string, string>>;
  readonly views: readonly View[];
  readonly languages: readonly Language[];
  readonly floor: string;
  readonly profile: Profile;
  readonly ladder_heights: readonly number[];
  readonly top_height: number;
  readonly guard_delay: number;
  readonly recording: Recording;
}
