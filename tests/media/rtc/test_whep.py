import asyncio
from typing import Any

import pytest
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, RtcpSrPacket, pack_remb_fci

from amphitheatre.media.rtc import line
from amphitheatre.media.rtc.feeds import PictureFeed, SoundFeed
from amphitheatre.media.rtc.peer import interpose
from amphitheatre.media.rtc.whep import Viewer
from tests.media.rtc.browser import Browser, until
from tests.media.rtc.camera import Camera, tone

NTP_SECOND = 1 << 32


async def test_reports_say_which_moment_of_the_room_a_packet_shows() -> None:
    """The picture is fed 1 s later than the sound of its moment: the reports must not show it."""
    camera, pictures, floor = Camera(), PictureFeed(lambda: None), SoundFeed()
    pictures.ladder([camera.format()])
    reports: dict[str, Any] = {}
    async with Browser() as browser, Viewer(pictures, floor, floor) as viewer:
        await browser.accept(await viewer.answer(await browser.watch()))
        for receiver in browser.connection.getReceivers():
            watch_reports(receiver, reports)
        run = asyncio.create_task(viewer.run())

        async def shoot() -> None:
            for n in range(10_000):
                floor.take(tone((n + 30) * 1600, 1600))
                camera.wants_key = n % 10 == 0
                pictures.take(camera.shoot())
                await asyncio.sleep(1 / 30)

        shooting = asyncio.create_task(shoot())
        await until(lambda: len(reports) == 2)
        # RTP time 0 of each stream is unknown; what counts is the room time on both sides of the report.
        assert viewer._video.sent is not None
        assert viewer._audio.sent is not None
        assert viewer._audio.sent - viewer._video.sent == pytest.approx(1.0, abs=0.3)

        def gap() -> float:
            video, audio = reports["video"], reports["audio"]
            return float((audio["ntp"] - video["ntp"]) / NTP_SECOND - (audio["when"] - video["when"]))

        # Reports are sent when the event loop comes to it: on a busy machine two of them tenths of a second apart, but
        # not again and again.
        await until(lambda: gap() == pytest.approx(1.0, abs=0.4))
        shooting.cancel()
        viewer.close()
        assert await run == "closed"


async def test_a_peer_whose_line_is_thin_is_sent_a_lower_rung_without_a_broken_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "CALM", 0.5)
    top, low = Camera(), Camera(160, 96)
    pictures, floor = PictureFeed(lambda: None), SoundFeed()
    pictures.ladder([top.format("192p"), low.format("96p")])
    async with Browser() as browser, Viewer(pictures, floor, floor) as viewer, asyncio.TaskGroup() as group:
        await browser.accept(await viewer.answer(await browser.watch("video")))
        run = group.create_task(viewer.run())
        rolling = group.create_task(roll(pictures, top, low))
        await until(lambda: browser.sizes[-1:] == [320])
        receiver = browser.connection.getReceivers()[0]
        interpose(
            receiver, "_RTCRtpReceiver__remote_bitrate_estimator", None
        )  # this test speaks in its place
        sender = viewer._peer.transceivers()[0].sender

        async def believe(bitrate: int) -> None:
            while True:
                await receiver._send_rtcp(remb(sender._ssrc, bitrate))
                await asyncio.sleep(0.05)

        for bitrate, width in ((1_000, 160), (100_000_000, 320)):
            reports = group.create_task(believe(bitrate))
            await until(lambda width=width: browser.sizes[-1] == width)
            reports.cancel()
        numbers = [number for number, _, _ in browser.seen]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), (
            "every picture once, none broken"
        )
        rolling.cancel()
        viewer.close()
        assert await run == "closed"


async def roll(pictures: PictureFeed, *rungs: Camera) -> None:
    """Every rung's pictures in real time, a key frame at each tenth place."""
    while True:
        for camera, name in zip(rungs, ("192p", "96p"), strict=True):
            camera.wants_key = camera.number % 10 == 0
            pictures.take(camera.shoot(name))
        await asyncio.sleep(1 / 30)


def remb(ssrc: int, bitrate: int) -> RtcpPsfbPacket:
    """What a receiver says that believes in so many bits/s."""
    return RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=1, media_ssrc=0, fci=pack_remb_fci(bitrate, [ssrc]))


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
        assert await asyncio.wait_for(run, 30) == "closed"


async def test_a_peer_that_never_connects_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amphitheatre.media.rtc.whep.CONNECT_WITHIN", 0.1)
    floor = SoundFeed()
    async with Browser() as browser, Viewer(PictureFeed(lambda: None), floor, floor) as viewer:
        await viewer.answer(await browser.watch())
        assert await asyncio.wait_for(viewer.run(), 30) == "unconnected"


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
            await asyncio.wait_for(task, 30)
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
