from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.rtc import h264
from tests.media.rtc.camera import Camera


def test_an_access_unit_gets_start_codes_for_its_lengths() -> None:
    assert h264.annex_b(b"\0\0\0\2\x65\1\0\0\0\1\x41") == b"\0\0\0\1\x65\1\0\0\0\1\x41"


@pytest.mark.parametrize("broken", [b"\0\0\0\5\x65", b"\0\0\0\0", b"\0\0\0\1\x65\0"])
def test_lengths_that_lie_are_refused(broken: bytes) -> None:
    with pytest.raises(SourceBroken, match="bad-access-unit"):
        h264.annex_b(broken)


def test_parameter_sets_and_pictures_of_a_real_encoder() -> None:
    camera = Camera()
    sets = h264.parameter_sets(camera.format().avcc)
    assert list(h264.nal_types(sets)) == [7, 8]
    first, second = camera.shoot(), camera.shoot()
    assert first.key
    assert h264.is_idr(h264.annex_b(first.data))
    assert not h264.is_idr(h264.annex_b(second.data))
    assert h264.starts_afresh(sets + h264.annex_b(first.data))
    assert not h264.starts_afresh(h264.annex_b(first.data))


def parsed(parse: Callable[[bytes], bytes], data: bytes) -> bytes | None:
    try:
        return parse(data)
    except SourceBroken:
        return None


@given(st.binary(max_size=64))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    assert all(0 <= kind < 32 for kind in h264.nal_types(data))
    unit = parsed(h264.annex_b, data)
    assert unit is None or len(unit) == len(data), "a start code is as long as the length in its place"
    sets = parsed(h264.parameter_sets, data)
    assert not sets or sets.startswith(h264.START_CODE)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8))
def test_what_has_true_lengths_is_never_refused(units: list[bytes]) -> None:
    avcc = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
    assert h264.annex_b(avcc) == b"".join(h264.START_CODE + unit for unit in units)
