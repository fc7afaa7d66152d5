import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.store import object_store
from amphitheatre.media.store.segments import STORE_FILE, key, parts, read
from amphitheatre.media.store.track_folder import PartLine, TrackFolder

SEGMENTS = range(5, 17)  # more than are fetched ahead


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "share"
    share.mkdir()
    return share


@pytest.fixture
def track(tmp_path: Path, share: Path) -> Iterator[Path]:
    """Of a take that names a store."""
    take = tmp_path / "rooms/theatre/takes/20260101"
    folder = TrackFolder(take / "main/480p")
    for segment in SEGMENTS:
        for part in (0, 1):
            data = _part(segment, part)
            folder.append(
                segment,
                data,
                PartLine(segment=segment, part=part, offset=0, size=len(data), start=0, ticks=1),
            )
    folder.close()
    (take / STORE_FILE).write_text(f"file://{share}")
    object_store.opened.cache_clear()
    yield folder.path
    object_store.opened.cache_clear()


def _part(segment: int, part: int) -> bytes:
    return b"<%d.%d>" % (segment, part)


def move(track: Path, share: Path, segment: int) -> None:
    """Into the store."""
    there = share / key(track.parents[1]) / "main/480p"
    there.mkdir(parents=True, exist_ok=True)
    (track / f"{segment}.m4s").rename(there / f"{segment}.m4s")


def test_the_key_is_the_path_below_the_rooms() -> None:
    assert key(Path("/srv/rooms/theatre/takes/20260101")) == "theatre/takes/20260101"


async def test_a_segment_comes_from_the_disk_or_the_store(track: Path, share: Path) -> None:
    move(track, share, 6)
    for segment in (5, 6):
        assert await read(track / f"{segment}.m4s") == _part(segment, 0) + _part(segment, 1)


async def test_what_is_in_neither_is_not_found(track: Path, share: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await read(track / "99.m4s")
    (track.parents[1] / STORE_FILE).unlink()
    move(track, share, 6)
    with pytest.raises(FileNotFoundError):
        await read(track / "6.m4s")


def test_parts_come_in_order_wherever_they_are(track: Path, share: Path) -> None:
    for segment in SEGMENTS[::2]:
        move(track, share, segment)
    assert list(parts(track, 6)) == [_part(segment, part) for segment in SEGMENTS[1:] for part in (0, 1)]


def test_a_store_that_is_away_is_told_from_a_segment_that_is_not_there(track: Path, share: Path) -> None:
    move(track, share, 9)
    share.rename(share.with_name("unmounted"))
    pieces = parts(track, 0)
    assert next(pieces) == _part(5, 0)
    with pytest.raises(StoreFailed):
        list(pieces)


def test_of_a_reader_that_stops_early_no_thread_is_left(track: Path) -> None:
    pieces = parts(track, 0)
    next(pieces)
    pieces.close()
    assert not any(thread.name.startswith("segments") for thread in threading.enumerate())
