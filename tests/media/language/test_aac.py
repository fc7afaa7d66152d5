import av
import numpy as np

from amphitheatre.media.language.aac import AacEncoder
from amphitheatre.media.language.spec import BITRATE
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE
from tests.media.coded import sounds


def decoded(asc: bytes, frames: list[bytes]) -> np.ndarray:
    codec = av.AudioCodecContext.create("aac", "r")
    codec.extradata = asc
    got = [out.to_ndarray() for data in frames for out in codec.decode(av.Packet(data))]
    return np.concatenate(got, axis=1)


def test_frames_come_out_on_the_grid_one_encoder_s_delay_early() -> None:
    _, coded = sounds("fr", 100, 20)
    assert [frame.dts for frame in coded] == [(99 + k) * AAC_FRAME for k in range(len(coded))]
    assert len(coded) >= 19
    assert {frame.tag for frame in coded} == {"fr"}


def test_the_format_says_aac_lc_stereo_at_48_khz() -> None:
    form = AacEncoder("fr").format
    assert (form.tag, form.bitrate) == ("fr", BITRATE)
    # ISO/IEC 14496-3, 1.6.2.1: 5 bits of object type, 4 of frequency index (3: 48 kHz), 4 of channels.
    bits = int.from_bytes(form.asc[:2])
    assert (bits >> 11, bits >> 7 & 15, bits >> 3 & 15) == (2, 3, 2)


def test_the_tone_is_heard_again() -> None:
    form, coded = sounds("fr", 0, 40)
    heard = decoded(form.asc, [frame.data for frame in coded])[0][8 * AAC_FRAME : 24 * AAC_FRAME]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(spectrum.argmax() * SOUND_RATE / len(heard) - 440) < 5


def test_the_silence_is_silent() -> None:
    form = AacEncoder("fr").format
    assert np.abs(decoded(form.asc, [form.silence] * 6)).max() < 1e-4
