"""Keeps one stream published over RTMP, for as long as it runs.

The connection lives in a thread of its own behind a bounded queue, so an origin that hangs delays no
camera. When the origin is gone it tries again every half second, forever.
"""

import queue
import threading
import time
from typing import Final

import structlog

from amphitheatre.camera import flv
from amphitheatre.camera.errors import PublishError
from amphitheatre.camera.rtmp import RtmpPublisher
from amphitheatre.camera.track import Format, Piece, Timeline

RETRY_SECONDS: Final = 0.5
QUEUE_PIECES: Final = 150  # about 2 s of picture and sound
_log = structlog.get_logger("amphitheatre.camera")


class Publisher:
    """One stream to one address. `name` stands for it in logs; the address holds a key and never does."""

    def __init__(self, name: str, url: str, form: Format) -> None:
        self._name = name
        self._url = url
        self._form = form
        self._pieces: queue.Queue[Piece] = queue.Queue(QUEUE_PIECES)
        self._ending = threading.Event()
        self._connected = threading.Event()
        self._hungry = True
        self._trouble = ""
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name=f"publish-{name}", daemon=True)
        self._thread.start()

    @property
    def wanted(self) -> bool:
        return self._connected.is_set()

    @property
    def hungry(self) -> bool:
        return self._hungry

    def put(self, piece: Piece) -> None:
        """Takes a piece for sending; drops and counts it when the connection does not keep up."""
        if not self._connected.is_set():
            return
        if self._form.picture is not None and self._hungry:
            if not (piece.kind == flv.PICTURE and piece.key):
                return  # a stream begins with an independent picture
            self._hungry = False
        try:
            self._pieces.put_nowait(piece)
        except queue.Full:
            self.dropped += 1
            # What follows a lost picture cannot be decoded: begin again with an independent one.
            self._hungry = True

    def close(self) -> None:
        """Ends the stream and waits for that, two seconds at most."""
        self._ending.set()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._ending.is_set():
            begun = time.monotonic()
            try:
                connection = RtmpPublisher(self._url)
            except PublishError as error:
                self._complain(error)
            else:
                self._serve(connection)
            self._ending.wait(max(0.0, RETRY_SECONDS - (time.monotonic() - begun)))

    def _serve(self, connection: RtmpPublisher) -> None:
        timeline = Timeline()
        try:
            for kind, body in self._form.headers():
                prefix = flv.amf("@setDataFrame") if kind == flv.DATA else b""
                connection.send(kind, 0, prefix + body)
            self._empty()
            self._hungry = True
            self._connected.set()
            _log.info("camera.publishing", stream=self._name)
            self._trouble = ""
            while not self._ending.is_set():
                try:
                    piece = self._pieces.get(timeout=0.25)
                except queue.Empty:
                    continue
                place = timeline.place(piece)
                if place is not None:
                    connection.send(piece.kind, place, piece.body)
        except PublishError as error:
            self._complain(error)
        finally:
            self._connected.clear()
            connection.close()

    def _empty(self) -> None:
        while True:
            try:
                self._pieces.get_nowait()
            except queue.Empty:
                return

    def _complain(self, error: PublishError) -> None:
        """Once for each kind of trouble, not twice a second."""
        if str(error) != self._trouble:
            self._trouble = str(error)
            _log.warning("camera.waiting", stream=self._name, reason=self._trouble, dropped=self.dropped)
