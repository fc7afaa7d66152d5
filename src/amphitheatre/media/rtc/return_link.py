"""The origin's end of the return process's socket: offers out, answers back, units fed and never waited for."""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc import messages
from amphitheatre.media.rtc.messages import (
    Answer,
    Ended,
    Failed,
    Feed,
    Forget,
    FromReturn,
    Hangup,
    Keyframe,
    Offer,
)
from amphitheatre.media.unit import Picture, PictureFormat, Sound

_log = structlog.get_logger(__name__)

PEERS: Final = 12  # a room
VIEWERS: Final = 6  # of them; the others are interpreters, speakers, moderators, technicians
ANSWER_WITHIN: Final = 8.0  # seconds
HELD_AFTER: Final = 1.0  # seconds without a picture
BACKLOG: Final = 512 << 10  # bytes waiting for the process, a second of one view; what is beyond is dropped


class Watching(NamedTuple):
    """One live peer. viewer: it counts against the viewers' share."""

    room: str
    view: str
    languages: frozenset[str]
    viewer: bool


class ReturnLink:
    """Owns the socket. Run `run` in a task group; it returns when the process is gone, and all peers with it.

    keyframe: called with (room, view) when a peer needs an IDR picture from that view's source.
    ended: called with (room, reason) after a peer has gone.
    """

    def __init__(
        self,
        keyframe: Callable[[str, str], None],
        ended: Callable[[str, str], None] = lambda room, reason: None,
    ) -> None:
        self._keyframe = keyframe
        self._ended = ended
        self._writer: asyncio.StreamWriter | None = None
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._peers: dict[str, Watching] = {}
        self._formats: dict[tuple[str, str], PictureFormat] = {}
        self._sent_formats: dict[tuple[str, str], PictureFormat] = {}
        self._last_key: dict[tuple[str, str], Picture] = {}
        self._came: dict[tuple[str, str], float] = {}
        self._needs_key: set[tuple[str, str]] = set()
        self.dropped = 0

    async def run(self, sock: socket.socket) -> None:
        """Serve one life of the process. sock: our end of the socket pair."""
        reader, writer = await asyncio.open_connection(sock=sock)
        self._writer = writer
        decoder = msgspec.msgpack.Decoder(FromReturn)
        try:
            while True:
                self._take(decoder.decode(await messages.read_body(reader.readexactly)))
        except (asyncio.IncompleteReadError, ConnectionError):
            _log.warning("return_process_gone", peers=len(self._peers))
        finally:
            self._writer = None
            writer.close()
            self._all_gone()

    def peers(self, room: str) -> int:
        """How many peers the room has now."""
        return sum(peer.room == room for peer in self._peers.values())

    async def watch(
        self, room: str, view: str, language: str, floor: str, sdp: str, *, viewer: bool
    ) -> tuple[str, str]:
        """(resource id, SDP answer). The id can't be guessed, so whoever knows it may end it.

        Raises Refused: ``too-many-peers``, ``return-unavailable``, or what `whep.Viewer.answer` raises.
        """
        if self._writer is None:
            raise Refused("return-unavailable")
        of_room = [peer for peer in self._peers.values() if peer.room == room]
        if len(of_room) >= PEERS or (viewer and sum(peer.viewer for peer in of_room) >= VIEWERS):
            raise Refused("too-many-peers")
        id = secrets.token_urlsafe(24)
        self._peers[id] = Watching(room, view, frozenset((language, floor)), viewer)
        self._show_format(room, view)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[id] = answer
        self._show_held(room, view)
        self._write(messages.frame(Offer(id, room, view, language, floor, sdp)))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return id, await answer
        except TimeoutError as error:
            self.hang_up(id)
            raise Refused("return-unavailable") from error
        except asyncio.CancelledError:
            self.hang_up(id)  # the client has gone before its answer came
            raise
        finally:
            self._answers.pop(id, None)

    def room_of(self, id: str) -> str | None:
        """The room of a live peer."""
        peer = self._peers.get(id)
        return peer.room if peer else None

    def hang_up(self, id: str) -> bool:
        """End a peer; False if there is none of this id."""
        if id not in self._peers:
            return False
        self._write(messages.frame(Hangup(id)))
        return True

    def forget(self, room: str) -> None:
        """The room is over: end its peers."""
        kept: tuple[dict[tuple[str, str], Any], ...]
        kept = (self._formats, self._sent_formats, self._last_key, self._came)
        for by_view in kept:
            for key in [key for key in by_view if key[0] == room]:
                del by_view[key]
        self._write(messages.frame(Forget(room)))

    def feed(self, room: str, track: str, unit: Picture | PictureFormat | Sound) -> None:
        """Hand on one unit of a view's best rung, or of a language's sound; units nobody watches stay here."""
        if isinstance(unit, PictureFormat):
            self._formats[room, track] = unit
            self._show_format(room, track)
            return
        if isinstance(unit, Picture):
            self._came[room, track] = time.monotonic()
            if unit.key:
                self._last_key[room, track] = unit
        if not any(self._wants(peer, room, track, unit) for peer in self._peers.values()):
            return
        if self._writer is None or self._writer.transport.get_write_buffer_size() > BACKLOG:
            self.dropped += 1
            if isinstance(unit, Picture):
                self._needs_key.add((room, track))
            return
        if isinstance(unit, Picture) and not self._may_go(room, track, unit):
            return
        self._write(messages.frame(Feed(room, track, unit)))

    def _wants(self, peer: Watching, room: str, track: str, unit: Picture | Sound) -> bool:
        if peer.room != room:
            return False
        return track == peer.view if isinstance(unit, Picture) else track in peer.languages

    def _may_go(self, room: str, view: str, unit: Picture) -> bool:
        """After a drop nothing of that view goes on before its next IDR picture."""
        if (room, view) in self._needs_key:
            if not unit.key:
                self.dropped += 1
                return False
            self._needs_key.discard((room, view))
        return True

    def _show_format(self, room: str, view: str) -> None:
        """Send the view's parameter sets once, when somebody watches it, and again when they change."""
        unit = self._formats.get((room, view))
        watched = any(peer.room == room and peer.view == view for peer in self._peers.values())
        if unit is not None and watched and self._sent_formats.get((room, view)) is not unit:
            self._sent_formats[room, view] = unit
            self._write(messages.frame(Feed(room, view, unit)))

    def _show_held(self, room: str, view: str) -> None:
        """While a source is lost, who joins sees its last picture, as everybody else does."""
        last = self._last_key.get((room, view))
        if last is not None and time.monotonic() - self._came[room, view] > HELD_AFTER:
            self._write(messages.frame(Feed(room, view, last, held=True)))

    def _write(self, data: bytes) -> None:
        if self._writer is not None:
            self._writer.write(data)

    def _take(self, message: FromReturn) -> None:
        match message:
            case Answer(id, sdp):
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_result(sdp)
            case Failed(id, code):
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_exception(Refused(code))
            case Ended(id, reason):
                if peer := self._peers.pop(id, None):
                    self._ended(peer.room, reason)
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_exception(Refused(reason))
            case Keyframe(room, view):
                self._keyframe(room, view)

    def _all_gone(self) -> None:
        self._sent_formats.clear()
        self._needs_key.clear()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(Refused("return-unavailable"))
        gone, self._peers = self._peers, {}
        for peer in gone.values():
            self._ended(peer.room, "return-unavailable")
