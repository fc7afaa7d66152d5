"""Sends a stream where RTMP does not lead: to a file, or over SRT.

A .flv file is written directly; anything else goes through the ffmpeg binary of the imageio-ffmpeg
wheel, which copies the coded pictures and sound into the container that the address asks for.
"""

import contextlib
import subprocess
import threading
import time
from typing import IO, Final

import imageio_ffmpeg
import structlog

from amphitheatre.camera import flv
from amphitheatre.camera.errors import PublishError
from amphitheatre.camera.intake import Intake
from amphitheatre.camera.track import Format, Timeline

RETRY_SECONDS: Final = 0.5
_log = structlog.get_logger("amphitheatre.camera")


def _container(url: str, container: str | None) -> list[str]:
    if container is None and url.startswith(("srt:", "udp:", "rist:")):
        container = "mpegts"
    latency = ["-flush_packets", "1", "-muxdelay", "0", "-muxpreload", "0"] if container == "mpegts" else []
    return [*latency, *(["-f", container] if container else [])]


class Recorder(Intake):
    """A sink for a file or an address that ffmpeg understands; network addresses are tried again forever."""

    def __init__(self, url: str, form: Format, container: str | None = None) -> None:
        super().__init__(form)
        self._url = url
        self._form = form
        self._container = container
        self._remote = "://" in url
        self._failure = ""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes what is left, closes, and waits for that. Raises PublishError when a file failed."""
        self._ending.set()
        self._thread.join(10)
        if self._failure and not self._remote:
            raise PublishError(self._failure)

    def _run(self) -> None:
        while not self._ending.is_set():
            begun = time.monotonic()
            try:
                self._record()
            except OSError as error:
                self._complain(f"{'the receiver' if self._remote else 'the file'} failed: {error}")
            if not self._remote:
                return
            self._ending.wait(max(0.0, RETRY_SECONDS - (time.monotonic() - begun)))

    def _complain(self, failure: str) -> None:
        """Once for each kind of trouble, not twice a second."""
        if failure != self._failure:
            self._failure = failure
            _log.warning("camera.waiting", stream="record", reason=failure, dropped=self.dropped)

    def _record(self) -> None:
        if self._url.endswith(".flv") and not self._remote:
            with open(self._url, "wb") as target:
                self._write(target)
            return
        tool = imageio_ffmpeg.get_ffmpeg_exe()
        source = ["-probesize", "4096", "-analyzeduration", "0", "-f", "flv", "-i", "pipe:0"]
        output = ["-c", "copy", *_container(self._url, self._container), "-y", self._url]
        command = [tool, "-hide_banner", "-loglevel", "error", "-nostdin", *source, *output]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdin is not None  # noqa: S101  # PIPE was asked for
        try:
            self._write(process.stdin)
        finally:
            _finish(process, process.stdin)
        if process.returncode:
            raise OSError(f"ffmpeg ended with code {process.returncode}")

    def _write(self, target: IO[bytes]) -> None:
        timeline = Timeline()
        target.write(flv.file_header(self._form.sound is not None, self._form.picture is not None))
        for kind, body in self._form.headers():
            target.write(flv.tag(kind, 0, body))
        target.flush()
        self.open()
        try:
            while not (self._ending.is_set() and self.empty):
                piece = self.take(0.25)
                place = timeline.place(piece) if piece is not None else None
                if piece is not None and place is not None:
                    target.write(flv.tag(piece.kind, place, piece.body))
                    target.flush()
        finally:
            self.shut()


def _finish(process: subprocess.Popen[bytes], pipe: IO[bytes]) -> None:
    """Lets ffmpeg write its end, and ends it when it does not."""
    with contextlib.suppress(BrokenPipeError):  # its exit code says why it is gone
        pipe.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
