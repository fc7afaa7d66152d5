"""Keeps one stream published over RTMP, for as long as it runs.

The connection lives in a thread of its own behind a bounded queue, so an origin that hangs delays no
camera. When the origin is gone it tries again every half second, forever.
"""

import threading
import time
from typing import Final

import structlog

from amphitheatre.camera import flv
from amphitheatre.camera.errors import PublishError
from amphitheatre.camera.intake import Intake
from amphitheatre.camera.rtmp import RtmpPublisher
from amphitheatre.camera.track import Format, Timeline

RETRY_SECONDS: Final = 0.5
_log = structlog.get_logger("amphitheatre.camera")


class Publisher(Intake):
    """One stream to one address. `name` stands for it in logs; the address holds a key and never does."""

    def __init__(self, name: str, url: str, form: Format) -> None:
        super().__init__(form)
        self._name = name
        self._url = url
        self._form = form
        self._ending = threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name=f"publish-{name}", daemon=True)
        self._thread.start()

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
            self.open()
            _log.info("camera.publishing", stream=self._name)
            self._trouble = ""
            while not self._ending.is_set():
                piece = self.take(0.25)
                place = timeline.place(piece) if piece is not None else None
                if piece is not None and place is not None:
                    connection.send(piece.kind, place, piece.body)
        except PublishError as error:
            self._complain(error)
        finally:
            self.shut()
            connection.close()

    def _complain(self, error: PublishError) -> None:
        """Once for each kind of trouble, not twice a second."""
        if str(error) != self._trouble:
            self._trouble = str(error)
            _log.warning("camera.waiting", stream=self._name, reason=self._trouble, dropped=self.dropped)
