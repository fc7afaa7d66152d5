"""What of a publisher's coded pictures can be decoded: after a loss nothing before the next key frame.

So the last good picture stands for a moment, in place of one smeared by what is missing.
"""

from typing import NamedTuple

from amphitheatre.media.rtc.h264 import is_idr, starts_afresh

_VP8_START = b"\x9d\x01\x2a"


class CodedFrame(NamedTuple):
    """One frame as it was sent. codec: ``h264`` (Annex B), ``vp8`` or ``opus`` (48 kHz).

    timestamp: seconds on the publisher's own timeline, the same for picture and sound.
    arrival: time.monotonic() at which its last packet was here. key: decoding can start with it.
    """

    codec: str
    data: bytes
    timestamp: float
    arrival: float
    key: bool


class KeyGate:
    """Lets pictures through from a key frame on. waiting: nothing passes before the next one."""

    def __init__(self) -> None:
        self.waiting = True
        self.frozen = 0

    def shut(self) -> None:
        """Something was lost: wait for the next key frame."""
        self.waiting = True

    def passes(self, codec: str, data: bytes, clean: bool) -> bool:
        """Whether to hand on this frame. clean: nothing was lost just before it."""
        if not clean:
            self.waiting = True
        if self.waiting and not _can_start(codec, data, clean):
            self.frozen += 1
            return False
        self.waiting = False
        return True


def is_key(codec: str, data: bytes) -> bool:
    if codec == "vp8":  # RFC 6386, 9.1: key frame bit clear, then the start code
        return not data[0] & 1 and data[3:6] == _VP8_START
    return codec == "opus" or is_idr(data)


def _can_start(codec: str, data: bytes, clean: bool) -> bool:
    """After a loss an H.264 frame may lack its beginning: its parameter sets show that it does not."""
    return is_key(codec, data) and (clean or codec != "h264" or starts_afresh(data))
