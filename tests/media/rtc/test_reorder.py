from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from amphitheatre.media.rtc.reorder import Reorder, Whole


@dataclass
class Packet:
    sequence_number: int
    timestamp: int
    marker: int = 0
    ssrc: int = 1
    payload_type: int = 96


def frames(count: int, packets: int = 3, first: int = 0) -> list[tuple[Packet, bytes]]:
    """`count` frames of `packets` packets each; the data says frame and packet."""
    return [
        (
            Packet((first + n * packets + p) & 0xFFFF, n * 3000, marker=int(p == packets - 1)),
            bytes([n, p]),
        )
        for n in range(count)
        for p in range(packets)
    ]


class Desk:
    """A Reorder with a clock that stands still until told."""

    def __init__(self, hold: float = 0.2, capacity: int = 64, by_marker: bool = True) -> None:
        self.whole: list[Whole] = []
        self.reorder = Reorder(self.whole.append, hold=hold, capacity=capacity, by_marker=by_marker)

    def add(self, packets: list[tuple[Packet, bytes]], now: float = 0.0) -> None:
        for packet, data in packets:
            self.reorder.add(packet, data, now)

    @property
    def data(self) -> list[bytes]:
        return [whole.data for whole in self.whole]


def test_a_frame_is_out_with_its_marker_and_not_with_the_next_frame() -> None:
    desk = Desk()
    desk.add(frames(1)[:2])
    assert desk.whole == []
    desk.add(frames(1)[2:], now=1.5)
    assert desk.data == [b"\0\0\0\1\0\2"]
    assert desk.whole[0].arrival == 1.5


def test_a_frame_without_marker_ends_where_the_next_timestamp_begins() -> None:
    desk = Desk()
    packets = frames(2)
    packets[2][0].marker = 0
    desk.add(packets[:4])
    assert desk.data == [b"\0\0\0\1\0\2"]


def test_sound_is_one_frame_a_packet_whatever_its_marker() -> None:
    desk = Desk(by_marker=False)
    desk.add([(Packet(n, n * 960), bytes([n])) for n in range(3)])
    assert desk.data == [b"\0", b"\1", b"\2"]


@given(st.permutations(range(12)), st.integers(0, 0xFFFF))
def test_any_order_of_packets_gives_the_same_frames(order: list[int], first: int) -> None:
    desk = Desk()
    packets = frames(5, first=first)
    desk.add(packets[:3])
    desk.add([packets[3:][n] for n in order])
    assert desk.data == [bytes([n, 0, n, 1, n, 2]) for n in range(5)]
    assert desk.reorder.lost == 0
    assert all(whole.clean for whole in desk.whole[1:])


@given(st.sets(st.integers(0, 29)), st.integers(0, 0xFFFF))
def test_whole_and_clean_frames_alone_are_clean(missing: set[int], first: int) -> None:
    desk = Desk(hold=0.0)
    packets = frames(10, first=first)
    for n, (packet, data) in enumerate(packets):
        if n not in missing:
            desk.reorder.add(packet, data, 0.0)
            desk.reorder.expire(1.0)
    for whole in desk.whole:
        n = whole.timestamp // 3000
        if whole.clean:
            assert whole.data == bytes([n, 0, n, 1, n, 2])


def test_a_lost_packet_is_waited_for_and_then_given_up() -> None:
    desk = Desk(hold=0.2)
    packets = frames(3)
    desk.add(packets[:3] + packets[4:], now=10.0)
    assert len(desk.whole) == 1
    assert desk.reorder.missing() == [3]
    assert not desk.reorder.expire(10.1)
    assert desk.reorder.expire(10.21)
    assert desk.reorder.lost == 1
    assert [whole.clean for whole in desk.whole] == [False, False, True]
    assert desk.whole[2].data == b"\2\0\2\1\2\2"


def test_a_packet_that_comes_again_in_time_costs_nothing() -> None:
    desk = Desk()
    packets = frames(3)
    desk.add(packets[:3] + packets[4:], now=10.0)
    desk.add([packets[3]], now=10.1)
    assert [whole.clean for whole in desk.whole] == [False, True, True]
    assert not desk.reorder.expire(11.0)


def test_what_comes_too_late_or_twice_is_counted_and_left_out() -> None:
    desk = Desk()
    packets = frames(2)
    desk.add([*packets, packets[1]])
    assert desk.reorder.late == 1
    assert len(desk.whole) == 2


def test_no_more_than_its_capacity_is_held() -> None:
    desk = Desk(hold=60.0, capacity=8)
    packets = frames(20)
    desk.add(packets[:1] + packets[2:30])
    assert len(desk.reorder._held) <= 8
    assert desk.reorder.lost == 1
    assert desk.data[-1] == b"\x09\0\x09\1\x09\2"


def test_a_new_stream_starts_afresh() -> None:
    desk = Desk()
    desk.add(frames(2))
    other = frames(1, first=40_000)
    for packet, _ in other:
        packet.ssrc = 2
    desk.add(other)
    assert [whole.ssrc for whole in desk.whole] == [1, 1, 2]
    assert not desk.whole[2].clean


def test_a_jump_of_sequence_numbers_is_a_new_start_not_a_long_wait() -> None:
    desk = Desk(hold=60.0)
    desk.add(frames(1))
    desk.add(frames(1, first=20_000))
    desk.add(frames(1, first=10_000))
    assert len(desk.whole) == 3


def test_requests_for_missing_packets_are_bounded() -> None:
    desk = Desk(hold=60.0, capacity=4096)
    packets = [(Packet(n, n), b"x") for n in range(2501)]
    desk.add([packets[0], packets[2500]])
    assert len(desk.reorder.missing()) == 128
