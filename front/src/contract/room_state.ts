// Generated from amphitheatre.contract.room_state by tools/contract_snapshot.py; do not edit.

export type State = "ended" | "live" | "lost" | "waiting";

export interface ViewState {
  readonly id: string;
  readonly label: Readonly<Record<string, string>>;
  readonly state: State;
  readonly playlist: string | null;
}

/** `source` says what is heard now: its own voice, the floor in its place, or nothing yet. */
export interface LanguageState {
  readonly tag: string;
  readonly label: string;
  readonly interpreted: boolean;
  readonly source: string;
  readonly offset: number;
}

/** `began` and `now` are RFC 3339 in UTC; latency figures are seconds. */
export interface RoomState {
  readonly id: string;
  readonly title: Readonly<Record<string, string>>;
  readonly state: State;
  readonly profile: string;
  readonly floor: string;
  readonly views: readonly ViewState[];
  readonly languages: readonly LanguageState[];
  readonly viewers: number;
  readonly began: string | null;
  readonly now: string;
  readonly recording: string;
  readonly replay: string | null;
}

/**
 * One run of a room as it is kept. ended is None while it is on air; sizes are bytes.
 *
 * views: those that were sent, with their labels; languages: their names in themselves, by tag.
 * export: ``none``, ``running``, ``ready`` or ``failed``; export_progress: 0 to 1; export_reason: why it
 * failed (``disk``, ``empty``, ``store`` or ``process-ended``), else empty.
 */
export interface TakeState {
  readonly id: string;
  readonly began: string;
  readonly ended: string | null;
  readonly size: number;
  readonly export: string;
  readonly export_progress: number;
  readonly export_size: number;
  readonly export_reason: string;
  readonly views: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly languages: Readonly<Record<string, string>>;
}

/**
 * What the technician sees of one source; None where it can't be known yet.
 *
 * Units: bits/s, frames/s, seconds, LUFS (EBU R 128), dBFS, parts per million.
 */
export interface SourceReport {
  readonly source: string;
  readonly state: State;
  readonly protocol: string | null;
  readonly codec: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly interlaced: boolean;
  readonly bitrate: number | null;
  readonly frame_rate: number | null;
  readonly keyframe_distance: number | null;
  readonly audio_codec: string | null;
  readonly sample_rate: number | null;
  readonly channels: number | null;
  readonly loudness_momentary: number | null;
  readonly peak: number | null;
  readonly drift_ppm: number | null;
  readonly late: number | null;
  readonly dropped: number;
  readonly mended: number;
  readonly restarts: number;
  readonly black: boolean;
  readonly frozen: boolean;
  readonly silent: boolean;
  readonly clipping: boolean;
  readonly hints: readonly string[];
}
