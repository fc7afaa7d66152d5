"""What a publisher and we say to each other up to `publish`, and which key it has shown.

Pure: messages in, answers out, so it is tested without a socket. The order is that of OBS, ffmpeg, GStreamer's
rtmp2sink and the common hardware encoders; releaseStream and FCPublish are optional.
"""

import re
import struct
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.ingest import amf0
from amphitheatre.media.ingest.rtmp_chunks import (
    COMMAND,
    COMMAND_AMF3,
    DEFAULT_CHUNK_SIZE,
    PEER_BANDWIDTH,
    SET_CHUNK_SIZE,
    USER_CONTROL,
    WINDOW_SIZE,
    Message,
    message,
)

WINDOW: Final = 5_000_000  # bytes until an acknowledgement
# ffmpeg takes our chunk size over for what it sends: the larger, the fewer headers for both sides.
CHUNK_SIZE: Final = 65_536
_STREAM: Final = 1
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,79}")
FOURCC: Final[list[amf0.Value]] = ["avc1", "hvc1"]  # what encoders may send by enhanced RTMP


class Wish(NamedTuple):
    """A publisher asks for the view or voice that `key` stands for. `key` never goes to a log."""

    key: str
    takeover: bool


class Dialogue:
    """One publisher's commands. `outgoing` holds the bytes to send after each call of `take`."""

    def __init__(self) -> None:
        self.outgoing = bytearray()
        self._app = ""
        self._chunk_size = DEFAULT_CHUNK_SIZE

    def take(self, incoming: Message) -> Wish | None:
        """Answer a message; a Wish once `publish` has come. Raises SourceBroken or Refused("not-a-publisher")."""
        if incoming.kind == COMMAND_AMF3:
            values = amf0.decode(incoming.body[1:])
        elif incoming.kind == COMMAND:
            values = amf0.decode(incoming.body)
        else:
            return None
        if not values or not isinstance(values[0], str):
            raise SourceBroken("bad-command", "a command without a name")
        name, number = values[0], values[1] if len(values) > 1 else None
        transaction = number if isinstance(number, float) else 0.0
        if name == "connect":
            self._connect(values, transaction)
        elif name == "createStream":
            self._command("_result", transaction, None, _STREAM)
        elif name in ("releaseStream", "FCPublish", "_checkbw"):
            self._command("_result", transaction, None, None)
        elif name == "publish":
            return wish(self._app, values[3] if len(values) > 3 else None)
        elif name in ("play", "play2"):
            raise Refused("not-a-publisher")
        return None

    def admitted(self) -> bytes:
        """Tells the publisher to begin."""
        begin = message(USER_CONTROL, struct.pack(">HI", 0, _STREAM), chunk_size=self._chunk_size)
        return begin + self._status("status", "NetStream.Publish.Start", "Go ahead.")

    def refused(self, code: str) -> bytes:
        """Tells the publisher that it may not publish, and not why: a key's rightness is nobody's business."""
        status = "NetStream.Publish.BadName" if code != "rejected" else "NetStream.Publish.Rejected"
        return self._status("error", status, "Not accepted: unknown key, or the view is already live.")

    def _connect(self, values: list[amf0.Value], transaction: float) -> None:
        wishes = values[2] if len(values) > 2 else None
        if not isinstance(wishes, dict):
            raise SourceBroken("bad-command", "connect without an object")
        app = wishes.get("app")
        self._app = app if isinstance(app, str) else ""
        self.outgoing += message(WINDOW_SIZE, struct.pack(">I", WINDOW), chunk_size=self._chunk_size)
        self.outgoing += message(PEER_BANDWIDTH, struct.pack(">IB", WINDOW, 2), chunk_size=self._chunk_size)
        self.outgoing += message(SET_CHUNK_SIZE, struct.pack(">I", CHUNK_SIZE), chunk_size=self._chunk_size)
        self._chunk_size = CHUNK_SIZE
        server: dict[str, amf0.Value] = {
            "fmsVer": "FMS/3,0,1,123",
            "capabilities": 31.0,
            "fourCcList": FOURCC,
        }
        # Enhanced RTMP 2, "Enhancing NetConnection connect Command": 1 stands for "can decode".
        server["videoFourCcInfoMap"] = {str(code): 1.0 for code in FOURCC}
        status: dict[str, amf0.Value] = {
            "level": "status",
            "code": "NetConnection.Connect.Success",
            "description": "Connected.",
            "objectEncoding": 0.0,
        }
        self._command("_result", transaction, server, status)

    def _command(self, name: str, transaction: float, *values: "amf0.Value | int") -> None:
        body = amf0.encode(name, transaction, *values)
        self.outgoing += message(COMMAND, body, channel=3, chunk_size=self._chunk_size)

    def _status(self, level: str, code: str, description: str) -> bytes:
        info: dict[str, amf0.Value] = {"level": level, "code": code, "description": description}
        body = amf0.encode("onStatus", 0.0, None, info)
        return message(COMMAND, body, stream=_STREAM, channel=5, chunk_size=self._chunk_size)


def wish(app: str, name: "amf0.Value") -> Wish:
    """Find the key: it is the stream's name, with or without a path before it, or the end of the application's.

    Encoders that know one address only give ``live/KEY`` as the application and no name at all; some put the
    query behind the application. Raises Refused("bad-key").
    """
    app_path, _, app_query = app.partition("?")
    path, _, query = (name if isinstance(name, str) else "").partition("?")
    key = path.strip("/").rpartition("/")[2] or app_path.strip("/").rpartition("/")[2]
    if not _KEY.fullmatch(key):
        raise Refused("bad-key")
    takeover = any("1" in parse_qs(text).get("takeover", []) for text in (query, app_query))
    return Wish(key, takeover)
