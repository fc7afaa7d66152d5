"""What a browser's publisher loses on the way is told to the technician."""

from collections.abc import Iterator
from typing import Any

from amphitheatre.media.room.whip_coded import WhipCoded
from amphitheatre.media.rtc.gate import CodedFrame


class Publisher:
    """Loses two packets before its second frame."""

    dropped = 0

    def frames(self) -> Iterator[CodedFrame]:
        for number, dropped in enumerate((0, 2, 2)):
            self.dropped = dropped
            yield CodedFrame("opus", b"sound", number * 0.02, float(number), True)


def test_losses_are_counted_once() -> None:
    lost: list[int] = []
    publisher: Any = Publisher()
    assert len(list(WhipCoded(publisher, lost.append).packets())) == 3
    assert lost == [2]
