"""An RTSP camera for tests: RTP over the RTSP connection itself (RFC 2326, 10.12), fed by ffmpeg."""

import contextlib
import re
import selectors
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.media.ingest.publisher import ffmpeg


class RtspCamera:
    """Serves one caller after the other. inputs: picture and sound, of ffmpeg; coding: of both.

    calls: the methods it was asked for, in order.
    """

    def __init__(self, inputs: tuple[str, ...], coding: tuple[str, ...]) -> None:
        self.calls: list[str] = []
        self._sent = (inputs, coding)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._caller: socket.socket | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"rtsp://127.0.0.1:{self._door.getsockname()[1]}/camera"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self.hang_up()
        self._thread.join(10)
        self._door.close()

    def hang_up(self) -> None:
        """Break the connection off, as a camera does whose cable is pulled."""
        if self._caller is not None:
            with contextlib.suppress(OSError):  # the caller was the first to go
                self._caller.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                self._caller, _ = self._door.accept()
                with self._caller, _Lens(*self._sent) as lens:
                    self._talk(self._caller, lens)
            except OSError:
                continue  # hung up

    def _talk(self, caller: socket.socket, lens: "_Lens") -> None:
        """Answer until PLAY, then send what the lens sees until the caller has gone."""
        with caller.makefile("rb") as requests:
            while (line := requests.readline().decode()) and self.calls[-1:] != ["PLAY"]:
                headers = {}
                while header := requests.readline().decode().strip():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                method = line.split()[0]
                self.calls.append(method)
                answer, body = [f"CSeq: {headers['cseq']}", "Session: 1"], b""
                if method == "DESCRIBE":
                    body = lens.description
                    answer += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
                elif method == "SETUP":
                    answer.append(f"Transport: {headers['transport']}")
                caller.sendall("\r\n".join(["RTSP/1.0 200 OK", *answer, "", ""]).encode() + body)
                if method == "PLAY":
                    lens.send(caller)
        self.calls.append("gone")


class _Lens:
    """ffmpeg, which sends RTP and RTCP to four UDP ports of ours: interleaved channels 0 to 3."""

    def __init__(self, inputs: tuple[str, ...], coding: tuple[str, ...]) -> None:
        self._stack = ExitStack()
        self._sockets = [*_pair(self._stack), *_pair(self._stack)]
        picture, _, sound, _ = (sock.getsockname()[1] for sock in self._sockets)
        self._folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self._sdp = Path(self._folder, "sdp")
        self._encoder: subprocess.Popen[bytes] = ffmpeg(
            "-re", *inputs, "-sdp_file", str(self._sdp),
            "-map", "0:v", *coding, "-f", "rtp", f"rtp://127.0.0.1:{picture}",
            "-map", "1:a", *coding, "-f", "rtp", f"rtp://127.0.0.1:{sound}",
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._encoder.kill()
        self._encoder.wait()
        self._stack.close()

    @property
    def description(self) -> bytes:
        """The session's SDP with a control address for each medium (RFC 2326, C.1.1)."""
        deadline = time.monotonic() + 60
        while not self._sdp.exists() or b"m=audio" not in self._sdp.read_bytes():
            assert time.monotonic() < deadline, "ffmpeg has described nothing"
            time.sleep(0.01)
        tracks = iter(range(2))
        text = re.sub(r"m=(\w+) \d+ (.*)", r"m=\1 0 \2", self._sdp.read_text().replace("\r", ""))
        lines = []
        for line in text.strip().splitlines():
            if line.startswith("SDP:"):
                continue
            lines.append(line)
            if line.startswith("m="):
                lines.append(f"a=control:track{next(tracks)}")
        return ("\r\n".join(lines) + "\r\n").encode()

    def send(self, caller: socket.socket) -> None:
        """Until the caller has gone."""
        with selectors.DefaultSelector() as selector:
            for channel, sock in enumerate(self._sockets):
                selector.register(sock, selectors.EVENT_READ, channel)
            selector.register(caller, selectors.EVENT_READ, None)
            while True:
                for key, _ in selector.select():
                    if key.data is None:
                        if not caller.recv(4096):  # its RTCP, or a farewell
                            return
                        continue
                    packet = key.fileobj.recv(65_536)  # type: ignore[union-attr]  # a socket it is
                    caller.sendall(b"$" + bytes((key.data,)) + len(packet).to_bytes(2, "big") + packet)


def _pair(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Two UDP sockets on an even port and the one behind it: RTP and RTCP."""
    while True:
        first = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        second = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            if port % 2:
                raise OSError
            second.bind(("127.0.0.1", port + 1))
        except OSError:
            first.close()
            second.close()
            continue
        return stack.enter_context(first), stack.enter_context(second)
