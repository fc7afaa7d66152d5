"""What a room tells of itself: to everybody in it, to its technicians, and to the command line."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from amphitheatre.contract.room_state import LanguageState, RoomState, State, TakeState, ViewState
from amphitheatre.media.config import MediaConfig
from amphitheatre.media.record.take import Take
from amphitheatre.media.room.room import Room
from amphitheatre.media.room.variants import multivariant_text

# A viewer counts while a playlist was asked for within this time.
PRESENT_FOR = 10.0  # seconds


def room_state(room: Room, now: float, monotonic: float) -> RoomState:
    """now: Unix time; monotonic: time.monotonic(); both seconds."""
    take = room.tracks.take if room.tracks else None
    first = room.plan.views[0].id
    return RoomState(
        id=room.plan.id,
        title=room.plan.title,
        state=room.state,
        profile=(take.info.profile if take else room.plan.profile).value,
        floor=room.plan.floor,
        views=[
            ViewState(
                id=view.id,
                label=view.label,
                state=room.view_state(view.id),
                playlist=_playlist(room, view.id),
            )
            for view in room.plan.views
        ],
        languages=[
            LanguageState(
                tag=language.tag,
                label=language.label,
                interpreted=language.interpreted,
                source=room.languages.heard.get(language.tag, "silence"),
                offset=0.0,
            )
            for language in room.plan.languages
        ],
        viewers=viewers(room, monotonic),
        began=_rfc3339(take.info.began) if take else None,
        now=_rfc3339(now),
        recording=room.recording,
        replay=f"/rooms/{room.plan.id}/replay/{first}/multivariant.m3u8"
        if take and room.plan.recording.enabled
        else None,
    )


def viewers(room: Room, monotonic: float) -> int:
    """How many grants have asked for a playlist just now; forgets the others."""
    gone = [who for who, at in room.audience.items() if monotonic - at > PRESENT_FOR]
    for who in gone:
        del room.audience[who]
    return len(room.audience)


def listing(
    room: Room, config: MediaConfig, host: str, srt_port: Callable[[str], int], locale: str = "en"
) -> dict[str, Any]:
    """One entry of `amphitheatre rooms --json` (see docs/architecture.md). Holds stream keys: control only."""
    plan = room.plan
    web = f"http://{host}:{config.media_port}/rooms/{plan.id}"

    def push(source: str, key: str) -> list[dict[str, str]]:
        return [
            {"protocol": "rtmp", "url": f"rtmp://{host}:{config.rtmp_port}/live", "key": key},
            {
                "protocol": "srt",
                "url": f"srt://{host}:{srt_port(source)}?mode=caller&passphrase={key}",
                "key": key,
            },
            {"protocol": "whip", "url": f"{web}/{source}/whip", "key": key},
        ]

    return {
        "id": plan.id,
        "title": plan.title.get(locale) or next(iter(plan.title.values()), plan.id),
        "state": room.state.value,
        "views": [
            {
                "id": view.id,
                "label": view.label.get(locale) or view.id,
                "push": push(f"views/{view.id}", view.key),
            }
            for view in plan.views
        ],
        "languages": [
            {
                "tag": language.tag,
                "label": language.label,
                "interpreted": language.interpreted,
                "push": push(f"languages/{language.tag}", language.key),
            }
            for language in plan.languages
        ],
        "playlists": {view.id: f"{web}/{view.id}/multivariant.m3u8" for view in plan.views},
    }


def view_of_take(room: Room, take: Take) -> TakeState:
    """What is kept of one take; counts its files, so not on the event loop."""
    exported = room.recordings.exports.state(take)
    ended = room.ended_at(take)
    return TakeState(
        id=take.id,
        began=_rfc3339(take.info.began),
        ended=_rfc3339(ended) if ended is not None else None,
        size=room.recordings.size(take),
        export=exported.state,
        export_progress=exported.progress,
        export_size=exported.size,
        export_reason=exported.reason,
        views={view: label for view, label in take.info.labels.items() if view in take.info.pictures},
        languages={tag: name for tag, name in take.info.languages.items() if tag in take.info.sounds},
    )


def _playlist(room: Room, view: str) -> str | None:
    if room.view_state(view) is State.ENDED or multivariant_text(room, view) is None:
        return None
    return f"/rooms/{room.plan.id}/{view}/multivariant.m3u8"


def _rfc3339(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
