"""Hand-made CMAF: initialisation segments and chunks whose every field a test can choose."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 240
AVC = "avc1.42C01E"
AAC = "mp4a.40.2"
_SYNC, _NOT_SYNC = 0x2000000, 0x1010000


def box(kind: str, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return struct.pack(">I4s", 8 + len(body), kind.encode()) + body


def full_box(kind: str, version: int, flags: int, *payload: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)


def _ue(value: int) -> str:
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits


def sps(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Baseline, level 3.0, whole macroblocks, no cropping (ITU-T H.264, 7.3.2.1.1)."""
    fields = [0, 0, 2, 1]  # parameter set, frame number, picture order type, reference frames
    bits = "".join(_ue(field) for field in fields) + "0"
    bits += _ue(width // 16 - 1) + _ue(height // 16 - 1) + "1" + "0" + "0" + "0" + "1"
    bits += "0" * (-len(bits) % 8)
    return bytes.fromhex("6742C01E") + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _initialisation(handler: str, timescale: int, entry: bytes, extra: bytes = b"") -> bytes:
    stsd = full_box("stsd", 0, 0, struct.pack(">I", 1), entry)
    stbl = box("stbl", stsd)
    mdhd = full_box("mdhd", 0, 0, struct.pack(">4I2H", 0, 0, timescale, 0, 0, 0))
    hdlr = full_box("hdlr", 0, 0, b"\0" * 4, handler.encode(), b"\0" * 13)
    tkhd = full_box("tkhd", 0, 3, struct.pack(">3I", 0, 0, 1), b"\0" * 68)
    trak = box("trak", tkhd, extra, box("mdia", mdhd, hdlr, box("minf", stbl)))
    mvex = box("mvex", full_box("trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0)))
    mvhd = full_box("mvhd", 0, 0, b"\0" * 96)
    return box("ftyp", b"cmfc", b"\0" * 4, b"cmfc") + box("moov", mvhd, trak, mvex)


def edit_list(media_time: int) -> bytes:
    return box("edts", full_box("elst", 0, 0, struct.pack(">IIii", 1, 0, media_time, 0x10000)))


def video_init(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    parameter_set = sps(width, height)
    avcc = bytes.fromhex("0142C01EFFE1") + struct.pack(">H", len(parameter_set)) + parameter_set
    avcc += b"\x01\x00\x04\x68\xce\x3c\x80"
    fields = b"\0" * 6 + struct.pack(">H", 1) + b"\0" * 16 + struct.pack(">2H", width, height) + b"\0" * 50
    return _initialisation("vide", 90_000, box("avc1", fields, box("avcC", avcc)))


def sound_init(extra: bytes = b"") -> bytes:
    config = b"\x05\x02\x11\x90"
    decoder = b"\x04" + bytes([13 + len(config)]) + b"\x40\x15" + b"\0" * 11 + config
    stream = b"\x03" + bytes([3 + len(decoder)]) + b"\0\x01\0" + decoder
    fields = b"\0" * 6 + struct.pack(">H", 1) + b"\0" * 8 + struct.pack(">4HI", 2, 16, 0, 0, 48_000 << 16)
    entry = box("mp4a", fields, full_box("esds", 0, 0, stream))
    return _initialisation("soun", 48_000, entry, extra)


@dataclass(frozen=True)
class Frame:
    """duration in ticks; flag and data can contradict each other for a test."""

    duration: int
    sync: bool
    data: bytes


def access_unit(idr: bool, size: int = 64) -> bytes:
    nal = (b"\x65" if idr else b"\x41") + b"\x55" * size
    return struct.pack(">I", len(nal)) + nal


def chunk(sequence: int, base: int, frames: Sequence[Frame]) -> bytes:
    """One moof with its mdat; base in ticks."""
    rows = b"".join(
        struct.pack(">3I", frame.duration, len(frame.data), _SYNC if frame.sync else _NOT_SYNC)
        for frame in frames
    )
    mfhd = full_box("mfhd", 0, 0, struct.pack(">I", sequence))
    tfhd = full_box("tfhd", 0, 0x20000, struct.pack(">I", 1))
    tfdt = full_box("tfdt", 1, 0, struct.pack(">Q", base))

    def moof(offset: int) -> bytes:
        trun = full_box("trun", 0, 0x701, struct.pack(">Ii", len(frames), offset), rows)
        return box("moof", mfhd, box("traf", tfhd, tfdt, trun))

    data = b"".join(frame.data for frame in frames)
    return moof(len(moof(0)) + 8) + box("mdat", data)
