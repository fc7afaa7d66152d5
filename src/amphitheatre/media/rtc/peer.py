"""One WebRTC peer that answers one offer: what WHIP and WHEP have in common.

aiortc does ICE, DTLS, SRTP and the RTCP reports. The few places where we reach into it are all listed in
`interpose`'s callers; each is checked when it is done, so that another release fails loudly, not quietly.
"""

import asyncio
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

import aiortc.codecs
import structlog
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpCodecCapability, RTCRtpCodecParameters
from aiortc.sdp import SessionDescription

from amphitheatre.media.config import RtcNetwork
from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc.host_candidates import gather

log = structlog.get_logger(__name__)

ANSWER_WITHIN: Final = 5.0  # seconds; gathering host candidates takes milliseconds
MAX_SECTIONS: Final = 4  # media sections in an offer; one video, one audio, and what we turn down
# What aiortc raises at an offer that lacks what it needs, such as a section without a fingerprint.
_BROKEN: Final = (
    *(ValueError, AssertionError, AttributeError, LookupError, TypeError, StopIteration),
    *(InternalError, InvalidAccessError, InvalidStateError),
)
_H264: Final = "video/h264"
# Main and High, constrained and not: encoders that offer nothing else are decoded just as well.
_MORE_PROFILES: Final = ("4d001f", "4de01f", "64001f", "640c1f")


def interpose(owner: object, name: str, value: object) -> None:
    """Put ours in the place of a private part of aiortc. Raises AttributeError if it has no such part."""
    getattr(owner, name)
    setattr(owner, name, value)


def accept_every_h264_profile() -> None:
    """aiortc knows Baseline only (its encoder's); the bitstream is ours or goes to FFmpeg. Idempotent."""
    codecs = aiortc.codecs.CODECS["video"]
    known = {str(codec.parameters.get("profile-level-id")) for codec in codecs}
    payload_type = max(codec.payloadType or 0 for codec in codecs) + 1
    for profile in _MORE_PROFILES:
        if profile in known:
            continue
        codecs += [
            RTCRtpCodecParameters(
                mimeType="video/H264",
                clockRate=90_000,
                payloadType=payload_type,
                rtcpFeedback=[
                    RTCRtcpFeedback(type="nack"),
                    RTCRtcpFeedback(type="nack", parameter="pli"),
                    RTCRtcpFeedback(type="goog-remb"),
                ],
                parameters={
                    "level-asymmetry-allowed": "1",
                    "packetization-mode": "1",
                    "profile-level-id": profile,
                },
            ),
            RTCRtpCodecParameters(
                mimeType="video/rtx",
                clockRate=90_000,
                payloadType=payload_type + 1,
                parameters={"apt": payload_type},
            ),
        ]
        payload_type += 2


def preferred(kind: str, names: tuple[str, ...]) -> list[RTCRtpCodecCapability]:
    """Capabilities of `kind` whose MIME type is in `names`, in that order, with retransmission."""
    known = aiortc.codecs.get_capabilities(kind).codecs
    chosen = [codec for name in names for codec in known if codec.mimeType.lower() == name]
    return chosen + [codec for codec in known if codec.mimeType.lower() == "video/rtx"]


H264_ONLY: Final = (_H264,)
H264_FIRST: Final = (_H264, "video/vp8")
OPUS_ONLY: Final = ("audio/opus",)


def kinds_offered(sdp: str, directions: tuple[str, ...]) -> list[str]:
    """``audio`` and ``video`` as far as the offer has a section for them with one of these directions.

    Raises Refused: ``bad-sdp`` if it can't be read, ``too-many-tracks`` for more than one of a kind.
    """
    try:
        description = SessionDescription.parse(sdp)
    except _BROKEN as error:
        raise Refused("bad-sdp") from error
    media = description.media
    # RFC 9143, section 7.3.1: all of a bundle goes by the transport of its first section, so that one must be there and
    # be of a kind that has one.
    first = {mid for group in description.group for mid in group.items[:1]}
    if first - {section.rtp.muxId for section in media if section.kind in ("audio", "video", "application")}:
        raise Refused("bad-sdp")
    tracks = [section for section in media if section.kind in ("audio", "video")]
    kinds = [section.kind for section in tracks]
    if len(media) > MAX_SECTIONS or len(kinds) != len(set(kinds)):
        raise Refused("too-many-tracks")
    found = [section.kind for section in tracks if (section.direction or "sendrecv") in directions]
    if found and any(section.dtls is None or not section.dtls.fingerprints for section in media):
        raise Refused("bad-sdp")  # aiortc would take it, and stumble over it later in tasks of its own
    return found


class Peer:
    """Owns one RTCPeerConnection, from `async with` to its end, also when the task is cancelled."""

    def __init__(self, network: RtcNetwork) -> None:
        accept_every_h264_profile()
        self._network = network
        # No STUN server: candidates are this machine's own addresses. aiortc's default would ask Google's.
        self.connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self.connected = asyncio.Event()
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.connection.on("connectionstatechange", self._state_changed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end("closed")
        # Shielded: aiortc loses its transports when its close() is cancelled half-way.
        try:
            await asyncio.shield(asyncio.ensure_future(self.connection.close()))
        except AttributeError as error:  # of an offer that was taken half: it lacks transports to stop
            log.warning("rtc.close_failed", error=str(error))

    def transceivers(self) -> list[RTCRtpTransceiver]:
        return list(self.connection.getTransceivers())

    async def take(self, offer: str) -> None:
        """Apply the remote offer. Raises Refused(``bad-sdp`` or ``no-common-codec``)."""
        try:
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        except OperationError as error:
            raise Refused("no-common-codec") from error
        except _BROKEN as error:
            raise Refused("bad-sdp") from error

    async def answer(self) -> str:
        """Gather and answer; the SDP holds all candidates. Raises Refused(``bad-sdp``, ``no-candidates``)."""
        for transceiver in self.transceivers():
            ice = transceiver.receiver.transport.transport._connection
            interpose(ice, "get_component_candidates", partial(gather, self._network, ice))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self.connection.setLocalDescription()
        except TimeoutError as error:
            raise Refused("no-candidates") from error
        except _BROKEN as error:
            raise Refused("bad-sdp") from error
        answer = str(self.connection.localDescription.sdp)
        if "a=candidate:" not in answer:
            raise Refused("no-candidates")
        return answer

    def end(self, reason: str) -> None:
        """Decide why this peer is over; the first reason stands."""
        if not self._over.done():
            self._over.set_result(reason)

    @property
    def over(self) -> bool:
        return self._over.done()

    async def over_within(self, seconds: float) -> bool:
        """Wait for the end, but not longer than `seconds`."""
        await asyncio.wait([self._over], timeout=seconds)
        return self._over.done()

    async def connects_within(self, seconds: float) -> bool:
        """Wait for DTLS, or for the end before it; False if neither came in time."""
        connected = asyncio.create_task(self.connected.wait())
        await_either: set[asyncio.Future[Any]] = {connected, self._over}
        try:
            await asyncio.wait(await_either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            connected.cancel()
        return self.connected.is_set() or self._over.done()

    async def ended(self) -> str:
        """Wait for the end: ``hung-up`` (DTLS closed), ``failed`` (ICE or DTLS), ``closed`` (by us), …"""
        return await asyncio.shield(self._over)

    def _state_changed(self) -> None:
        state = self.connection.connectionState
        if state == "connected":
            self.connected.set()
        elif state in ("failed", "closed"):
            self.end("failed" if state == "failed" else "hung-up")
