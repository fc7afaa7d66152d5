from amphitheatre.media.rtc.gate import KeyGate, is_key

SPS, IDR, SLICE = (b"\0\0\0\1" + bytes([kind, 1]) for kind in (0x67, 0x65, 0x41))
VP8_KEY = b"\x10\x02\x00\x9d\x01\x2a\x40\x01"
VP8_DELTA = b"\x11\x02\x00"


def test_nothing_passes_before_a_key_frame_that_is_whole() -> None:
    gate = KeyGate()
    assert not gate.passes("h264", SLICE, clean=True)
    assert not gate.passes("h264", IDR, clean=False), "its beginning may be missing"
    assert gate.passes("h264", SPS + IDR, clean=False)
    assert gate.passes("h264", SLICE, clean=True)
    assert gate.frozen == 2


def test_after_a_loss_the_picture_stands_until_the_next_key_frame() -> None:
    gate = KeyGate()
    assert gate.passes("h264", SPS + IDR, clean=True)
    assert not gate.passes("h264", SLICE, clean=False)
    assert not gate.passes("h264", SLICE, clean=True)
    assert gate.waiting
    assert gate.passes("h264", IDR, clean=True)


def test_vp8_key_frames_are_known_by_their_start_code() -> None:
    assert is_key("vp8", VP8_KEY)
    assert not is_key("vp8", VP8_DELTA)
    assert not is_key("vp8", VP8_KEY[:3])
    assert KeyGate().passes("vp8", VP8_KEY, clean=False)
