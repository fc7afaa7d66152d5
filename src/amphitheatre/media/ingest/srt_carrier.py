"""SRT in, the origin's part: ffmpeg's binary takes the caller's call and decrypts, its bytes come by a socket.

PyAV's libavformat has no SRT. The binary only carries: its "data" demuxer hands the transport stream on untouched,
without probing. It belongs to the origin, so a caller outlives the process that decodes it.
"""

import asyncio
import contextlib
import ctypes
import signal
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from typing import Final

import imageio_ffmpeg
import structlog

from amphitheatre.media.ingest.readable import readable

log = structlog.get_logger(__name__)

# Seconds libsrt keeps packets to have lost ones sent again; the caller may ask for more.
LATENCY: Final = 0.12
_WAIT: Final = 10.0  # seconds for a caller with the right passphrase
_PATIENCE: Final = 2.0  # seconds to end after SIGTERM
# What libsrt says when it turns a caller away.
_REFUSALS: Final = {"ERROR:BADSECRET": "wrong-passphrase", "ERROR:UNSECURE": "no-passphrase"}
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None)


class SrtCarrier:
    """One caller. sock: where its bytes can be read, by one reader after the other."""

    def __init__(self, sock: socket.socket, process: Process) -> None:
        self.sock = sock
        self._process = process

    @classmethod
    @contextlib.asynccontextmanager
    async def listening(
        cls, host: str, port: int, passphrase: str, *, latency: float = LATENCY, wait: float = _WAIT
    ) -> AsyncIterator["SrtCarrier"]:
        """Wait `wait` seconds for a caller on UDP `port` and carry what it sends, inside the block."""
        address = f"srt://{f'[{host}]' if ':' in host else host}:{port}"
        options = f"mode=listener&listen_timeout={round(wait * 1e6)}&latency={round(latency * 1e6)}"
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = await asyncio.create_subprocess_exec(
                imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning",
                "-passphrase", passphrase, "-enforced_encryption", "1",
                "-f", "data", "-i", f"{address}?{options}",
                "-map", "0", "-c", "copy", "-flush_packets", "1", "-f", "data", "pipe:1",
                stdin=DEVNULL, stdout=theirs.fileno(), stderr=PIPE, preexec_fn=_end_with_us,
                env={},  # ours may hold an object store's keys
            )  # fmt: skip
            theirs.close()
            ours.setblocking(False)
            log_reader = asyncio.create_task(_listen(process))
            try:
                yield cls(ours, process)
            finally:
                await _end(process)
                await log_reader

    @property
    def gone(self) -> bool:
        """The caller is, or was turned away, or never came."""
        return self._process.returncode is not None

    def hang_up(self) -> None:
        """End the call."""
        if not self.gone:
            self._process.terminate()

    async def answered(self) -> bool:
        """Return when bytes have come (True), or when none will."""
        await readable(self.sock)
        return bool(self.sock.recv(1, socket.MSG_PEEK))


def _end_with_us() -> None:
    """In the carrier: when the origin is killed, take leave of the caller, or it would wait for seconds; a carrier
    whose caller sends nothing would hold the port for ever.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _listen(process: Process) -> None:
    """Read the binary's words; its lines are never logged as they are, for they may hold the passphrase."""
    if process.stderr is None:
        return
    while line := await process.stderr.readline():
        text = line.decode("utf-8", "replace")
        for sign, code in _REFUSALS.items():
            if sign in text and "newConnection" in text:
                log.warning("srt.refused", reason=code)
