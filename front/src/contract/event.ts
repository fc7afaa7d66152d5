// Generated from amphitheatre.contract.event by tools/contract_snapshot.py; do not edit.

export type EventKind = "archive.resumed" | "archive.stalled" | "presence" | "recording.stopped" | "room.ended" | "room.live" | "source.live" | "source.lost" | "source.refused";

/** One event. at is RFC 3339 in UTC; source is ``views/{id}`` or ``languages/{tag}``. */
export interface Event {
  readonly id: string;
  readonly kind: EventKind;
  readonly room: string;
  readonly at: string;
  readonly source: string | null;
  readonly detail: Readonly<Record<string, string | number>>;
}
