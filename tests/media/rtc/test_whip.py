import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator

import av
import pytest

from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc import whip
from amphitheatre.media.rtc.gate import CodedFrame
from amphitheatre.media.rtc.whip import Publisher
from tests.media.rtc.browser import Browser, Hum, Numbered, until
from tests.media.rtc.camera import number_in


class Desk:
    """Takes a publisher's frames and decodes its pictures."""

    def __init__(self) -> None:
        self.frames: list[CodedFrame] = []
        self.numbers: list[int] = []
        self.full = False
        self._decoder: av.VideoCodecContext | None = None

    def take(self, frame: CodedFrame) -> bool:
        if self.full:
            return False
        self.frames.append(frame)
        if frame.codec != "opus":
            if self._decoder is None:
                self._decoder = av.VideoCodecContext.create(frame.codec, "r")
            self.numbers += [number_in(picture) for picture in self._decoder.decode(av.Packet(frame.data))]
        return True

    def of(self, *codecs: str) -> list[CodedFrame]:
        return [frame for frame in self.frames if frame.codec in codecs]


@contextlib.asynccontextmanager
async def published(
    browser: Browser, desk: Desk, offer: str
) -> AsyncIterator[tuple[Publisher, "asyncio.Task[str]"]]:
    async with Publisher(desk.take) as publisher:
        await browser.accept(await publisher.answer(offer))
        run = asyncio.create_task(publisher.run())
        yield publisher, run
        publisher.close()
        await run


async def test_pictures_and_sound_come_in_whole_and_in_order() -> None:
    camera, desk = Numbered(), Desk()
    async with Browser() as browser:
        offer = await browser.publish(camera, Hum())
        async with published(browser, desk, offer) as (publisher, _):
            await until(lambda: len(desk.numbers) >= 40 and len(desk.of("opus")) >= 60)
            assert desk.of("h264"), "H.264 is preferred where it is offered"
            assert desk.of("h264")[0].key
            assert desk.numbers == list(range(desk.numbers[0], desk.numbers[-1] + 1))
            assert publisher.dropped == 0
            stamps = [frame.timestamp for frame in desk.of("opus")]
            assert all(b - a == pytest.approx(0.02, abs=1e-4) for a, b in itertools.pairwise(stamps))


async def test_a_picture_is_handed_on_at_once_without_waiting_for_the_next() -> None:
    camera, desk = Numbered(), Desk()
    async with Browser() as browser:
        offer = await browser.publish(camera)
        async with published(browser, desk, offer):
            await until(lambda: len(desk.numbers) >= 40)
    delays = sorted(
        frame.arrival - camera.sent[number]
        for number, frame in zip(desk.numbers, desk.of("h264"), strict=False)
    )
    # A frame takes 33 ms: one that waited for its successor would show it. Of the quickest tenth: how much longer the
    # others take is the machine's doing.
    assert delays[len(delays) // 10] < 0.02


async def test_picture_and_sound_of_one_moment_have_one_timestamp() -> None:
    camera, desk = Numbered(), Desk()
    async with Browser() as browser:
        offer = await browser.publish(camera, Hum())
        async with published(browser, desk, offer) as (publisher, _):
            sync = publisher._sync
            await until(lambda: sync.video.wall is not None and sync.audio.wall is not None)
            before = len(desk.of("h264"))
            await until(lambda: len(desk.of("h264")) > before + 3)
            picture = desk.of("h264")[-1]
            sent = camera.sent[desk.numbers[-1]]
            assert sync.video.offset is not None
            # aiortc's reports tie RTP time to when it sends, so a picture's time is when it left the camera.
            assert picture.timestamp - sent == pytest.approx(0.0, abs=0.3)


async def test_vp8_is_taken_where_it_is_all_that_is_offered() -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered(), codec="video/vp8")
        async with published(browser, desk, offer):
            await until(lambda: len(desk.numbers) >= 10)
            assert {frame.codec for frame in desk.frames} == {"vp8"}
            assert desk.numbers == list(range(desk.numbers[0], desk.numbers[0] + len(desk.numbers)))


async def test_a_microphone_alone_is_enough() -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Hum())
        async with published(browser, desk, offer):
            await until(lambda: len(desk.frames) >= 20)
            assert {frame.codec for frame in desk.frames} == {"opus"}


async def test_lost_packets_are_asked_for_and_come_again() -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        async with published(browser, desk, offer) as (publisher, _):
            await until(lambda: len(desk.numbers) >= 5)
            browser.lose(lambda n: n % 9 == 4)
            await until(lambda: len(desk.numbers) >= 60)
            assert desk.numbers == list(range(desk.numbers[0], desk.numbers[0] + len(desk.numbers)))
            assert publisher.dropped == 0


async def test_after_a_loss_that_nothing_mends_the_picture_stands_until_a_key_frame() -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        async with published(browser, desk, offer) as (publisher, _):
            await until(lambda: len(desk.numbers) >= 5)
            browser.lose(lambda n: n <= 3, repeats_too=True)
            before = len(desk.of("h264"))
            await until(lambda: len(desk.of("h264")) > before + 10)
            gap = next(n for n in range(1, len(desk.numbers)) if desk.numbers[n] > desk.numbers[n - 1] + 1)
            assert desk.of("h264")[gap].key, "a key frame was asked for, and nothing was shown before it"
            assert publisher.dropped > 0
            after = desk.numbers[-5:]
            assert after == list(range(after[0], after[0] + 5))


async def test_a_key_frame_is_asked_for_until_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whip, "ASK_KEYFRAME_EVERY", 0.1)
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        desk.full = True  # as if the first key frame had been missed
        async with published(browser, desk, offer) as (publisher, _):
            await until(lambda: publisher.dropped > 10)
            desk.full = False
            await until(lambda: desk.frames)
            assert desk.frames[0].key


