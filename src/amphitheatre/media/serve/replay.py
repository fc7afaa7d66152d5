"""Recordings: `replay` is a room's newest take, `takes/{id}` any one; segments come from disk or the object store."""

import asyncio
import re
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import msgspec
import structlog

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.package.grid import segment_seconds
from amphitheatre.media.record import replay, take
from amphitheatre.media.room.room import Room
from amphitheatre.media.room.variants import render
from amphitheatre.media.serve.files import answer_file
from amphitheatre.media.serve.hls import PLAYLIST, answer_bytes, grant_in, with_grant
from amphitheatre.media.serve.problem import Headers, Problem, Scope, Send, answer, header
from amphitheatre.media.store import segments
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE

log = structlog.get_logger(__name__)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_FILE: Final = re.compile(r"(?:init(?:-\d+)?\.mp4|\d{1,12}\.m4s)")
_NO_CACHE: Final = (b"cache-control", b"no-cache")
_IMMUTABLE: Final = (b"cache-control", b"public, max-age=3600, immutable")


class Replay:
    """Raises Problem for what is not there."""

    async def serve(self, room: Room, steps: list[str], scope: Scope, headers: Headers, send: Send) -> None:
        """steps: ``replay/{track…}/{file}`` or ``takes/{take}/{track…}/{file}``."""
        if len(steps) < 2 or not all(_NAME.fullmatch(step) for step in steps[:-1]):
            raise Problem(404)
        found, inside = await asyncio.to_thread(_find, room.folder, steps)
        query = scope["query_string"].decode("latin-1")
        if len(inside) == 2 and inside[1] == "multivariant.m3u8" and inside[0] in found.info.pictures:
            text = await asyncio.to_thread(_multivariant, found, inside[0])
            await answer(send, 200, [PLAYLIST, _NO_CACHE, *headers], _with_grant(text, query).encode())
            return
        if inside == [take.EXPORT_FILE]:
            name = f"{room.folder.name}-{found.id}.mp4"
            await answer_file(send, found.path / take.EXPORT_FILE, name, scope, headers)
            return
        track = _track(found, inside)
        if inside[2] == "media.m3u8":
            text = await asyncio.to_thread(_playlist, found, inside, *track, _from(query))
            await answer(send, 200, [PLAYLIST, _NO_CACHE, *headers], _with_grant(text, query).encode())
            return
        if not _FILE.fullmatch(inside[2]):
            raise Problem(404)
        data = await _read(track[0] / inside[2])
        kind = b"video/mp4" if track[1] == VIDEO_RATE else b"audio/mp4"
        await answer_bytes(
            send, data, header(scope, b"range"), [(b"content-type", kind), _IMMUTABLE, *headers]
        )


def _find(folder: Path, steps: list[str]) -> tuple[take.Take, list[str]]:
    if steps[0] == "takes" and len(steps) > 2:
        try:
            return take.load(folder / "takes" / steps[1]), steps[2:]
        except (FileNotFoundError, ValueError) as error:
            raise Problem(404) from error
    newest = next(reversed(take.all_takes(folder)), None)
    if newest is None:
        raise Problem(404)
    return newest, steps[1:]


def _track(found: take.Take, inside: list[str]) -> tuple[Path, int]:
    if len(inside) != 3:
        raise Problem(404)
    first, second, _ = inside
    if first == "languages" and second in found.info.sounds:
        return found.sound_folder(second), SOUND_RATE
    if any(rung.rung == second for rung in found.info.pictures.get(first, [])):
        return found.picture_folder(first, second), VIDEO_RATE
    raise Problem(404)


def _multivariant(found: take.Take, view: str) -> str:
    """A view that came later has the languages from then on; a language that came later still is left out."""
    first = replay.begin_of(found, view)
    later = f"?from={first}" if first > replay.begin(found) else ""
    info = msgspec.structs.replace(found.info, sounds=replay.sounds_from(found, first))
    return render(info, view, "../languages/{}/media.m3u8" + later)


def _playlist(found: take.Take, inside: list[str], path: Path, rate: int, later: int) -> str:
    first = replay.begin_of(found, inside[0]) if rate == VIDEO_RATE else max(replay.begin(found), later)
    return replay.media_playlist(path, rate, found, first, segment_seconds(found.info.profile))


def _from(query: str) -> int:
    """The segment that `_multivariant` has asked for; 0 without."""
    (given,) = parse_qs(query).get("from", ["0"])[-1:]
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else 0


async def _read(path: Path) -> bytes:
    try:
        return await segments.read(path)
    except FileNotFoundError:
        raise Problem(404) from None
    except StoreFailed as error:
        log.error("replay.store_failed", error=str(error))
        raise Problem(503, headers=[(b"retry-after", b"5")]) from None


def _with_grant(text: str, query: str) -> str:
    grant = grant_in(query)
    return with_grant(text, grant) if grant else text
