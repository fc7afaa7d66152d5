"""A WHIP publisher as a source that blocks: its peer lives on an event loop of its own, in a thread."""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from typing import Final

import structlog

from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.rtc.gate import CodedFrame
from amphitheatre.media.rtc.whip import Publisher

_log = structlog.get_logger(__name__)

ROOM: Final = 120  # frames of picture and sound together
BEHIND: Final = (
    0.7  # seconds: who reads later than that gets newer frames, for all that is older comes too late
)
ANSWER_WITHIN: Final = 6.0  # seconds


class WhipSource:
    """Answers one offer, then yields the publisher's frames. Use in one thread; `close` from any.

    The answer is there when the constructor returns. Raises Refused as `Publisher.answer` does.
    """

    protocol: Final = "whip"

    def __init__(self, offer: str, network: RtcNetwork = ANY_NETWORK) -> None:
        self._network = network
        self._frames: deque[CodedFrame] = deque()
        self._changed = threading.Condition()
        self._reason: str | None = None
        self._loop = asyncio.new_event_loop()
        self._publisher: Publisher | None = None
        self._answer: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(offer,), name="whip", daemon=True)
        self._thread.start()
        try:
            self.answer = self._answer.result(ANSWER_WITHIN)
        except (TimeoutError, CancelledError) as error:
            self.close()
            raise Refused("no-answer") from error
        except Refused:
            self._thread.join()
            raise

    @property
    def dropped(self) -> int:
        """Packets and frames that were lost, frozen or too many."""
        return self._publisher.dropped if self._publisher else 0

    def frames(self) -> Iterator[CodedFrame]:
        """Blocks for the next one. Raises SourceBroken at the end, with the reason as its code."""
        while True:
            with self._changed:
                while not self._frames and self._reason is None:
                    self._changed.wait()
                if not self._frames:
                    raise SourceBroken(self._reason or "closed")
                frame = self._frames.popleft()
            yield frame

    def close(self) -> None:
        """End the peer and wait until it has gone; `frames` then ends. May be called twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._hang_up)
            self._thread.join()

    def _hang_up(self) -> None:
        if self._publisher is not None:
            self._publisher.close()

    def _run(self, offer: str) -> None:
        reason = "defect"
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                reason = runner.run(self._publish(offer))
        except Refused as error:
            reason = error.code
            self._answer.set_exception(error)
        except Exception as error:
            _log.exception("whip_failed", error=type(error).__name__)
        finally:
            self._answer.cancel()
            with self._changed:
                self._reason = reason
                self._changed.notify_all()

    async def _publish(self, offer: str) -> str:
        # aiortc has tasks of its own, in which a hostile offer may still raise anything.
        self._loop.set_exception_handler(
            lambda _, context: _log.warning("whip_task_failed", error=repr(context.get("exception")))
        )
        async with Publisher(self._take, self._network) as publisher:
            self._publisher = publisher
            self._answer.set_result(await publisher.answer(offer))
            return await publisher.run()

    def _take(self, frame: CodedFrame) -> bool:
        with self._changed:
            if len(self._frames) >= ROOM or (
                self._frames and frame.arrival - self._frames[0].arrival > BEHIND
            ):
                return False
            self._frames.append(frame)
            self._changed.notify()
            return True
