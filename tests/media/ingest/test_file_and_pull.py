"""Files and addresses, played in real time."""

import functools
import http.server
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from amphitheatre.media import clock
from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.open import FileSpec, PullSpec, open_source, pull_spec
from amphitheatre.media.ingest.pacer import Pacer
from amphitheatre.media.ingest.pull import PullSource
from tests.media.ingest.publisher import PLAIN, ffmpeg, taken


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of picture and sound as a file to stream and as a playlist."""
    folder = tmp_path_factory.mktemp("clips")
    fast = ffmpeg(*PLAIN, "-t", "1", "-movflags", "faststart", str(folder / "clip.mp4"))
    assert fast.wait(60) == 0
    cut = ("-f", "hls", "-hls_time", "1", "-hls_list_size", "0")
    assert ffmpeg("-i", str(folder / "clip.mp4"), "-c", "copy", *cut, str(folder / "clip.m3u8")).wait(60) == 0
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_plays_in_real_time(clips: Path) -> None:
    begin = time.monotonic()
    received = taken(open_source(FileSpec(str(clips / "clip.mp4"))), clock.start())
    assert received.end == "ended"
    assert len(received.pictures) == 30
    assert time.monotonic() - begin > 0.8
    assert sorted(received.late)[3] < 0.1  # of the quickest tenth: the others may have waited for the machine


def test_a_looped_file_has_no_seam(clips: Path) -> None:
    source = open_source(FileSpec(str(clips / "clip.mp4"), loop=True))
    meter = Meter("views/main")
    times = []
    for item in receive(source, clock.start(), meter):
        if hasattr(item, "frame"):
            times.append(item.at)
            if len(times) == 75:
                break
    assert all(0.01 < after - before < 0.08 for before, after in itertools.pairwise(times))
    assert meter.report().dropped == meter.report().mended == 0


def test_closing_ends_a_file_that_waits(clips: Path) -> None:
    source = open_source(FileSpec(str(clips / "clip.mp4"), loop=True))
    packets = source.packets()
    next(packets)
    source.close()
    with pytest.raises(SourceBroken, match="ended"):
        for _ in packets:
            pass


@pytest.mark.parametrize("name", ["clip.mp4", "clip.m3u8"])
def test_an_address_plays_in_real_time_and_is_fetched_again(clips: Path, name: str) -> None:
    with _serving(clips) as address:
        source = PullSource(f"{address}/{name}", pause=0.05)
        times = []
        for item in receive(source, clock.start(), meter := Meter("views/main")):
            if hasattr(item, "frame"):
                times.append(item.at)
                if len(times) == 45:
                    break
    assert times == sorted(times)
    assert times[-1] - times[0] > 1.3
    assert meter.report().protocol == ("hls" if name.endswith("m3u8") else "http")


def test_an_address_that_is_not_there_is_given_up(clips: Path) -> None:
    with _serving(clips) as address, pytest.raises(SourceBroken, match="unreachable"):
        list(PullSource(f"{address}/nothing.mp4", pause=0.01).packets())


def test_a_playlist_from_elsewhere_reads_no_file_of_ours(clips: Path) -> None:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{clips}/clip0.ts\n#EXT-X-ENDLIST\n"
    (clips / "trap.m3u8").write_text(playlist)
    with _serving(clips) as address, pytest.raises(SourceBroken):
        list(PullSource(f"{address}/trap.m3u8", pause=0.01).packets())


@pytest.mark.parametrize("url", ["gopher://a/b", "concat:a|b", "lavfi://testsrc"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(SourceBroken):
        open_source(pull_spec(url, loop=False))


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no media" * 1000)
    with pytest.raises(SourceBroken, match="unreadable"):
        open_source(FileSpec(str(tmp_path / "text.mp4")))
    with pytest.raises(SourceBroken, match="unreachable"):
        open_source(FileSpec(str(tmp_path / "missing.mp4")))


def test_a_plans_address_or_path() -> None:
    assert pull_spec("rtsp://camera/1", loop=False) == PullSpec("rtsp://camera/1")
    assert pull_spec("/media/a.mp4", loop=True) == FileSpec("/media/a.mp4", loop=True)
    assert pull_spec("file:///media/a.mp4", loop=False) == FileSpec("/media/a.mp4", loop=False)


def test_the_pacer_waits_but_not_for_jumps() -> None:
    hand = 10.0
    pacer = Pacer(now=lambda: hand)
    assert pacer.wait(100.0) == 10.0
    hand = 10.5
    assert pacer.wait(100.4) == pytest.approx(10.4)
    assert pacer.wait(5000.0) == 10.5  # a jump forwards
    assert pacer.wait(0.0) == 10.5  # … and back
    hand = 20.0
    assert pacer.wait(1.0) == 20.0  # what fed it has stood still
    pacer.stop()
    begin = time.monotonic()
    assert pacer.wait(4.0) == pytest.approx(23.0)
    assert time.monotonic() - begin < 1
