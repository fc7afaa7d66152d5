"""The process that makes a room's languages."""

import queue
import socket
from typing import Final

from amphitheatre.media.language.mixer import Mixer
from amphitheatre.media.language.spec import MixSpec
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room import forks
from amphitheatre.media.unit import Unit

_WAITING: Final = 1000  # units
_TICK: Final = 0.02  # seconds; an AAC frame is 0.0213


def run(sock: socket.socket, spec: MixSpec) -> None:
    """Until the origin closes the link."""
    link = BlockingLink(sock)
    incoming: queue.Queue[Unit] = queue.Queue(_WAITING)
    mixer = Mixer(spec)
    for unit in mixer.formats():
        link.send(unit)
    forks.listen(link, incoming.put)
    while True:
        for unit in _pending(incoming):
            mixer.take(unit)
        for unit in mixer.give():
            link.send(unit)


def _pending(incoming: queue.Queue[Unit]) -> list[Unit]:
    """What has come, after waiting a tick for the first."""
    units = []
    try:
        units.append(incoming.get(timeout=_TICK))
        while True:
            units.append(incoming.get_nowait())
    except queue.Empty:
        return units
