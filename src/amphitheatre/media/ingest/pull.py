"""Addresses that media fetches itself: RTSP cameras, HTTP streams, HLS playlists."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import structlog
from av.container import InputContainer

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import container
from amphitheatre.media.ingest.coded import AnyPacket, Coded
from amphitheatre.media.ingest.pacer import Pacer

log = structlog.get_logger(__name__)

_TIMEOUT: Final = (10.0, 10.0)  # seconds to open and to wait for data
_TRIES: Final = 3  # failures in a row before it is given up; the source's supervisor begins anew
_PAUSE: Final = 1.0  # seconds
# A playlist from elsewhere must never make us read a file of this machine.
_NETWORK: Final = "http,https,tcp,tls,crypto,httpproxy"
_CAMERA: Final = {"rtsp_transport": "tcp", "analyzeduration": "1500000"}  # microseconds
_OPTIONS: Final = {
    "rtsp": _CAMERA | {"protocol_whitelist": "rtsp,rtp,tcp,udp"},
    "rtsps": _CAMERA | {"protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,udp"},
    "http": {"protocol_whitelist": _NETWORK, "analyzeduration": "2000000"},
    "https": {"protocol_whitelist": _NETWORK, "analyzeduration": "2000000"},
}


class PullSource:
    """Fetches `url`, again when it breaks off. Raises SourceBroken("address-unknown") for other schemes."""

    def __init__(self, url: str, *, pause: float = _PAUSE) -> None:
        scheme = urlsplit(url).scheme.lower()
        if scheme not in _OPTIONS:
            raise SourceBroken("address-unknown", "give an rtsp, http or https address, or a file's path")
        self.protocol = "hls" if urlsplit(url).path.endswith(".m3u8") else scheme
        self._url = url
        self._options = _OPTIONS[scheme]
        self._pause = pause
        self._stopped = threading.Event()
        # A camera sends in real time; what comes by HTTP comes in lumps, and a file comes at once.
        self._live = scheme.startswith("rtsp")
        self._pacer = Pacer()

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: ended, unreachable, unreadable."""
        failures = 0
        while True:
            try:
                with self._open() as opened:
                    for coded in container.packets(opened, container.tracks(opened), self._moment()):
                        failures = 0
                        yield coded
                broken = SourceBroken("ended")
            except SourceBroken as error:
                broken = error
            failures += 1
            if self._stopped.is_set():
                raise SourceBroken("ended")
            if failures >= _TRIES:
                raise broken
            log.info("pull.again", protocol=self.protocol, reason=broken.code)
            self._stopped.wait(self._pause)

    def close(self) -> None:
        self._stopped.set()
        self._pacer.stop()

    def _open(self) -> InputContainer:
        return container.open_container(self._url, options=self._options, timeout=_TIMEOUT)

    def _moment(self) -> Callable[[AnyPacket], float]:
        pacer = self._pacer

        def paced(packet: AnyPacket) -> float:
            if pacer.stopped:
                raise SourceBroken("ended")
            dts = packet.dts if packet.dts is not None else packet.pts
            return pacer.wait(float(dts * packet.time_base)) if dts is not None else time.monotonic()

        def live(_packet: AnyPacket) -> float:
            if pacer.stopped:
                raise SourceBroken("ended")
            return time.monotonic()

        return live if self._live else paced
