"""The return process: WHEP peers of all rooms (interpreters, speakers), fed by the origin over one socket.

A peer that fails takes down nothing but itself. The process ends when its socket closes.
"""

import asyncio
import socket
from collections.abc import Callable

import structlog

from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.errors import Refused
from amphitheatre.media.link import Link
from amphitheatre.media.rtc import messages
from amphitheatre.media.rtc.feeds import PictureFeed, SoundFeed
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
from amphitheatre.media.rtc.whep import Viewer
from amphitheatre.media.unit import Sound

_log = structlog.get_logger(__name__)


class ReturnFeed:
    """All rooms' feeds and peers. tell: hands a message to the origin, never waits."""

    def __init__(
        self, peers: asyncio.TaskGroup, tell: Callable[[FromReturn], None], network: RtcNetwork
    ) -> None:
        self._tasks = peers
        self._tell = tell
        self._network = network
        self._pictures: dict[tuple[str, str], PictureFeed] = {}
        self._sounds: dict[tuple[str, str], SoundFeed] = {}
        self._viewers: dict[str, Viewer] = {}
        self._room_of: dict[str, str] = {}

    def take(self, message: ToReturn) -> None:
        """Act on one message of the origin."""
        match message:
            case Feed(room, track, unit, held):
                if isinstance(unit, Sound):
                    self._sound(room, track).take(unit)
                else:
                    self._picture(room, track).take(unit, held)
            case Ladder(room, view, formats):
                self._picture(room, view).ladder(formats)
            case Offer():
                viewer = Viewer(
                    self._picture(message.room, message.view),
                    self._sound(message.room, message.language),
                    self._sound(message.room, message.floor),
                    self._network,
                )
                self._viewers[message.id], self._room_of[message.id] = viewer, message.room
                self._tasks.create_task(
                    self._watch(message, viewer), name=f"whep {message.room}/{message.view}"
                )
            case Hangup(id):
                if found := self._viewers.get(id):
                    found.close()
            case Forget(room):
                self._forget(room)

    def close(self) -> None:
        """End every peer; their tasks end by themselves."""
        for viewer in self._viewers.values():
            viewer.close()

    async def _watch(self, offer: Offer, viewer: Viewer) -> None:
        reason = "defect"
        try:
            async with viewer:
                self._tell(Answer(offer.id, await viewer.answer(offer.sdp)))
                reason = await viewer.run()
        except Refused as error:
            reason = error.code
            self._tell(Failed(offer.id, error.code))
        except Exception as error:
            # One peer's fault, ours or aiortc's, must not end the others: it is logged, and this peer is over.
            _log.exception("return_peer_failed", error=type(error).__name__)
        finally:
            self._viewers.pop(offer.id, None)
            self._room_of.pop(offer.id, None)
            self._tell(Ended(offer.id, reason, viewer.dropped))
            _log.info("return_peer_ended", room=offer.room, reason=reason, dropped=viewer.dropped)

    def _forget(self, room: str) -> None:
        for id, of in self._room_of.items():
            if of == room:
                self._viewers[id].close()
        for feeds in (self._pictures, self._sounds):
            for key in [key for key in feeds if key[0] == room]:
                del feeds[key]

    def _picture(self, room: str, view: str) -> PictureFeed:
        feed = self._pictures.get((room, view))
        if feed is None:
            feed = PictureFeed(lambda: self._tell(Keyframe(room, view)))
            self._pictures[room, view] = feed
        return feed

    def _sound(self, room: str, language: str) -> SoundFeed:
        return self._sounds.setdefault((room, language), SoundFeed())


async def serve(sock: socket.socket, network: RtcNetwork = ANY_NETWORK) -> None:
    """Serve peers until the origin closes the socket. sock: one end of a socket pair."""
    closed = asyncio.Event()
    link: Link[ToReturn]
    async with asyncio.TaskGroup() as peers:
        feed = ReturnFeed(peers, lambda message: link.send(message), network)
        link = await Link.over(sock, feed.take, closed.set, messages.TO_RETURN)
        try:
            await closed.wait()
            _log.info("return_socket_closed")
        finally:
            feed.close()
            link.close()


def run(sock: socket.socket, network: RtcNetwork) -> None:
    """The process's main function, after the fork."""
    asyncio.run(serve(sock, network))
