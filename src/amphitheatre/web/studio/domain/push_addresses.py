"""What an encoder is told: server, key and a QR code for each protocol."""

from collections.abc import Iterator
from typing import TypedDict
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from amphitheatre.web.studio.models import Language, View


class PushAddress(TypedDict):
    """url with key is all an encoder needs; qr is inline SVG without styles."""

    protocol: str
    name: str
    url: str
    key: str
    qr: SafeString


def push_addresses(room: str, source: View | Language, media: str, srt: str | None) -> list[PushAddress]:
    """All ways to push to a source.

    media: base address of media as this page's browser sees it; srt: the source's SRT address, if known.
    """
    return [
        PushAddress(protocol=protocol, name=protocol.upper(), url=url, key=source.key, qr=_qr(whole))
        for protocol, url, whole in _ways(room, source, media, srt)
    ]


def _ways(room: str, source: View | Language, media: str, srt: str | None) -> Iterator[tuple[str, str, str]]:
    """Protocol, the address, and the address with the key in it where the protocol has a place for it."""
    host = urlsplit(media).hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    rtmp = f"rtmp://{host}:{settings.AMPHITHEATRE.rtmp_port}/live"
    yield "rtmp", rtmp, f"{rtmp}/{source.key}"
    if srt:
        # Media's address carries the key that media knows; just after a change ours is the newer one.
        address = _without_passphrase(srt)
        yield "srt", address, f"{address}{'&' if '?' in address else '?'}passphrase={source.key}"
    whip = f"{media}/rooms/{room}/{source.source}/whip"
    yield "whip", whip, whip


def _without_passphrase(srt: str) -> str:
    parts = urlsplit(srt)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "passphrase"]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _qr(text: str) -> SafeString:
    svg = segno.make(text, micro=False).svg_inline(
        scale=4, border=2, dark="#000", light="#fff", omitsize=True
    )
    return mark_safe(svg)  # noqa: S308  drawn by segno from modules; the text itself is not in it
