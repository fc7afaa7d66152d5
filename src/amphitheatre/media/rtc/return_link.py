"""The origin's end of the return process's socket: offers out, answers back, units fed and never waited for."""

import asyncio
import secrets
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from amphitheatre.media.errors import Refused
from amphitheatre.media.link import Link
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
    Ladder,
    Offer,
    ToReturn,
)
from amphitheatre.media.unit import Picture, PictureFormat, Sound

_log = structlog.get_logger(__name__)

PEERS: Final = 12  # a room
VIEWERS: Final = 6  # of them; the others are interpreters, speakers, moderators, technicians
ANSWER_WITHIN: Final = 8.0  # seconds
HELD_AFTER: Final = 1.0  # seconds without a picture
# Bytes waiting for the process; what is beyond is dropped. The key frames of four views, which come at one moment, fit.
BACKLOG: Final = 1 << 20


class Watching(NamedTuple):
    """One live peer. viewer: it counts against the viewers' share."""

    room: str
    view: str
    languages: frozenset[str]
    viewer: bool


class Kept:
    """What is kept of a view for who joins. formats: of its ladder, the best rung first, as it was announced.

    last_key: the best rung's newest IDR picture. needs_key: rungs of which something was dropped since their last one.
    """

    def __init__(self) -> None:
        self.formats: list[PictureFormat] = []
        self.shown = False  # whether the process knows these formats
        self.last_key: Picture | None = None
        self.came = float("-inf")
        self.needs_key: set[str] = set()
        self._announcing = False

    def announce(self, unit: PictureFormat) -> None:
        """A ladder is announced at once, before its pictures."""
        if not self._announcing:
            self._announcing, self.formats = True, []
        self.formats.append(unit)
        self.shown = False

    def see(self, unit: Picture) -> None:
        self._announcing = False
        self.came = time.monotonic()
        if unit.key and self.formats and unit.rung == self.formats[0].rung:
            self.last_key = unit


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
        self._link: Link[FromReturn] | None = None
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._peers: dict[str, Watching] = {}
        self._views: dict[tuple[str, str], Kept] = defaultdict(Kept)
        self.dropped = 0

    async def run(self, sock: socket.socket) -> None:
        """Serve one life of the process. sock: our end of the socket pair."""
        closed = asyncio.Event()
        self._link = await Link.over(sock, self._take, closed.set, messages.FROM_RETURN)
        try:
            await closed.wait()
            _log.warning("return_process_gone", peers=len(self._peers))
        finally:
            self._link.close()
            self._link = None
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
        if self._link is None:
            raise Refused("return-unavailable")
        of_room = [peer for peer in self._peers.values() if peer.room == room]
        if len(of_room) >= PEERS or (viewer and sum(peer.viewer for peer in of_room) >= VIEWERS):
            raise Refused("too-many-peers")
        id = secrets.token_urlsafe(24)
        self._peers[id] = Watching(room, view, frozenset((language, floor)), viewer)
        kept = self._views[room, view]
        self._show(room, view, kept)
        if kept.last_key is not None and time.monotonic() - kept.came > HELD_AFTER:
            # Its source is lost: who joins sees the last picture, as everybody else does.
            self._say(Feed(room, view, kept.last_key, held=True))
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[id] = answer
        self._say(Offer(id, room, view, language, floor, sdp))
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
        self._say(Hangup(id))
        return True

    def forget(self, room: str) -> None:
        """The room is over: end its peers."""
        for key in [key for key in self._views if key[0] == room]:
            del self._views[key]
        self._say(Forget(room))

    def feed(self, room: str, track: str, unit: Picture | PictureFormat | Sound) -> None:
        """Hand on one unit of a view's ladder, or of a language's sound; units nobody watches stay here."""
        if isinstance(unit, Sound):
            if any(peer.room == room and track in peer.languages for peer in self._peers.values()):
                self._send(room, track, unit)
            return
        view = self._views[room, track]
        if isinstance(unit, PictureFormat):
            view.announce(unit)
            return
        view.see(unit)
        if not any(peer.room == room and peer.view == track for peer in self._peers.values()):
            return
        self._show(room, track, view)
        if unit.rung in view.needs_key and not unit.key:
            self.dropped += 1  # it can't be decoded without what was dropped before
        elif self._send(room, track, unit):
            view.needs_key.discard(unit.rung)
        else:
            view.needs_key.add(unit.rung)

    def _send(self, room: str, track: str, unit: Picture | Sound) -> bool:
        """False if there was no room for it."""
        if self._link is None or self._link.backlog > BACKLOG:
            self.dropped += 1
            return False
        self._link.send(Feed(room, track, unit))
        return True

    def _show(self, room: str, name: str, view: Kept) -> None:
        """Tell the process the view's ladder, once."""
        if not view.shown:
            view.shown = True
            self._say(Ladder(room, name, view.formats))

    def _say(self, message: ToReturn) -> None:
        if self._link is not None:
            self._link.send(message)

    def _take(self, message: FromReturn) -> None:
        match message:
            case Answer(id, sdp):
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_result(sdp)
            case Failed(id, code):
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_exception(Refused(code))
            case Ended(id, reason, dropped):
                self.dropped += dropped
                if peer := self._peers.pop(id, None):
                    self._ended(peer.room, reason)
                if (waiting := self._answers.get(id)) and not waiting.done():
                    waiting.set_exception(Refused(reason))
            case Keyframe(room, view):
                self._keyframe(room, view)

    def _all_gone(self) -> None:
        for view in self._views.values():
            view.shown = False
            view.needs_key.clear()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(Refused("return-unavailable"))
        gone, self._peers = self._peers, {}
        for peer in gone.values():
            self._ended(peer.room, "return-unavailable")
