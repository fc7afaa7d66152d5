"""CMAF boxes: initialisation segments and chunks (ISO/IEC 14496-12 and 23000-19).

Our own writer, since the cutting of parts to the tick is what this project exists for; it writes just the
boxes that a one-track fragmented file needs.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from amphitheatre.media.playlist.languages import iso_639_2
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE, VIDEO_RATE

_SYNC = 0x02000000  # sample_depends_on = 2: an IDR frame
_NOT_SYNC = 0x01010000  # depends on others, not a sync sample
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class Sample(NamedTuple):
    """duration: ticks of the track's timescale."""

    data: bytes
    duration: int
    key: bool


def video_init(avcc: bytes, width: int, height: int) -> bytes:
    """ftyp and moov of an H.264 track. avcc: AVCDecoderConfigurationRecord."""
    entry = _box(
        b"avc1",
        bytes(6) + b"\0\x01" + bytes(16),
        struct.pack(">HHIIIH", width, height, 0x480000, 0x480000, 0, 1),
        bytes(32),
        struct.pack(">Hh", 0x18, -1),
        _box(b"avcC", avcc),
        _box(b"pasp", struct.pack(">II", 1, 1)),
    )
    header = _full(b"vmhd", 0, 1, bytes(8))
    return _init(VIDEO_RATE, "und", b"vide", header, entry, struct.pack(">II", width << 16, height << 16), 0)


def sound_init(asc: bytes, bitrate: int, tag: str, channels: int = 2) -> bytes:
    """ftyp and moov of an AAC-LC track. asc: AudioSpecificConfig; bitrate: bits/s."""
    decoder = _descriptor(
        4,
        b"\x40\x15" + bytes(3) + struct.pack(">II", bitrate, bitrate),
        _descriptor(5, asc),
    )
    esds = _full(b"esds", 0, 0, _descriptor(3, b"\0\x01\0", decoder, _descriptor(6, b"\x02")))
    entry = _box(
        b"mp4a",
        bytes(6) + b"\0\x01" + bytes(8),
        struct.pack(">HHHHI", channels, 16, 0, 0, SOUND_RATE << 16),
        esds,
    )
    language = iso_639_2(tag)
    return _init(SOUND_RATE, language, b"soun", _full(b"smhd", 0, 0, bytes(4)), entry, bytes(8), 0x0100)


def chunk(sequence: int, start: int, samples: Sequence[Sample], *, video: bool) -> bytes:
    """One moof with its mdat. sequence: of the movie fragment; start: tfdt in ticks of the track."""
    if video:
        rows = b"".join(
            struct.pack(">III", s.duration, len(s.data), _SYNC if s.key else _NOT_SYNC) for s in samples
        )
        flags = 0x000701  # data offset; duration, size and flags of each sample
        tfhd = _full(b"tfhd", 0, 0x020000, struct.pack(">I", 1))
    else:
        rows = struct.pack(f">{len(samples)}I", *(len(s.data) for s in samples))
        flags = 0x000201  # data offset; size of each sample
        tfhd = _full(b"tfhd", 0, 0x020028, struct.pack(">III", 1, AAC_FRAME, _SYNC))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", start))
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", sequence & 0xFFFFFFFF))
    trun_size = 20 + len(rows)
    moof_size = 8 + len(mfhd) + 8 + len(tfhd) + len(tfdt) + trun_size
    trun = _full(b"trun", 0, flags, struct.pack(">II", len(samples), moof_size + 8) + rows)
    moof = _box(b"moof", mfhd, _box(b"traf", tfhd, tfdt, trun))
    return b"".join((moof, _box(b"mdat", *(s.data for s in samples))))


def first_sample_offset(samples: int, *, video: bool) -> int:
    """Where the first sample's bytes begin in a chunk of that many samples."""
    return len(chunk(0, 0, [Sample(b"", 0, True)] * samples, video=video))


def codec_string(avcc: bytes) -> str:
    """RFC 6381 string of an AVCDecoderConfigurationRecord."""
    return f"avc1.{avcc[1]:02x}{avcc[2]:02x}{avcc[3]:02x}"


def _init(
    rate: int, language: str, handler: bytes, header: bytes, entry: bytes, size: bytes, volume: int
) -> bytes:
    packed = 0
    for letter in language:
        packed = packed << 5 | ord(letter) - 0x60
    tables = b"".join(
        _full(name, 0, 0, bytes(8 if name == b"stsz" else 4)) for name in (b"stts", b"stsc", b"stsz", b"stco")
    )
    stsd = _full(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    data_reference = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, rate, 0, packed, 0)),
        _full(b"hdlr", 0, 0, bytes(4) + handler + bytes(12) + b"amphitheatre\0"),
        _box(b"minf", header, data_reference, _box(b"stbl", stsd, tables)),
    )
    track = _box(
        b"trak",
        _full(
            b"tkhd", 0, 7, struct.pack(">IIIII", 0, 0, 1, 0, 0), bytes(8),
            struct.pack(">HHHH", 0, 0, volume, 0), _MATRIX, size,
        ),
        media,
    )  # fmt: skip
    movie_header = struct.pack(">IIIIIH", 0, 0, 1000, 0, 0x10000, 0x100) + bytes(10) + _MATRIX + bytes(24)
    movie = _box(
        b"moov",
        _full(b"mvhd", 0, 0, movie_header, struct.pack(">I", 2)),
        track,
        _box(b"mvex", _full(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0))),
    )
    return _box(b"ftyp", b"iso6\0\0\0\0iso6cmfcmp41") + movie


def _box(name: bytes, *payload: bytes) -> bytes:
    size = 8 + sum(map(len, payload))
    return b"".join((struct.pack(">I", size), name, *payload))


def _full(name: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags), *payload)


def _descriptor(tag: int, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return bytes((tag, len(body))) + body
