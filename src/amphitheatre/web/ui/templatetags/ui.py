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


@lru_cache(maxsize=32)
def _links(name: str, manifest: str, changed: int) -> SafeString:
    """changed makes a newer build a new entry of the cache."""
    chunks: dict[str, Chunk] = json.loads(Path(manifest).read_text())
    entry = next((c for c in chunks.values() if c.get("isEntry") and c.get("name") == name), None)
    if entry is None:
        raise template.TemplateSyntaxError(f"no entry named {name!r} in {manifest}")
    if entry["file"].endswith(".css"):
        return format_html('<link rel="stylesheet" href="{}">', _address(entry["file"]))
    # An entry that fetches the rest of itself begins at once, before the page is whole.
    later = [chunks[key] for key in entry.get("dynamicImports", [])]
    needed = _closure([*_closure([entry], chunks), *later], chunks)
    begin = SafeString(" async fetchpriority=high") if later else ""
    return format_html(
        '<script type="module" src="{}"{}></script>', _address(entry["file"]), begin
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
