import asyncio
from typing import Any

import pytest
from aiortc.rtp import RtcpSrPacket

from amphitheatre.media.rtc.feeds import PictureFeed, SoundFeed
from amphitheatre.media.rtc.whep import Viewer
from tests.media.rtc.browser import Browser, until
from tests.media.rtc.camera import Camera, tone

NTP_SECOND = 1 << 32


async def test_reports_say_which_moment_of_the_room_a_packet_shows() -> None:
    """The picture is fed 0.3 s later than the sound of its moment: the reports must not show it."""
    camera, pictures, floor = Camera(), PictureFeed(lambda: None), SoundFeed()
    pictures.take(camera.format())
    reports: dict[str, Any] = {}
    async with Browser() as browser, Viewer(pictures, floor, floor) as viewer:
        await browser.accept(await viewer.answer(await browser.watch()))
        for receiver in browser.connection.getReceivers():
            watch_reports(receiver, reports)
        run = asyncio.create_task(viewer.run())

        async def shoot() -> None:
            for n in range(10_000):
                floor.take(tone((n + 9) * 1600, 1600))
                camera.wants_key = n % 10 == 0
                pictures.take(camera.shoot())
                await asyncio.sleep(1 / 30)

        shooting = asyncio.create_task(shoot())
        await until(lambda: len(reports) == 2)
        # RTP time 0 of each stream is unknown; what counts is the room time on both sides of the report.
        assert viewer._video.sent is not None
        assert viewer._audio.sent is not None
        assert viewer._audio.sent - viewer._video.sent == pytest.approx(0.3, abs=0.05)
        video, audio = reports["video"], reports["audio"]
        gap = (audio["ntp"] - video["ntp"]) / NTP_SECOND - (audio["when"] - video["when"])
        # Both reports are sent when the event loop comes to it: on a busy machine a tenth of a second apart.
        assert gap == pytest.approx(0.3, abs=0.12)
        shooting.cancel()
        viewer.close()
        assert await run == "closed"


def watch_reports(receiver: Any, into: dict[str, Any]) -> None:
    handle = receiver._handle_rtcp_packet

    async def noting(packet: Any) -> None:
        if isinstance(packet, RtcpSrPacket):
            when = asyncio.get_running_loop().time()
            into[receiver.track.kind] = {"ntp": packet.sender_info.ntp_timestamp, "when": when}
        await handle(packet)

    receiver._handle_rtcp_packet = noting


async def test_closed_while_waiting_for_the_peer_to_connect() -> None:
    floor = SoundFeed()
    async with Browser() as browser, Viewer(PictureFeed(lambda: None), floor, floor) as viewer:
        await viewer.answer(await browser.watch())
        run = asyncio.create_task(viewer.run())
        await asyncio.sleep(0)
        viewer.close()
        assert await asyncio.wait_for(run, 2) == "closed"


async def test_a_peer_that_never_connects_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amphitheatre.media.rtc.whep.CONNECT_WITHIN", 0.1)
    floor = SoundFeed()
    async with Browser() as browser, Viewer(PictureFeed(lambda: None), floor, floor) as viewer:
        await viewer.answer(await browser.watch())
        assert await asyncio.wait_for(viewer.run(), 2) == "unconnected"


async def test_a_cancelled_peer_leaves_its_feeds_and_ends_with_the_cancellation() -> None:
    pictures, floor = PictureFeed(lambda: None), SoundFeed()

    async def serve(offer: str, browser: Browser) -> None:
        async with Viewer(pictures, floor, floor) as viewer:
            await browser.accept(await viewer.answer(offer))
            await viewer.run()

    async with Browser() as browser:
        task = asyncio.create_task(serve(await browser.watch(), browser))
        await until(lambda: pictures._tracks and floor._listeners)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 2)
        assert not pictures._tracks
        assert not floor._listeners


async def test_the_answer_offers_h264_alone_and_an_address_on_this_machine() -> None:
    floor = SoundFeed()
    async with Browser() as browser, Viewer(PictureFeed(lambda: None), floor, floor) as viewer:
        answer = await viewer.answer(await browser.watch())
    assert "H264/90000" in answer
    assert "VP8" not in answer
    assert " 127.0.0.1 " in answer
    assert "a=end-of-candidates" in answer
    assert "typ srflx" not in answer
