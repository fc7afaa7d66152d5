"""WHEP out: one peer that is sent a view's H.264 as it is, and one language's sound as Opus.

aiortc's sender reports say when a packet left. Ours say what moment of the room it shows, so that a browser
plays picture and sound of one moment together although encoding delays the picture.
"""

import time
from types import TracebackType
from typing import Any, Final, Self

from aiortc import RTCRtpSender
from aiortc.clock import NTP_EPOCH
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, RtcpRrPacket, RtcpSrPacket, unpack_remb_fci

from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc.feeds import PictureFeed, SoundFeed
from amphitheatre.media.rtc.peer import H264_ONLY, OPUS_ONLY, Peer, interpose, kinds_offered, preferred
from amphitheatre.media.rtc.tracks import LineTrack, PictureTrack, SoundTrack

CONNECT_WITHIN: Final = 15.0  # seconds
_UNIX_IN_NTP: Final = -NTP_EPOCH.timestamp()  # seconds from 1900 to 1970


class Viewer:
    """One peer of one view. voice: the language asked for; floor: heard while it is silent."""

    def __init__(
        self, pictures: PictureFeed, voice: SoundFeed, floor: SoundFeed, network: RtcNetwork = ANY_NETWORK
    ) -> None:
        self._peer = Peer(network)
        self._pictures = pictures
        self._voice = voice
        self._floor = floor
        self._video = PictureTrack(self._watch, pictures.refresh)
        self._audio = SoundTrack(self._listen)
        self._wall_at_zero: float | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pictures.leave(self._video)
        self._voice.leave(self._audio)
        self._floor.leave(self._audio)
        self._video.stop()
        self._audio.stop()
        await self._peer.__aexit__(kind, error, trace)

    async def answer(self, offer: str) -> str:
        """The SDP answer with all candidates. Raises Refused: ``bad-sdp``, ``no-media``,
        ``too-many-tracks``, ``no-common-codec`` (no H.264), ``no-candidates``.
        """
        kinds = kinds_offered(offer, ("sendrecv", "recvonly"))
        if not kinds:
            raise Refused("no-media")
        for kind in kinds:
            track: LineTrack = self._video if kind == "video" else self._audio
            transceiver = self._peer.connection.addTransceiver(track, direction="sendonly")
            # Before the offer is applied: what is first then is what is sent.
            transceiver.setCodecPreferences(preferred(kind, H264_ONLY if kind == "video" else OPUS_ONLY))
            self._report_room_time(transceiver.sender, track)
            if kind == "video":
                interpose(transceiver.sender, "_send_keyframe", self._pictures.refresh)
                self._hear_of_line(transceiver.sender)
        await self._peer.take(offer)
        return await self._peer.answer()

    def close(self) -> None:
        """End it from our side: `run` returns ``closed``."""
        self._peer.end("closed")

    @property
    def dropped(self) -> int:
        return self._video.dropped + self._audio.dropped

    async def run(self) -> str:
        """Send until the end; returns why it ended: ``hung-up``, ``failed``, ``closed``, ``unconnected``."""
        if not await self._peer.connects_within(CONNECT_WITHIN):
            self._peer.end("unconnected")
        return await self._peer.ended()

    def _watch(self) -> None:
        self._pictures.join(self._video)

    def _listen(self) -> None:
        self._floor.join(self._audio, voice=False)
        self._voice.join(self._audio, voice=True)  # last: the floor itself may be what was asked for

    def _hear_of_line(self, sender: RTCRtpSender) -> None:
        """Follow what the peer says of its line: a lower rung when it is too thin, a higher one when it is not."""
        handle, line = sender._handle_rtcp_packet, self._video.line

        async def listening(packet: Any) -> None:
            now = time.monotonic()
            if isinstance(packet, RtcpRrPacket | RtcpSrPacket):
                ours = [report for report in packet.reports if report.ssrc == sender._ssrc]
                stepped_down = any(line.lost(report.fraction_lost / 256, now) for report in ours)
            else:
                bitrate = _estimate(packet)
                stepped_down = bitrate is not None and line.estimated(bitrate, now)
            if stepped_down:
                self._pictures.refresh()
            await handle(packet)

        interpose(sender, "_handle_rtcp_packet", listening)

    def _report_room_time(self, sender: RTCRtpSender, track: LineTrack) -> None:
        send = sender._send_rtcp

        async def with_room_time(packets: list[Any]) -> None:
            if track.sent is None and isinstance(packets[0], RtcpSrPacket):
                return  # nothing sent yet: aiortc would report the year 1900
            for packet in packets:
                if isinstance(packet, RtcpSrPacket):
                    packet.sender_info.ntp_timestamp = self._ntp(track.sent or 0.0)
            await send(packets)

        interpose(sender, "_send_rtcp", with_room_time)

    def _ntp(self, room_time: float) -> int:
        """A moment of the room as a 64-bit NTP timestamp; the same clock for both tracks of this peer."""
        if self._wall_at_zero is None:
            self._wall_at_zero = time.time() - room_time
        return int((self._wall_at_zero + room_time + _UNIX_IN_NTP) * (1 << 32))


def _estimate(packet: Any) -> int | None:
    """Bits/s of a REMB message; None for any other packet."""
    if not isinstance(packet, RtcpPsfbPacket) or packet.fmt != RTCP_PSFB_APP:
        return None
    try:
        return int(unpack_remb_fci(packet.fci)[0])
    except ValueError:
        return None  # another application's feedback
