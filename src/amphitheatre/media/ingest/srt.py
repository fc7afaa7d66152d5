"""SRT in: ffmpeg's binary takes the caller's call and decrypts, its bytes come by a pipe.

PyAV's libavformat has no SRT. The binary only carries: its "data" demuxer hands the transport stream on untouched,
without probing, so there is one demuxer and no delay of a second one.
"""

import contextlib
import ctypes
import signal
import subprocess
import threading
from collections.abc import Iterator
from typing import Final

import imageio_ffmpeg
import structlog

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import container
from amphitheatre.media.ingest.coded import Coded
from amphitheatre.media.ingest.timed_input import TimedInput

log = structlog.get_logger(__name__)

LATENCY: Final = (
    0.12  # seconds libsrt keeps packets to have lost ones sent again; the caller may ask for more
)
_WAIT: Final = 10.0  # seconds for a caller with the right passphrase
_SILENCE: Final = 10.0  # seconds
# What libsrt says when it turns a caller away.
_REFUSALS: Final = {"ERROR:BADSECRET": "wrong-passphrase", "ERROR:UNSECURE": "no-passphrase"}
_PROBE: Final = {"probesize": "1500000", "analyzeduration": "1500000"}  # bytes, microseconds
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None)


def _end_with_us() -> None:
    """In the carrier: when our process is killed, take leave of the caller, or it would wait for seconds; a carrier
    whose caller sends nothing would hold the port for ever.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class SrtSource:
    """One caller on UDP `port`. Raises SourceBroken("wrong-passphrase") and such from `packets`."""

    protocol = "srt"

    def __init__(
        self, host: str, port: int, passphrase: str, *, latency: float = LATENCY, wait: float = _WAIT
    ) -> None:
        self._refusal: str | None = None
        self._wait = wait
        address = f"srt://{f'[{host}]' if ':' in host else host}:{port}"
        options = f"mode=listener&listen_timeout={round(wait * 1e6)}&latency={round(latency * 1e6)}"
        self._carrier = subprocess.Popen(
            [
                *(
                    imageio_ffmpeg.get_ffmpeg_exe(),
                    "-hide_banner",
                    "-nostdin",
                    "-nostats",
                    "-loglevel",
                    "warning",
                ),
                *("-passphrase", passphrase, "-enforced_encryption", "1"),
                *("-f", "data", "-i", f"{address}?{options}"),
                *("-map", "0", "-c", "copy", "-flush_packets", "1", "-f", "data", "pipe:1"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=_end_with_us,
        )
        self._listener = threading.Thread(target=self._listen, name="srt-log", daemon=True)
        self._listener.start()

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: wrong-passphrase, no-passphrase, no-caller, closed, silent, unreadable."""
        pipe = self._carrier.stdout
        if pipe is None:
            raise SourceBroken("closed")
        # Until a caller is in, only the binary's own time limit counts.
        first = TimedInput(pipe.fileno(), self._wait + 5.0)
        try:
            opened = container.open_container(first, format="mpegts", options=_PROBE)
        except SourceBroken as broken:
            self._listener.join(1.0)
            if first.silent or not first.total:
                raise SourceBroken(self._refusal or "no-caller") from broken
            raise
        first.silence = _SILENCE
        with opened:
            yield from container.packets(opened, container.tracks(opened), first.arrived)
        raise first.end()

    def close(self) -> None:
        self._carrier.terminate()
        try:
            self._carrier.wait(2.0)
        except subprocess.TimeoutExpired:
            self._carrier.kill()
            self._carrier.wait()
        self._listener.join(2.0)

    def _listen(self) -> None:
        """Read the binary's words; its lines are never logged as they are, for they may hold the passphrase."""
        words = self._carrier.stderr
        if words is None:
            return
        with contextlib.closing(words):
            for line in words:
                text = line.decode("utf-8", "replace")
                for sign, code in _REFUSALS.items():
                    if sign in text and "newConnection" in text:
                        self._refusal = code
                        log.warning("srt.refused", reason=code)
