"""A publisher's end of RTMP (Adobe RTMP 1.0; AMF 0 commands).

FFmpeg's own client sends 128-byte chunks, a system call each, and PyAV opens it with the interpreter
locked: an origin that hangs would stop every camera and the clean end. This one sends a message a
system call, and every wait has a limit.
"""

import contextlib
import os
import select
import socket
import struct
from collections import deque
from typing import Final
from urllib.parse import urlsplit

from amphitheatre.camera import flv
from amphitheatre.camera.errors import PublishError, RefusedError

HANDSHAKE: Final = 1536  # bytes
CHUNK: Final = 65_536  # bytes, of what we send
PATIENCE: Final = 5.0  # seconds that the origin may take to answer or to accept data
SEND_BUFFER: Final = 256 * 1024  # bytes, a second or so of picture
LARGEST_ANSWER: Final = 1 << 20  # bytes
_SET_CHUNK_SIZE, _USER_CONTROL, _COMMAND = 1, 4, 20
_PING, _PONG = 6, 7


class RtmpPublisher:
    """One published stream. Every method raises PublishError when the connection is lost."""

    def __init__(self, url: str) -> None:
        """Connects and publishes. url: rtmp://HOST[:PORT]/APP/KEY. Raises RefusedError when the origin says no."""
        parts = urlsplit(url)
        app, _, key = parts.path.lstrip("/").partition("/")
        if parts.scheme != "rtmp" or not parts.hostname or not app or not key:
            raise PublishError("an RTMP address looks like rtmp://HOST:PORT/live/KEY")
        port = parts.port or 1935
        self._answers = _Answers()
        try:
            self._socket = socket.create_connection((parts.hostname, port), timeout=PATIENCE)
        except OSError as error:
            raise PublishError(f"nobody answers at {parts.hostname}:{port}: {error}") from error
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # What waits in the system's buffer is late: rather drop pictures than send old ones.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            self._shake_hands()
            query = f"?{parts.query}" if parts.query else ""
            self._publish(f"rtmp://{parts.hostname}:{port}/{app}", app, key + query)
        except OSError as error:
            self._socket.close()
            raise PublishError(f"the connection broke: {error}") from error
        except PublishError:
            self._socket.close()
            raise

    def send(self, kind: int, milliseconds: int, body: bytes) -> None:
        """A tag body of `kind` (see `flv`) at `milliseconds` since the start of the stream."""
        try:
            self._drain()
            self._message(kind, milliseconds, body, stream=self._stream)
        except OSError as error:
            raise PublishError(f"the connection broke: {error}") from error

    def close(self) -> None:
        """Ends the stream politely; a connection that is gone already is no error."""
        with self._socket, contextlib.suppress(OSError):
            self._socket.settimeout(0.5)
            self._command("FCUnpublish", 6, None, self._key)
            self._command("deleteStream", 7, None, self._stream)

    def _shake_hands(self) -> None:
        first = struct.pack(">II", 0, 0) + os.urandom(HANDSHAKE - 8)
        self._socket.sendall(b"\x03" + first)
        answer = self._exactly(1 + 2 * HANDSHAKE)
        if answer[0] != 3:
            raise PublishError("what answers there does not speak RTMP")
        self._socket.sendall(answer[1 : 1 + HANDSHAKE])

    def _publish(self, address: str, app: str, key: str) -> None:
        self._key, self._stream = key, 0
        self._message(_SET_CHUNK_SIZE, 0, struct.pack(">I", CHUNK), channel=2)
        facts = {
            "app": app,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; Amphitheatre)",
            "tcUrl": address,
        }
        self._command("connect", 1, facts)
        self._awaited("_result", 1)
        self._command("releaseStream", 2, None, key)
        self._command("FCPublish", 3, None, key)
        self._command("createStream", 4, None)
        self._stream = int(float(str(self._awaited("_result", 4)[3])))
        self._command("publish", 5, None, key, "live", stream=self._stream)
        self._awaited("onStatus", None)

    def _command(self, name: str, number: int, *values: object, stream: int = 0) -> None:
        body = flv.amf(name) + flv.amf(number) + b"".join(flv.amf(value) for value in values)
        self._message(_COMMAND, 0, body, channel=3, stream=stream)

    def _message(self, kind: int, milliseconds: int, body: bytes, channel: int = 0, stream: int = 0) -> None:
        """Sends a message as chunks of type 0 (and 3), section 5.3.1."""
        channel = channel or {flv.SOUND: 4, flv.PICTURE: 6}.get(kind, 5)
        stamp = milliseconds & 0xFFFFFFFF
        extended = struct.pack(">I", stamp) if stamp >= 0xFFFFFF else b""
        head = struct.pack(">I", min(stamp, 0xFFFFFF))[1:] + struct.pack(">I", len(body))[1:]
        parts = [bytes([channel]), head, bytes([kind]), struct.pack("<I", stream), extended, body[:CHUNK]]
        for start in range(CHUNK, len(body), CHUNK):
            parts += [bytes([0xC0 | channel]), extended, body[start : start + CHUNK]]
        self._socket.sendall(b"".join(parts))

    def _awaited(self, name: str, number: int | None) -> list[object]:
        """The command `name`, answering ours of that number. Raises RefusedError when it says no."""
        while True:
            while (command := self._answers.taken()) is not None:
                self._check(command)
                if command[0] == name and number in (None, command[1]):
                    return command
            data = self._socket.recv(65_536)
            if not data:
                raise RefusedError("the origin closed the connection before the stream began")
            self._feed(data)

    def _drain(self) -> None:
        """Takes what the origin says while we send: acknowledgements, pings, a farewell."""
        while select.select([self._socket], [], [], 0)[0]:
            data = self._socket.recv(65_536)
            if not data:
                raise PublishError("the origin closed the connection")
            self._feed(data)
        while (command := self._answers.taken()) is not None:
            self._check(command)

    def _feed(self, data: bytes) -> None:
        for event in self._answers.fed(data):
            self._message(_USER_CONTROL, 0, struct.pack(">H", _PONG) + event, channel=2)

    @staticmethod
    def _check(command: list[object]) -> None:
        facts = next((value for value in command[2:] if isinstance(value, dict) and "code" in value), {})
        if command[0] == "_error" or facts.get("level") == "error":
            raise RefusedError(f"the origin refused the stream: {facts.get('code', 'no reason given')}")

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise RefusedError("the origin closed the connection during the handshake")
            data += part
        return data


