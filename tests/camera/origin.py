"""A stand-in for an RTMP origin that answers by rote, without reading what it is told."""

import socket
import struct
import threading
from types import TracebackType

from amphitheatre.camera import flv

HANDSHAKE = 1536
SUCCESS = {"level": "status", "code": "NetStream.Publish.Start"}
REFUSAL = {"level": "error", "code": "NetStream.Publish.BadName"}


def command(name: str, number: int, *values: object) -> bytes:
    body = flv.amf(name) + flv.amf(number) + b"".join(flv.amf(value) for value in values)
    head = b"\x03\x00\x00\x00" + struct.pack(">I", len(body))[1:] + b"\x14" + b"\x00\x00\x00\x00"
    chunks = [body[start : start + 128] for start in range(0, len(body), 128)]
    return head + b"\xc3".join(chunks)


class Origin:
    """Listens on a free port. taken: bytes received after the handshake, by connection."""

    def __init__(self, status: dict[str, str] | None = None, port: int = 0) -> None:
        self._status = status or SUCCESS
        self._listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
        self.port: int = self._listener.getsockname()[1]
        self.taken: list[bytearray] = []
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, key: str = "key") -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{key}"

    def hang_up(self) -> None:
        for connection in self._open:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._open.clear()

    def say(self, data: bytes) -> None:
        self._open[-1].sendall(data)

    def __enter__(self) -> "Origin":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        self.hang_up()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed by __exit__
            taken = bytearray()
            self.taken.append(taken)
            self._open.append(connection)
            threading.Thread(target=self._answer, args=(connection, taken), daemon=True).start()

    def _answer(self, connection: socket.socket, taken: bytearray) -> None:
        try:
            first = connection.recv(1 + HANDSHAKE, socket.MSG_WAITALL)
            connection.sendall(b"\x03" + bytes(HANDSHAKE) + first[1:])
            connection.recv(HANDSHAKE, socket.MSG_WAITALL)
            connection.sendall(
                command("_result", 1, {}, {"level": "status", "code": "NetConnection.Connect.Success"})
            )
            connection.sendall(command("onBWDone", 0, None))
            connection.sendall(command("_result", 4, None, 1))
            connection.sendall(command("onStatus", 0, None, self._status))
            while data := connection.recv(65536):
                taken += data
        except OSError:
            return  # the test has hung up
