"""Static files under addresses that change with their content, so that caches never show an old one."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class DigestStorage(StaticFilesStorage):
    """Adds ``?v=`` and eight hex digits of SHA-256. Files built by Vite carry theirs in the name."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        found = finders.find(name) if name and not name.startswith("front/") else None
        return f"{address}?v={_digest(found)}" if isinstance(found, str) else address


@lru_cache(maxsize=256)
def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]
