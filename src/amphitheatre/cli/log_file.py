"""One process's log on disk, kept small: NAME.log and the one before it, NAME.log.1."""

from pathlib import Path
from typing import Final

LIMIT: Final = 10 * 1024 * 1024  # bytes


class LogFile:
    """Appends bytes as they come. Above the limit the file moves aside, at the end of a line."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path = path
        self._limit = limit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._size = path.stat().st_size

    def append(self, data: bytes) -> None:
        """Write data. Raises OSError, for example with a full disk."""
        self._size += self._file.write(data) or 0
        if self._size > self._limit and data.endswith(b"\n"):
            self._file.close()
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
            self._file = self.path.open("ab", buffering=0)
            self._size = 0

    def tail(self, lines: int) -> list[str]:
        """The last lines, for the person who has to find out why something does not start."""
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            file.seek(max(0, size - 8192))
            return file.read().decode(errors="replace").splitlines()[-lines:]

    def close(self) -> None:
        self._file.close()
