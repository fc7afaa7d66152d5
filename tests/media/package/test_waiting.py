"""Those who wait for a part that has not come yet (RFC 8216bis, 6.2.5.2)."""

import asyncio

import pytest

from amphitheatre.media.package.rendition import Rendition
from tests.media.package.kept import Kept, feed, picture


async def waiting(rendition: Rendition, msn: int, part: int | None) -> "asyncio.Task[None]":
    """A task that has got as far as it can."""
    task = asyncio.create_task(rendition.reached(msn, part))
    await asyncio.sleep(0)
    return task


async def test_what_is_there_already_is_not_waited_for() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 25)
    async with asyncio.timeout(30):
        await rendition.reached(0, 4)
        await rendition.reached(0, None)
    assert rendition.waiting == 0


async def test_a_part_wakes_those_who_wait_for_it_and_nobody_else() -> None:
    rendition = picture(Kept())
    tasks = [await waiting(rendition, 0, part) for part in (0, 0, 1)]
    assert rendition.waiting == 3
    feed(rendition, 0, 5)
    await asyncio.gather(*tasks[:2])
    assert not tasks[2].done()
    assert rendition.waiting == 1
    feed(rendition, 5, 10)
    await tasks[2]


async def test_a_whole_segment_is_reached_with_its_last_part() -> None:
    rendition = picture(Kept())
    task = await waiting(rendition, 0, None)
    feed(rendition, 0, 20)
    await asyncio.sleep(0)
    assert not task.done()
    feed(rendition, 20, 25)
    await asyncio.wait_for(task, 30)


async def test_a_part_behind_the_last_of_a_segment_is_the_first_of_the_next() -> None:
    rendition = picture(Kept())
    task = await waiting(rendition, 0, 5)
    feed(rendition, 0, 25)
    await asyncio.sleep(0)
    assert not task.done()
    feed(rendition, 25, 30)
    await asyncio.wait_for(task, 30)


async def test_the_end_wakes_everybody() -> None:
    rendition = picture(Kept())
    tasks = [await waiting(rendition, 0, 0), await waiting(rendition, 1, None)]
    rendition.end()
    await asyncio.wait_for(asyncio.gather(*tasks), 30)
    assert rendition.waiting == 0


async def test_one_who_has_gone_does_not_keep_the_others_from_being_woken() -> None:
    rendition = picture(Kept())
    gone, stays = await waiting(rendition, 0, 0), await waiting(rendition, 0, 0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert rendition.waiting == 1
    feed(rendition, 0, 5)
    await asyncio.wait_for(stays, 30)


def test_what_is_too_far_ahead_is_not_waited_for() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 30)  # the next part is 1.1; parts of 0.2 s: three seconds are 15 parts
    assert not rendition.is_far_future(3, None)
    assert rendition.is_far_future(4, None)
    assert not rendition.is_far_future(1, 1)
    assert not rendition.is_far_future(3, 4)
    assert rendition.is_far_future(4, 0)
    assert rendition.is_far_future(1, 17)
    assert not rendition.is_far_future(1, 16)
