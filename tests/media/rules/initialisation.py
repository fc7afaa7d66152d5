"""What an initialisation segment says of its one track (ISO/IEC 14496-12, -14 and -15; CMAF, ISO/IEC 23000-19)."""

import struct
from dataclasses import dataclass
from fractions import Fraction

from .bitstream import picture_size
from .boxes import Box, BoxError, boxes, root


@dataclass(frozen=True)
class Initialisation:
    """codec: as RFC 6381 has it. start: media time that is presented first, in ticks of `timescale`."""

    track: int
    timescale: int
    kind: str  # "vide" or "soun"
    codec: str
    start: int = 0
    default_duration: int = 0
    default_size: int = 0
    default_flags: int = 0
    entry_size: tuple[int, int] | None = None  # of the sample entry
    coded_size: tuple[int, int] | None = None  # of the sequence parameter set
    sample_rate: int | None = None

    def seconds(self, ticks: int) -> Fraction:
        return Fraction(ticks - self.start, self.timescale)


def read_initialisation(data: bytes) -> Initialisation:
    """Raises BoxError when it is not one ftyp and one moov with one track, or BitstreamError."""
    kinds = [box.kind for box in boxes(data)]
    if kinds[:1] != ["ftyp"] or kinds.count("moov") != 1 or "mdat" in kinds or "moof" in kinds:
        raise BoxError(f"initialisation segment has the boxes {kinds}")
    moov = root(data).child("moov")
    tracks = [box for box in moov.children() if box.kind == "trak"]
    if len(tracks) != 1:
        raise BoxError(f"{len(tracks)} tracks, CMAF wants one")
    track = tracks[0]
    version, _, body = track.child("mdia/mdhd").full()
    (timescale,) = struct.unpack_from(">I", body, 16 if version else 8)
    version, _, body = track.child("tkhd").full()
    (number,) = struct.unpack_from(">I", body, 16 if version else 8)
    kind = track.child("mdia/hdlr").full()[2][4:8].decode("latin-1")
    _, _, body = moov.child("mvex/trex").full()
    _, _, duration, size, flags = struct.unpack_from(">5I", body)
    shared = (number, timescale, kind)
    defaults = (_edit_start(track), duration, size, flags)
    entry = track.child("mdia/minf/stbl/stsd").children(8)[0]
    if kind == "vide":
        record = entry.child("avcC", 78).payload
        width, height = struct.unpack_from(">2H", entry.payload, 24)
        codec = f"{entry.kind}.{record[1:4].hex().upper()}"
        return Initialisation(*shared, codec, *defaults, (width, height), picture_size(_first_sps(record)))
    codec, rate = _sound_codec(entry)
    return Initialisation(*shared, codec, *defaults, sample_rate=rate)


def _first_sps(record: bytes) -> bytes:
    """AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1."""
    if record[5] & 0x1F == 0:
        raise BoxError("avcC without a sequence parameter set")
    size = int.from_bytes(record[6:8], "big")
    return record[8 : 8 + size]


def _edit_start(track: Box) -> int:
    """media_time of the last edit; an edit list without media (-1) delays and is refused by CMAF players."""
    for box in track.children():
        if box.kind == "edts":
            version, _, body = box.child("elst").full()
            (count,) = struct.unpack_from(">I", body)
            form = ">Qqi" if version else ">Iii"
            edits = [struct.unpack_from(form, body, 4 + i * struct.calcsize(form)) for i in range(count)]
            if any(media < 0 for _, media, _ in edits):
                raise BoxError("an empty edit shifts the track")
            return int(edits[-1][1]) if edits else 0
    return 0


def _sound_codec(entry: Box) -> tuple[str, int]:
    """(codec, sample rate): object type of the esds (ISO/IEC 14496-1, 7.2.6) and of its AudioSpecificConfig."""
    body = entry.child("esds", 28).full()[2]
    (rate,) = struct.unpack_from(">I", entry.payload, 24)
    kind, config = 0, b""
    at = 0
    while at < len(body):
        tag, at = body[at], at + 1
        size = 0
        while True:
            byte, at = body[at], at + 1
            size = size << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        if tag == 3:
            at += 3  # ES_ID and flags; its descriptors follow
        elif tag == 4:
            kind, at = body[at], at + 13
        elif tag == 5:
            config, at = body[at : at + size], at + size
        else:
            at += size
    if not config:
        raise BoxError("esds without an AudioSpecificConfig")
    return f"{entry.kind}.{kind:X}.{config[0] >> 3}", rate >> 16
