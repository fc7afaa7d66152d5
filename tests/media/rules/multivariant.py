"""A multivariant playlist as a player sees it (RFC 8216bis, 4.4.6)."""

from dataclasses import dataclass, field
from decimal import Decimal

from .tags import PlaylistSyntaxError, attributes, decimal, integer, lines, required, yes


@dataclass(frozen=True)
class Variant:
    """EXT-X-STREAM-INF (4.4.6.2). bandwidth in bits/s."""

    uri: str
    bandwidth: int
    average_bandwidth: int | None
    codecs: tuple[str, ...]
    resolution: tuple[int, int] | None
    frame_rate: Decimal | None
    audio: str | None


@dataclass(frozen=True)
class Rendition:
    """EXT-X-MEDIA of TYPE=AUDIO (4.4.6.1)."""

    group: str
    name: str
    uri: str | None
    language: str | None
    default: bool
    autoselect: bool
    channels: str | None


@dataclass
class Multivariant:
    version: int = 1
    independent: bool = False
    variants: list[Variant] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)


def parse_multivariant(text: str) -> Multivariant:
    """Raises PlaylistSyntaxError."""
    found = Multivariant()
    stream: dict[str, str] | None = None
    for tag, value in lines(text):
        if not tag:
            if stream is None:
                raise PlaylistSyntaxError(f"{value} has no EXT-X-STREAM-INF (4.4.6.2)")
            found.variants.append(_variant(value, stream))
            stream = None
        elif stream is not None:
            raise PlaylistSyntaxError("EXT-X-STREAM-INF without its address in the next line (4.4.6.2)")
        elif tag == "EXT-X-STREAM-INF":
            stream = attributes(value)
        elif tag == "EXT-X-MEDIA":
            media = attributes(value)
            if required(media, "TYPE", tag) == "AUDIO":
                found.renditions.append(_rendition(media))
        elif tag == "EXT-X-VERSION":
            found.version = integer(value)
        elif tag == "EXT-X-INDEPENDENT-SEGMENTS":
            found.independent = True
        elif tag in ("EXTINF", "EXT-X-TARGETDURATION", "EXT-X-PART"):
            raise PlaylistSyntaxError(f"{tag} in a multivariant playlist (4.1)")
    if stream is not None:
        raise PlaylistSyntaxError("EXT-X-STREAM-INF without its address in the next line (4.4.6.2)")
    return found


def _variant(uri: str, found: dict[str, str]) -> Variant:
    size = found.get("RESOLUTION")
    width, _, height = size.partition("x") if size else ("", "", "")
    average = found.get("AVERAGE-BANDWIDTH")
    return Variant(
        uri=uri,
        bandwidth=integer(required(found, "BANDWIDTH", "EXT-X-STREAM-INF")),
        average_bandwidth=integer(average) if average else None,
        codecs=tuple(code.strip() for code in found.get("CODECS", "").split(",") if code),
        resolution=(integer(width), integer(height)) if size else None,
        frame_rate=decimal(found["FRAME-RATE"]) if "FRAME-RATE" in found else None,
        audio=found.get("AUDIO"),
    )


def _rendition(found: dict[str, str]) -> Rendition:
    return Rendition(
        group=required(found, "GROUP-ID", "EXT-X-MEDIA"),
        name=required(found, "NAME", "EXT-X-MEDIA"),
        uri=found.get("URI"),
        language=found.get("LANGUAGE"),
        default=yes(found, "DEFAULT"),
        autoselect=yes(found, "AUTOSELECT"),
        channels=found.get("CHANNELS"),
    )
