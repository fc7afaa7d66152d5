"""The far side: aiortc peers that publish numbered pictures or watch them, over real DTLS and SRTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from tests.media.rtc.camera import number_in, numbered


async def until(condition: Callable[[], object], within: float = 60.0) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.005)


class Numbered(MediaStreamTrack):
    """A camera at 30 frames/s; `sent` says when each number left."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[int, float] = {}
        self._began: float | None = None

    async def recv(self) -> av.VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        number = len(self.sent)
        self._began = self._began or time.monotonic()
        await asyncio.sleep(max(0.0, self._began + number / 30 - time.monotonic()))
        frame = numbered(number)
        self.sent[number] = time.monotonic()
        return frame


class Hum(MediaStreamTrack):
    """A microphone: frames of 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._began: float | None = None

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        self._began = self._began or time.monotonic()
        await asyncio.sleep(max(0.0, self._began + self._count / 50 - time.monotonic()))
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.planes[0].update(bytes((n * 37 + self._count) & 0x7F for n in range(960 * 4)))
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._count * 960, Fraction(1, 48_000)
        self._count += 1
        return frame


class Browser:
    """One RTCPeerConnection; `async with`. seen: (number, when, pts); sizes: widths; heard: pts of sound."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.seen: list[tuple[int, float, int]] = []
        self.heard: list[int] = []
        self.sizes: list[int] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", self._track)

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def publish(self, *tracks: MediaStreamTrack, codec: str | None = None) -> str:
        """An offer to send these tracks; codec: the only one offered for pictures."""
        for track in tracks:
            self.connection.addTransceiver(track, direction="sendonly")
        for transceiver in self.connection.getTransceivers():
            if codec is not None and transceiver.kind == "video":
                known = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([c for c in known if c.mimeType.lower() == codec])
        return await self._offer()

    async def watch(self, *kinds: str) -> str:
        """An offer to receive."""
        for kind in kinds or ("video", "audio"):
            self.connection.addTransceiver(kind, direction="recvonly")
        return await self._offer()

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    def lose(self, loses: Callable[[int], bool], repeats_too: bool = False) -> None:
        """From now on, sent RTP packets number n for which loses(n) is true never arrive.

        repeats_too: nor does any retransmission (RFC 4588).
        """
        sender = self.connection.getTransceivers()[0].sender
        transport = sender.transport.transport
        send: Callable[[bytes], Awaitable[None]] = transport._send
        count = 0

        async def lossy(data: bytes) -> None:
            nonlocal count
            if data[0] & 0xC0 == 0x80 and not 192 <= data[1] <= 223:
                if int.from_bytes(data[8:12], "big") == sender._rtx_ssrc:
                    if repeats_too:
                        return
                else:
                    count += 1
                    if loses(count):
                        return
            await send(data)

        transport._send = lossy  # type: ignore[method-assign]  # the lossy link

    async def _offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    def _track(self, track: Any) -> None:
        self._tasks.append(asyncio.create_task(self._look(track)))

    async def _look(self, track: Any) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, av.VideoFrame):
                    self.sizes.append(frame.width)
                    self.seen.append((number_in(frame), time.monotonic(), frame.pts or 0))
                else:
                    self.heard.append(frame.pts or 0)
        except MediaStreamError:
            return