class _Answers:
    """Puts the origin's chunks together. Bounded: an answer larger than 1 MiB ends the connection."""

    def __init__(self) -> None:
        self._data = b""
        self._size = 128
        self._heads: dict[int, tuple[int, int, bool]] = {}  # length, type, extended timestamp
        self._bodies: dict[int, bytes] = {}
        self._commands: deque[list[object]] = deque()

    def taken(self) -> list[object] | None:
        """The next command that has come, None when there is none."""
        return self._commands.popleft() if self._commands else None

    def fed(self, data: bytes) -> list[bytes]:
        """Takes data; returns the payloads of the pings in it."""
        self._data += data
        pings = []
        while (message := self._chunk()) is not None:
            kind, body = message
            if kind == _SET_CHUNK_SIZE and len(body) >= 4:
                self._size = max(1, struct.unpack(">I", body[:4])[0] & 0x7FFFFFFF)
            elif kind == _USER_CONTROL and body[:2] == struct.pack(">H", _PING):
                pings.append(body[2:])
            elif kind == _COMMAND:
                self._commands.append(parsed(body))
        return pings

    def _chunk(self) -> tuple[int, bytes] | None:
        """One more chunk: (type, body) of the message it completes, (0, b"") of one that goes on, None: wait."""
        data = self._data
        if not data or (data[0] & 63 < 2 and len(data) < 3):
            return None
        form, channel, place = data[0] >> 6, data[0] & 63, 1
        if channel < 2:
            place, channel = (2, 64 + data[1]) if channel == 0 else (3, 64 + data[1] + 256 * data[2])
        length, kind, extended = self._heads.get(channel, (0, 0, False))
        head = data[place : place + (11, 7, 3, 0)[form]]
        place += (11, 7, 3, 0)[form]
        if form < 3 and len(head) == (11, 7, 3)[form]:
            extended = head[:3] == b"\xff\xff\xff"
        if form < 2 and len(head) == (11, 7)[form]:
            length, kind = int.from_bytes(head[3:6], "big"), head[6]
        place += 4 * extended
        if length > LARGEST_ANSWER:
            raise PublishError("the origin's answer is too large to be one")
        body = self._bodies.get(channel, b"")
        end = place + min(self._size, length - len(body))
        if len(data) < end:
            return None
        self._data = data[end:]
        self._heads[channel] = (length, kind, extended)
        body += data[place:end]
        if len(body) < length:
            self._bodies[channel] = body
            return 0, b""
        self._bodies.pop(channel, None)
        return kind, body


def parsed(body: bytes) -> list[object]:
    """The AMF 0 values of a command; what comes after a value of an unknown kind is left out."""
    values: list[object] = []
    place = 0
    try:
        while place < len(body):
            value, place = _value(body, place)
            values.append(value)
    except (struct.error, IndexError, KeyError):
        values.append(None)
    return values + [None] * (4 - len(values))


def _value(body: bytes, place: int) -> tuple[object, int]:
    kind, place = body[place], place + 1
    if kind == 0:
        return struct.unpack(">d", body[place : place + 8])[0], place + 8
    if kind == 1:
        return body[place] != 0, place + 1
    if kind == 2:
        (length,) = struct.unpack(">H", body[place : place + 2])
        return body[place + 2 : place + 2 + length].decode(errors="replace"), place + 2 + length
    if kind in (3, 8):
        return _members(body, place + (4 if kind == 8 else 0))
    if kind in (5, 6):
        return None, place
    raise KeyError(kind)


def _members(body: bytes, place: int) -> tuple[dict[str, object], int]:
    members: dict[str, object] = {}
    while True:
        (length,) = struct.unpack(">H", body[place : place + 2])
        name = body[place + 2 : place + 2 + length].decode(errors="replace")
        place += 2 + length
        if body[place] == 9:
            return members, place + 1
        members[name], place = _value(body, place)
