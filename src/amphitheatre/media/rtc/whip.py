"""WHIP in (RFC 9725): from a publisher's offer to its coded frames, as early as they can be had.

Nothing is held back unless a packet is missing. The publisher is asked for a key frame until the first one
is here, and after each loss. Mending and mapping to room time are for whoever takes the frames.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from aiortc import RTCRtpReceiver
from aiortc.rtp import RtcpSrPacket

from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc.gate import CodedFrame, KeyGate, is_key
from amphitheatre.media.rtc.lipsync import LipSync, RtpClock
from amphitheatre.media.rtc.peer import H264_FIRST, OPUS_ONLY, Peer, interpose, kinds_offered, preferred
from amphitheatre.media.rtc.reorder import Reorder, Whole

CONNECT_WITHIN: Final = 15.0  # seconds from the answer to DTLS
SILENT_AFTER: Final = 8.0  # seconds; a live publisher's sender reports alone come at least every 7.5
TICK: Final = 0.02  # seconds
ASK_KEYFRAME_EVERY: Final = 0.5  # seconds
ASK_AGAIN_EVERY: Final = 0.06  # seconds between requests for the same missing packet
VIDEO_HOLD: Final = 0.25  # seconds: one round trip across continents; a frozen picture costs more
START_BITRATE: Final = 2_000_000  # bits/s
SOUND_HOLD: Final = 0.04  # seconds


def start_high(answer: str) -> str:
    """Tell Chromium to begin at START_BITRATE: left alone it begins at 0.3 Mbit/s and takes half a minute to rise.

    Others ignore the parameter (RFC 8866, 6.15). REMB takes it back at once where the line can't carry it.
    """
    lines = answer.split("\r\n")
    picture = {
        line.partition(":")[2].partition(" ")[0]
        for line in lines
        if line.startswith("a=rtpmap:") and line.partition(" ")[2] in ("H264/90000", "VP8/90000")
    }
    begun = f"x-google-start-bitrate={START_BITRATE // 1000}"
    told = []
    for line in lines:
        name, _, rest = line.partition(":")
        payload_type = rest.partition(" ")[0]
        if name == "a=fmtp" and payload_type in picture:
            line += f";{begun}"
        told.append(line)
        if name == "a=rtpmap" and payload_type in picture and rest.endswith("VP8/90000"):
            told.append(f"a=fmtp:{payload_type} {begun}")
    return "\r\n".join(told)


class Stream:
    """One received track: puts packets in order and knows its receiver."""

    def __init__(
        self,
        receiver: RTCRtpReceiver,
        codecs: dict[int, str],
        clock: RtpClock,
        reorder: Reorder,
        reported: Callable[[], None],
    ) -> None:
        self.receiver = receiver
        self.codecs = codecs
        self.clock = clock
        self.reorder = reorder
        self._reported = reported
        self.ssrc: int | None = None
        self.heard = time.monotonic()
        self._report = receiver._handle_rtcp_packet
        # Where aiortc would put packets into its jitter buffer, they come to us; NACK, RTX and REMB stay its.
        interpose(receiver, "_RTCRtpReceiver__jitter_buffer", self)
        interpose(receiver, "_handle_rtcp_packet", self._handle_rtcp_packet)

    def add(self, packet: Any) -> tuple[bool, None]:
        """In the place of aiortc's JitterBuffer.add: whether to ask for a key frame, and never a frame."""
        self.heard = time.monotonic()
        self.ssrc = packet.ssrc
        lost = self.reorder.add(packet, packet._data, self.heard)
        return lost, None

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        self.heard = time.monotonic()
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            self.clock.report(info.rtp_timestamp, packet.ssrc, info.ntp_timestamp)
            self._reported()
        await self._report(packet)

    async def ask_again(self) -> None:
        """Request what is missing once more: aiortc asks once, and that may be lost too."""
        if self.ssrc is not None and (missing := self.reorder.missing()):
            await self.receiver._send_rtcp_nack(self.ssrc, missing)

    async def ask_keyframe(self) -> None:
        if self.ssrc is not None:
            await self.receiver._send_rtcp_pli(self.ssrc)


