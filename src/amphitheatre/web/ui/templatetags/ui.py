"""Tags of every page: what Vite built, an island's JavaScript or the styles of a mood."""

import json
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import structlog
from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amphitheatre.web.ui import times

register = template.Library()
log = structlog.get_logger(__name__)
MANIFESTS: Final = ("front/manifest.json", "front/.vite/manifest.json")
Chunk = dict[str, Any]


@register.simple_tag
def island(name: str) -> SafeString:
    """Links to an entry's styles or scripts; nothing, and a line in the log, when they aren't built yet."""
    found = next((path for path in map(finders.find, MANIFESTS) if path), None)
    if not isinstance(found, str):
        log.warning("front end is not built: run make front", island=name)
        return SafeString("")
    file = Path(found)
    return _links(name, found, file.stat().st_mtime_ns)


@register.simple_tag(takes_context=True)
def script_in_page(context: template.Context, name: str) -> SafeString:
    """An entry's script in the page itself, so that it runs at once; the policy lets it by this answer's nonce."""
    found = finders.find(f"front/{name}.js")
    if not isinstance(found, str):
        return SafeString("")  # `island` says so in the log
    text = _text(found, Path(found).stat().st_mtime_ns)
    return format_html('<script nonce="{}">{}</script>', context["request"].csp_nonce, text)


@lru_cache(maxsize=4)
def _text(path: str, changed: int) -> SafeString:
    """Raises TemplateSyntaxError for a script that would end its own element."""
    text = Path(path).read_text().strip()
    if "</script" in text.lower():
        raise template.TemplateSyntaxError(f"{path} can't stand in a page")
    return SafeString(text)


@lru_cache(maxsize=32)
def _links(name: str, manifest: str, changed: int) -> SafeString:
    """changed makes a newer build a new entry of the cache."""
    chunks: dict[str, Chunk] = json.loads(Path(manifest).read_text())
    entry = next((c for c in chunks.values() if c.get("isEntry") and c.get("name") == name), None)
    if entry is None:
        raise template.TemplateSyntaxError(f"no entry named {name!r} in {manifest}")
    if entry["file"].endswith(".css"):
        return format_html('<link rel="stylesheet" href="{}">', _address(entry["file"]))
    needed = _closure([entry], chunks)
    return format_html(
        '<script type="module" src="{}"></script>', _address(entry["file"])
    ) + format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((_address(chunk["file"]),) for chunk in needed[1:])
    )


def _closure(needed: list[Chunk], chunks: dict[str, Chunk]) -> list[Chunk]:
    """These and all that they import at once, each a single time."""
    for chunk in needed:
        needed += [chunks[key] for key in chunk.get("imports", []) if chunks[key] not in needed]
    return needed


def _address(file: str) -> str:
    return static(f"front/{file}")


@register.filter
def zoned(moment: datetime | None, own: tzinfo | None) -> str:
    """A time with its place, and in the reader's own zone, see `ui.times`."""
    return times.zoned(moment, own) if moment else ""


@register.filter
def dated(span: times.Span) -> str:
    """With its day, see `ui.times`."""
    return times.dated(span)
