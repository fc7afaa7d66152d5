"""The bounded way from a camera's thread to the thread that sends."""

import queue
import threading
from typing import Final

from amphitheatre.camera import flv
from amphitheatre.camera.track import Format, Piece

LIMIT: Final = 150  # pieces, about 2 s of picture and sound


class Intake:
    """Takes pieces while it is open and never keeps the giver waiting; what does not fit is dropped and counted.

    A stream with a picture begins with an independent one, and so does what follows a drop.
    """

    def __init__(self, form: Format, limit: int = LIMIT) -> None:
        self._has_picture = form.picture is not None
        self._pieces: queue.Queue[Piece] = queue.Queue(limit)
        self._open = threading.Event()
        self._hungry = True
        self.dropped = 0

    @property
    def wanted(self) -> bool:
        return self._open.is_set()

    @property
    def hungry(self) -> bool:
        return self._hungry

    @property
    def empty(self) -> bool:
        return self._pieces.empty()

    def open(self) -> None:
        """Begins anew: what is left from before is forgotten."""
        while self.take(0) is not None:
            continue
        self._hungry = True
        self._open.set()

    def shut(self) -> None:
        self._open.clear()

    def put(self, piece: Piece) -> None:
        if not self._open.is_set():
            return
        if self._has_picture and self._hungry and not (piece.kind == flv.PICTURE and piece.key):
            return
        try:
            self._pieces.put_nowait(piece)
            self._hungry = False
        except queue.Full:
            self.dropped += 1
            self._hungry = True

    def take(self, seconds: float) -> Piece | None:
        """The next piece, None when none comes within so long."""
        try:
            return self._pieces.get(block=seconds > 0, timeout=seconds or None)
        except queue.Empty:
            return None
