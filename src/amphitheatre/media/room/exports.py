"""Exports of a room's takes: one process each, its progress, and what became of it."""

from pathlib import Path
from typing import Final

import msgspec
import structlog

from amphitheatre.media.errors import MediaError
from amphitheatre.media.record.take import EXPORT_FILE, Take
from amphitheatre.media.room import forks
from amphitheatre.media.room.child import Child
from amphitheatre.media.unit import ExportDone, ExportProgress, Unit

log = structlog.get_logger(__name__)

READY: Final = "ready"
RUNNING: Final = "running"
NONE: Final = "none"


class ExportState(msgspec.Struct, frozen=True):
    """state: ``none``, ``running``, ``ready`` or ``failed``; progress: 0 to 1; size: bytes; reason: a code."""

    state: str
    progress: float = 0.0
    size: int = 0
    reason: str = ""


class Exports:
    """Of one room."""

    def __init__(self) -> None:
        self._running: dict[str, Child] = {}
        self._states: dict[str, ExportState] = {}

    def state(self, take: Take) -> ExportState:
        known = self._states.get(take.id)
        if known is not None and known.state != READY:
            return known
        try:
            return ExportState(READY, 1.0, file_of(take).stat().st_size)
        except FileNotFoundError:
            return ExportState(NONE)

    async def begin(self, take: Take) -> ExportState:
        """Start one unless it runs or is there; one for which no process can be had has failed."""
        if self.state(take).state not in (RUNNING, READY):
            self._states[take.id] = ExportState(RUNNING)
            try:
                self._running[take.id] = await Child.start(
                    f"export {take.id}",
                    forks.EXPORT,
                    take,
                    on_unit=lambda unit: self._take(take.id, unit),
                    on_end=lambda _: self._gone(take.id),
                )
            except MediaError as error:
                log.error("export.not_started", take=take.id, error=str(error))
                self._gone(take.id)
        return self.state(take)

    async def forget(self, take: Take) -> None:
        """End what writes into the take's folder, and know nothing of it any more."""
        child = self._running.pop(take.id, None)
        if child is not None:
            await child.stop()
        self._states.pop(take.id, None)

    async def stop(self) -> None:
        """End what runs; half-written files are overwritten by the next try."""
        for child in list(self._running.values()):
            await child.stop()
        self._running.clear()

    def _take(self, take: str, unit: Unit) -> None:
        match unit:
            case ExportProgress(share=share):
                self._states[take] = ExportState(RUNNING, share)
            case ExportDone(reason=""):
                self._states[take] = ExportState(READY, 1.0)
            case ExportDone(reason=reason):
                self._states[take] = ExportState("failed", reason=reason)
            case _:
                return

    def _gone(self, take: str) -> None:
        self._running.pop(take, None)
        known = self._states.get(take)
        if known is not None and known.state == RUNNING:
            self._states[take] = ExportState("failed", reason="process-ended")


def file_of(take: Take) -> Path:
    return take.path / EXPORT_FILE
