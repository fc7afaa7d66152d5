"""Events on their way to web: kept in order, bounded, told again until web has taken them."""

import asyncio
import secrets
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import msgspec
import structlog

from amphitheatre.contract.event import Event, EventKind

log = structlog.get_logger(__name__)

_LIMIT: Final = 1000
_FIRST_PAUSE: Final = 0.5  # seconds
_LONGEST_PAUSE: Final = 30.0
# Answers after which telling it again can't help: web does not understand the event.
_NEVER: Final = frozenset((400, 413, 422))


class Outbox:
    """url: web's address for events; token_path: the file with the shared secret."""

    def __init__(self, url: str, token_path: Path) -> None:
        self._url = url
        self._token_path = token_path
        self._waiting: deque[Event] = deque()
        self._more = asyncio.Event()
        self.dropped = 0

    def tell(
        self, kind: EventKind, room: str, source: str | None, detail: dict[str, str | int | float]
    ) -> None:
        """Queue an event; with the outbox full the oldest is dropped and counted."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if len(self._waiting) >= _LIMIT:
            self._waiting.popleft()
            self.dropped += 1
            log.error("outbox.full", dropped=self.dropped)
        self._waiting.append(
            Event(id=secrets.token_hex(12), kind=kind, room=room, at=at, source=source, detail=detail)
        )
        self._more.set()

    @property
    def waiting(self) -> int:
        """Events that web has not taken yet."""
        return len(self._waiting)

    async def run(self) -> None:
        """Deliver, one after the other, until cancelled."""
        pause = _FIRST_PAUSE
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                await self._more.wait()
                if not self._waiting:
                    self._more.clear()
                    continue
                event = self._waiting[0]
                if await self._deliver(client, event):
                    # With the outbox full it may have been dropped while it was on its way.
                    if self._waiting and self._waiting[0] is event:
                        self._waiting.popleft()
                    pause = _FIRST_PAUSE
                    continue
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _deliver(self, client: httpx.AsyncClient, event: Event) -> bool:
        """True once it need not be told again."""
        try:
            token = self._token_path.read_text().strip()
            response = await client.post(
                self._url,
                content=msgspec.json.encode(event),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
        except (OSError, httpx.HTTPError) as error:
            log.info("outbox.web_away", error=type(error).__name__)
            return False
        if response.is_success:
            return True
        log.warning("outbox.refused", kind=event.kind, status=response.status_code)
        return response.status_code in _NEVER
