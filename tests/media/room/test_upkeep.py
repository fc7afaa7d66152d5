"""A process is kept at a connection: replaced when it dies, not when it is not wanted any more."""

import asyncio
import dataclasses
from typing import Any

import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media import clock
from amphitheatre.media.errors import MediaError, Refused
from amphitheatre.media.room import source as sources
from amphitheatre.media.room import upkeep as upkeeps
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.jobs import RtmpWay, SourceJob, WhipWay
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.upkeep import Upkeep
from amphitheatre.media.unit import Connected, Lost, Unit, WhipAnswer, WhipRefused

JOB = SourceJob("views/main", clock.start(), RtmpWay(), Profile.FAST, None, 720, [], pictures=True)


class Connection:
    def __init__(self) -> None:
        self.gone = False

    def hang_up(self) -> None:
        self.gone = True


class Process:
    """Stands for a forked one. ended: by `die`, or by `stop`."""

    backlog = 0
    pid = 1

    def __init__(self, on_unit: Any, on_end: Any) -> None:
        self.say = on_unit
        self._on_end = on_end
        self.ended = False
        self.sent: list[Unit] = []

    def send(self, unit: Unit) -> None:
        self.sent.append(unit)

    def die(self) -> None:
        self.ended = True
        self._on_end(self)

    async def stop(self) -> None:
        self.ended = True


class Stage:
    """A source whose processes are ours, and what comes from it."""

    def __init__(self) -> None:
        self.processes: asyncio.Queue[Process] = asyncio.Queue()
        self.units: list[Unit] = []
        self.refuse = 0
        self.source = Source("a", "views/main", lambda _, unit: self.units.append(unit))
        self.connection = self.source.connection = Connection()
        self.given: list[Child | None] = []
        self.repeated = 0

    async def start(self, *_: Any, on_unit: Any, on_end: Any) -> Process:
        if self.refuse:
            self.refuse -= 1
            raise MediaError("no process")
        process = Process(on_unit, on_end)
        self.processes.put_nowait(process)
        return process

    def keep(self) -> asyncio.Task[None]:
        def repeated() -> None:
            self.repeated += 1

        upkeep = Upkeep(self.source, self.connection, lambda: JOB, self.given.append, repeated)
        return asyncio.create_task(upkeep.run())


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr(Child, "start", stage.start)
    return stage


async def test_one_that_dies_is_replaced_and_the_connection_stays(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeeps, "_SHORT_LIVED", 0.0)
    keeping = stage.keep()
    first = await stage.processes.get()
    first.say(Connected("rtmp"))
    first.die()
    second = await stage.processes.get()
    second.say(Connected("rtmp"))
    assert stage.given == [first, None, second]
    assert [type(unit) for unit in stage.units] == [Connected, Lost, Connected]
    assert stage.source.restarts == 1
    assert stage.source.busy
    assert stage.repeated == 0
    keeping.cancel()


async def test_one_that_says_why_it_ends_is_not_replaced_and_its_connection_is_hung_up(stage: Stage) -> None:
    keeping = stage.keep()
    process = await stage.processes.get()
    process.say(Lost("undecodable"))
    process.die()
    await keeping
    assert stage.connection.gone
    assert stage.processes.empty()


async def test_short_lived_ones_come_ever_more_slowly_and_are_told_from_the_second_on(stage: Stage) -> None:
    keeping = stage.keep()
    loop, pauses = asyncio.get_running_loop(), []
    for _ in range(3):
        process = await stage.processes.get()
        at = loop.time()
        process.die()
        while stage.processes.empty():
            await asyncio.sleep(0.01)
        pauses.append(loop.time() - at)
    assert stage.repeated == 2
    assert pauses[0] >= 0.19
    assert pauses[1] >= 0.39
    assert pauses[2] >= 0.79
    keeping.cancel()


async def test_where_none_can_be_had_it_is_tried_again(stage: Stage) -> None:
    stage.refuse = 1
    keeping = stage.keep()
    await stage.processes.get()
    assert stage.given == [stage.source.child]
    keeping.cancel()


async def test_a_takeover_ends_it_also_while_it_pauses(stage: Stage) -> None:
    keeping = stage.keep()
    (await stage.processes.get()).die()
    assert stage.source.busy  # between two processes the publisher still holds its place
    with pytest.raises(Refused, match="already-live"):
        await stage.source.claim(takeover=False)
    await stage.source.claim(takeover=True)
    await keeping
    assert stage.connection.gone
    assert stage.processes.empty()
    with pytest.raises(Refused, match="already-live"):  # the place is kept for who has claimed it
        await stage.source.claim(takeover=False)


async def test_who_has_hung_up_makes_way_though_its_process_still_decodes(stage: Stage) -> None:
    keeping = stage.keep()
    process = await stage.processes.get()
    process.say(Connected("rtmp"))
    stage.connection.gone = True
    await stage.source.claim(takeover=False)
    await keeping
    assert process.ended
    assert stage.source.last_end == "closed"
    assert [type(unit) for unit in stage.units] == [Connected, Lost]


async def test_a_process_that_was_forked_for_a_source_that_is_stopped_meanwhile_is_ended(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked, go = asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any, **callbacks: Any) -> Process:
        process = await stage.start(*arguments, **callbacks)
        forked.set()
        await go.wait()
        return process

    monkeypatch.setattr(Child, "start", slow)
    keeping = stage.keep()
    await forked.wait()
    await stage.source.stop("taken-over")
    go.set()
    await keeping
    assert (await stage.processes.get()).ended
    assert stage.source.child is None
    assert stage.given == []


async def test_a_process_that_is_gone_before_anybody_knows_it_is_noticed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(*arguments: Any, **callbacks: Any) -> Process:
        process = await stage.start(*arguments, **callbacks)
        if stage.processes.qsize() == 1:
            process.die()
        return process

    monkeypatch.setattr(Child, "start", dead)
    keeping = stage.keep()
    async with asyncio.timeout(30):
        while stage.processes.qsize() < 2:
            await asyncio.sleep(0.01)
    assert [(await stage.processes.get()).ended for _ in range(2)] == [True, False]
    keeping.cancel()


async def test_who_sends_a_better_offer_finds_nobody_in_the_way(stage: Stage) -> None:
    """The process of a refused one takes its time to end."""
    stage.source.connection = None
    job = dataclasses.replace(JOB, way=WhipWay("v=0"))
    answering = asyncio.create_task(stage.source.answer(job))
    process = await stage.processes.get()
    process.say(WhipRefused("no-codec"))
    with pytest.raises(Refused, match="no-codec"):
        await answering
    assert process.ended
    assert not stage.source.busy


async def test_an_offer_that_was_never_answered_does_not_end_who_took_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_ANSWER_WITHIN", 0.2)
    stage.source.connection = None
    first = asyncio.create_task(stage.source.answer(dataclasses.replace(JOB, way=WhipWay("v=0"))))
    await stage.processes.get()
    await stage.source.claim(takeover=True)
    second = asyncio.create_task(stage.source.answer(dataclasses.replace(JOB, way=WhipWay("v=0 again"))))
    process = await stage.processes.get()
    process.say(WhipAnswer("answer"))
    assert await second == "answer"
    with pytest.raises(Refused):
        await first
    assert not process.ended
