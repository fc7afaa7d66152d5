"""The room as media sees it now: `room.json` for everybody with a grant, `sources.json` for technicians."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    WAITING = "waiting"  # nothing has come in yet: there are no playlists
    LIVE = "live"
    LOST = "lost"  # playlists go on with the last picture and silence
    ENDED = "ended"  # only the replay is left


class ViewState(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    label: dict[str, str]
    state: State
    playlist: str | None  # path of the multivariant playlist, None while waiting


class LanguageState(msgspec.Struct, frozen=True, kw_only=True):
    """`source` says what is heard now: its own voice, the floor in its place, or nothing yet."""

    tag: str
    label: str
    interpreted: bool
    source: str  # "voice" | "floor" | "silence"
    offset: float  # seconds by which the voice is stamped earlier to meet the picture


class RoomState(msgspec.Struct, frozen=True, kw_only=True):
    """`began` and `now` are RFC 3339 in UTC; latency figures are seconds."""

    id: str
    title: dict[str, str]
    state: State
    profile: str
    floor: str
    views: list[ViewState]
    languages: list[LanguageState]
    viewers: int
    began: str | None
    now: str
    recording: str  # "off" | "on" | "stopped" (disk full: loud) | "finished"
    replay: str | None  # path of the video-on-demand multivariant playlist of the first view, if any


class TakeState(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a room as it is kept. ended is None while it is on air; sizes are bytes.

    views: those that were sent, with their labels; languages: their names in themselves, by tag.
    export: ``none``, ``running``, ``ready`` or ``failed``; export_progress: 0 to 1; export_reason: why it
    failed (``disk``, ``empty``, ``store`` or ``process-ended``), else empty.
    """

    id: str
    began: str
    ended: str | None
    size: int
    export: str
    export_progress: float
    export_size: int
    export_reason: str = ""
    views: dict[str, dict[str, str]] = {}
    languages: dict[str, str] = {}


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the technician sees of one source; None where it can't be known yet.

    Units: bits/s, frames/s, seconds, LUFS (EBU R 128), dBFS, parts per million.
    """

    source: str  # "views/{id}" or "languages/{tag}"
    state: State
    protocol: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    interlaced: bool = False
    bitrate: float | None = None
    frame_rate: float | None = None
    keyframe_distance: float | None = None
    audio_codec: str | None = None
    sample_rate: int | None = None
    channels: int | None = None
    loudness_momentary: float | None = None
    peak: float | None = None
    drift_ppm: float | None = None
    late: float | None = None
    dropped: int = 0
    mended: int = 0
    restarts: int = 0
    black: bool = False
    frozen: bool = False
    silent: bool = False
    clipping: bool = False
    hints: list[str] = []  # stable codes such as "keyframes-far-apart"; the page words them
