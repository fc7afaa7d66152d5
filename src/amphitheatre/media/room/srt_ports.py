"""Which UDP port a source's SRT door has: the same one after every restart, since encoders have it set."""

from pathlib import Path

import msgspec
import structlog

log = structlog.get_logger(__name__)


class SrtPorts:
    """Ports from `first` on, given out in order and kept in the file at `path`."""

    def __init__(self, path: Path, first: int) -> None:
        self._path = path
        self._first = first
        self._known: dict[str, int] = {}
        try:
            self._known = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            pass  # the first start
        except msgspec.DecodeError as error:
            log.error("srt.ports_damaged", error=str(error))

    def of(self, room: str, source: str) -> int:
        """The source's port, a new one if it has none. Raises OSError when it can't be kept."""
        name = f"{room}/{source}"
        if name not in self._known:
            taken = set(self._known.values())
            self._known[name] = next(
                port for port in range(self._first, self._first + len(taken) + 1) if port not in taken
            )
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_suffix(".part")
            partial.write_bytes(msgspec.json.encode(self._known))
            partial.replace(self._path)
        return self._known[name]