async def test_a_publisher_that_hangs_up_ends_the_run() -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        async with published(browser, desk, offer) as (_, run):
            await until(lambda: desk.numbers)
            await browser.connection.close()
            assert await asyncio.wait_for(run, 30) == "hung-up"


async def test_a_publisher_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        async with published(browser, desk, offer) as (_, run):
            await until(lambda: desk.numbers)
            monkeypatch.setattr(whip, "SILENT_AFTER", 0.3)
            transport = browser.connection.getTransceivers()[0].sender.transport.transport

            async def cut(data: bytes) -> None:
                return

            transport._send = cut
            assert await asyncio.wait_for(run, 30) == "silent"


async def test_silence_counts_from_the_connection() -> None:
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        await publisher.answer(await browser.publish(Numbered()))
        began = time.monotonic()
        connected = began + whip.SILENT_AFTER + 1
        publisher._give_up(connected, began)
        publisher._peer.connected.set()
        publisher._give_up(connected + 1, began)
        assert not publisher._peer.over
        publisher._give_up(connected + whip.SILENT_AFTER + 1, began)
        assert await publisher.run() == "silent"


async def test_a_publisher_that_never_connects_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whip, "CONNECT_WITHIN", 0.1)
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        await publisher.answer(await browser.publish(Numbered()))
        assert await asyncio.wait_for(publisher.run(), 30) == "unconnected"


async def test_closed_while_waiting_for_a_publisher_to_connect() -> None:
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        await publisher.answer(await browser.publish(Hum()))
        run = asyncio.create_task(publisher.run())
        await asyncio.sleep(0)
        publisher.close()
        assert await asyncio.wait_for(run, 30) == "closed"


async def test_cancelled_while_waiting_it_ends_with_the_cancellation() -> None:
    async def publish(offer: str) -> None:
        async with Publisher(Desk().take) as publisher:
            await publisher.answer(offer)
            await publisher.run()

    async with Browser() as browser:
        task = asyncio.create_task(publish(await browser.publish(Hum())))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        ("", "no-media"),
        ("v=0\r\n", "no-media"),
        ("v=0\r\nm=video x y z\r\n", "bad-sdp"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n", "bad-sdp"),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=fmtp:97 x=1\r\n", "bad-sdp"),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=fmtp\r\n", "bad-sdp"),
        ("v=0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendonly\r\n" * 2, "too-many-tracks"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly\r\n", "no-media"),
    ],
)
async def test_offers_that_make_no_sense_are_refused(offer: str, code: str) -> None:
    async with Publisher(Desk().take) as publisher:
        with pytest.raises(Refused) as refused:
            await publisher.answer(offer)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["jideo", None])
async def test_an_offer_whose_bundle_has_no_transport_is_refused(kind: str | None) -> None:
    """`kind`: of the bundle's first section; None: there is no such section."""
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        offer = await browser.publish(Numbered(), Hum())
        video, audio = offer.index("m=video"), offer.index("m=audio")
        first = offer[video:audio].replace("video", kind, 1) if kind else ""
        with pytest.raises(Refused) as refused:
            await publisher.answer(offer[:video] + first + offer[audio:])
    assert refused.value.code == "bad-sdp"


async def test_an_offer_without_a_fingerprint_is_refused() -> None:
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        lines = (await browser.publish(Numbered())).splitlines(keepends=True)
        offer = "".join(line for line in lines if not line.startswith(("a=fingerprint", "a=setup")))
        with pytest.raises(Refused, match="bad-sdp"):
            await publisher.answer(offer)


async def test_an_offer_without_a_codec_of_ours_is_refused() -> None:
    async with Browser() as browser, Publisher(Desk().take) as publisher:
        offer = (await browser.publish(Numbered())).replace("H264/90000", "AV1/90000")
        with pytest.raises(Refused, match="no-common-codec"):
            await publisher.answer(offer.replace("VP8/90000", "VP9/90000"))


def test_chromium_is_told_to_begin_high_for_pictures_alone() -> None:
    answer = "\r\n".join(
        [
            "a=rtpmap:99 H264/90000",
            "a=fmtp:99 packetization-mode=1",
            "a=rtpmap:100 rtx/90000",
            "a=fmtp:100 apt=99",
            "a=rtpmap:97 VP8/90000",
            "a=rtpmap:96 opus/48000/2",
            "a=fmtp:96 stereo=1",
            "",
        ]
    )
    told = whip.start_high(answer).split("\r\n")
    assert "a=fmtp:99 packetization-mode=1;x-google-start-bitrate=2000" in told
    assert "a=fmtp:97 x-google-start-bitrate=2000" in told
    assert {"a=fmtp:100 apt=99", "a=fmtp:96 stereo=1"} <= set(told)
    assert told[-1] == ""


async def test_probes_that_repeat_what_is_here_are_no_drops() -> None:
    """Chromium fills its bandwidth probes with packets that it has sent before (RFC 4588)."""
    desk = Desk()
    async with Browser() as browser:
        offer = await browser.publish(Numbered())
        async with published(browser, desk, offer) as (publisher, _):
            await until(lambda: len(desk.numbers) >= 5)
            sender = browser.connection.getTransceivers()[0].sender
            history = sender._RTCRtpSender__rtp_history  # type: ignore[attr-defined]  # what it would send again
            for packet in list(history.values()):
                await sender._retransmit(packet.sequence_number)
            stream = publisher._video
            assert stream is not None
            await until(lambda: stream.reorder.late >= 3)
            assert publisher.dropped == 0
