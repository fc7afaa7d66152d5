import io
import struct
from fractions import Fraction

import av

from amphitheatre.media.package import cmaf
from amphitheatre.media.package.cmaf import Sample
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE, VIDEO_RATE
from tests.media.coded import GRID, SIZE, pictures, sounds


def video_chunks(first: int = 250, count: int = 10, each: int = 5) -> tuple[bytes, list[bytes]]:
    """An initialisation segment and chunks of `each` frames."""
    form, coded = pictures(first, count)
    samples = [Sample(p.data, p.duration, p.key) for p in coded]
    chunks = [
        cmaf.chunk(k // each, (first + k) * GRID.ticks, samples[k : k + each], video=True)
        for k in range(0, count, each)
    ]
    return cmaf.video_init(form.avcc, form.width, form.height), chunks


def tfdt(chunk: bytes) -> int:
    at = chunk.index(b"tfdt") + 4
    return int(struct.unpack(">Q", chunk[at + 4 : at + 12])[0])


def test_pictures_open_and_decode_at_their_times() -> None:
    init, chunks = video_chunks()
    with av.open(io.BytesIO(b"".join([init, *chunks]))) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.width, stream.codec_context.height) == (SIZE.width, SIZE.height)
        assert stream.time_base == Fraction(1, VIDEO_RATE)
        frames = list(container.decode(stream))
    assert [frame.pts for frame in frames] == [(250 + k) * GRID.ticks for k in range(10)]
    assert [frame.key_frame for frame in frames] == [True, *[False] * 9]
    shades = [int(frame.to_ndarray()[0, 0]) for frame in frames]
    assert all(abs(shade - (20 + k)) <= 3 for k, shade in enumerate(shades))


def test_each_chunk_begins_where_the_one_before_ends() -> None:
    _, chunks = video_chunks()
    assert [tfdt(chunk) for chunk in chunks] == [250 * GRID.ticks, 255 * GRID.ticks]


def test_a_chunk_can_be_joined_at_without_those_before() -> None:
    init, chunks = video_chunks(first=240, count=15)  # frame 250 is an IDR frame
    with av.open(io.BytesIO(init + chunks[2])) as container:
        frames = list(container.decode(video=0))
    assert [frame.pts // GRID.ticks for frame in frames] == list(range(250, 255))


def test_times_beyond_32_bits_keep_their_value() -> None:
    start = 90_000 * 3600 * 24 * 30
    assert tfdt(cmaf.chunk(2**32 + 1, start, [Sample(b"x", 3600, True)], video=True)) == start


def test_sound_opens_and_decodes_at_its_times() -> None:
    form, coded = sounds("fr", 50, 12)
    samples = [Sample(sound.data, AAC_FRAME, True) for sound in coded]
    init = cmaf.sound_init(form.asc, form.bitrate, "fr")
    first, second = (
        cmaf.chunk(k, coded[0].dts + k * 6 * AAC_FRAME, samples[6 * k : 6 * k + 6], video=False)
        for k in (0, 1)
    )
    with av.open(io.BytesIO(init + first + second)) as container:
        stream = container.streams.audio[0]
        assert stream.metadata["language"] == "fra"
        assert (stream.codec_context.sample_rate, stream.codec_context.channels) == (SOUND_RATE, 2)
        frames = list(container.decode(stream))
    assert [frame.pts for frame in frames] == [coded[0].dts + k * AAC_FRAME for k in range(len(coded))]
    assert abs(frames[-1].to_ndarray()).max() > 0.1


def test_the_first_sample_lies_where_it_is_said_to_lie() -> None:
    for video in (True, False):
        for count in (1, 5, 12):
            samples = [Sample(b"<first>", 3600, True), *[Sample(b"x", 3600, False)] * (count - 1)]
            chunk = cmaf.chunk(0, 0, samples, video=video)
            at = cmaf.first_sample_offset(count, video=video)
            assert chunk[at : at + 7] == b"<first>"


def test_the_codec_string_names_profile_constraints_and_level() -> None:
    assert cmaf.codec_string(bytes((1, 0x64, 0x00, 0x1F))) == "avc1.64001f"