class Publisher:
    """One publisher: ``async with Publisher(take) as p``, then ``p.answer(sdp)`` and ``p.run()``.

    take: gets every whole frame, on the event loop, at once; False says that there was no room for it.
    """

    def __init__(self, take: Callable[[CodedFrame], bool], network: RtcNetwork = ANY_NETWORK) -> None:
        self._take = take
        self._peer = Peer(network)
        self._sync = LipSync()
        self._gate = KeyGate()
        self._video: Stream | None = None
        self._audio: Stream | None = None
        self._connected = time.monotonic()  # seconds; until then it is now: nobody is heard before
        self._overrun = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._peer.__aexit__(kind, error, trace)

    async def answer(self, offer: str) -> str:
        """The SDP answer with all candidates. Raises Refused: ``bad-sdp``, ``no-media``,
        ``too-many-tracks``, ``no-common-codec``, ``no-candidates``.
        """
        kinds = kinds_offered(offer, ("sendrecv", "sendonly"))
        if not kinds:
            raise Refused("no-media")
        for kind in kinds:
            transceiver = self._peer.connection.addTransceiver(kind, direction="recvonly")
            names = H264_FIRST if kind == "video" else OPUS_ONLY
            transceiver.setCodecPreferences(preferred(kind, names))
        await self._peer.take(offer)
        for transceiver in self._peer.transceivers():
            if transceiver.kind not in kinds:
                continue
            codecs = {
                codec.payloadType: codec.name.lower()
                for codec in transceiver._codecs
                if codec.payloadType is not None
            }
            self._listen(transceiver.kind, transceiver.receiver, codecs)
        return start_high(await self._peer.answer())

    def close(self) -> None:
        """End it from our side: `run` returns ``closed``."""
        self._peer.end("closed")

    @property
    def dropped(self) -> int:
        """What was never handed on: packets lost, pictures frozen, frames without room.

        Packets that come late are not among them: they were counted when they were given up, or are probes
        that repeat what is here already.
        """
        streams = [s.reorder for s in (self._video, self._audio) if s]
        return self._overrun + self._gate.frozen + sum(r.lost for r in streams)

    async def run(self) -> str:
        """Receive; returns why it ended: ``hung-up``, ``failed``, ``closed``, ``silent``, ``unconnected``."""
        began = asked = again = time.monotonic()
        while not await self._peer.over_within(TICK):
            now = time.monotonic()
            self._give_up(now, began)
            if self._video is None:
                continue
            if now - again >= ASK_AGAIN_EVERY:
                again = now
                await self._video.ask_again()
            if self._gate.waiting and now - asked >= ASK_KEYFRAME_EVERY:
                asked = now
                await self._video.ask_keyframe()
        return await self._peer.ended()

    def _give_up(self, now: float, began: float) -> None:
        """Stop waiting for packets that are overdue, and for a publisher that is."""
        streams = [stream for stream in (self._video, self._audio) if stream]
        for stream in streams:
            stream.reorder.expire(now)
        if not self._peer.connected.is_set():
            self._connected = now
            if now - began > CONNECT_WITHIN:
                self._peer.end("unconnected")
        elif now - max([self._connected, *(stream.heard for stream in streams)]) > SILENT_AFTER:
            self._peer.end("silent")

    def _listen(self, kind: str, receiver: RTCRtpReceiver, codecs: dict[int, str]) -> None:
        if kind == "video":
            reorder = Reorder(self._picture, hold=VIDEO_HOLD, capacity=1024)
            self._video = Stream(receiver, codecs, self._sync.video, reorder, self._sync.align)
        else:
            reorder = Reorder(self._sound, hold=SOUND_HOLD, capacity=16, by_marker=False)
            self._audio = Stream(receiver, codecs, self._sync.audio, reorder, self._sync.align)

    def _picture(self, whole: Whole) -> None:
        stream = self._video
        if stream is None:
            return
        codec = stream.codecs.get(whole.payload_type, "")
        # The clock sees every frame, so that its timeline does not depend on what is let through.
        timestamp = stream.clock.seconds(whole.timestamp, whole.ssrc, whole.arrival)
        if not self._gate.passes(codec, whole.data, whole.clean):
            return
        frame = CodedFrame(codec, whole.data, timestamp, whole.arrival, is_key(codec, whole.data))
        if not self._take(frame):
            self._overrun += 1
            self._gate.shut()

    def _sound(self, whole: Whole) -> None:
        stream = self._audio
        if stream is None:
            return
        timestamp = stream.clock.seconds(whole.timestamp, whole.ssrc, whole.arrival)
        codec = stream.codecs.get(whole.payload_type, "")
        if not self._take(CodedFrame(codec, whole.data, timestamp, whole.arrival, True)):
            self._overrun += 1
