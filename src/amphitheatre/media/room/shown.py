"""Films that were to be shown once and have been: a restart shows none of them again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import structlog

from amphitheatre.media.store.whole_file import write_whole

log = structlog.get_logger(__name__)

_KEPT: Final = dict[str, str]


class Shown:
    """By source, the file that was shown there. path: where it is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._films = msgspec.json.decode(path.read_bytes(), type=_KEPT)
        except (FileNotFoundError, msgspec.DecodeError):
            self._films = {}

    def has(self, source: str, film: str) -> bool:
        return self._films.get(source) == film

    def add(self, source: str, film: str) -> None:
        """It has been shown to its end, or its session has been ended."""
        self._keep(self._films | {source: film})

    def follow(self, wanted: Mapping[str, str]) -> None:
        """Forget those that no source is to show any more, so that they can be shown again. wanted: by source."""
        left = {source: film for source, film in self._films.items() if wanted.get(source) == film}
        if left != self._films:
            self._keep(left)

    def _keep(self, films: dict[str, str]) -> None:
        self._films = films
        try:
            write_whole(self._path, msgspec.json.encode(films))
        except OSError as error:
            log.error("shown.not_kept", error=error.strerror)
