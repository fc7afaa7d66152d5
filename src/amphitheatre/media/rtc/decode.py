"""Decoding what a publisher sends: a thread a track, since FFmpeg works without the interpreter's lock."""

import threading
from collections import deque
from typing import Final, NamedTuple, Protocol

import av
import structlog
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from amphitheatre.media.rtc.h264 import is_idr, starts_afresh

_log = structlog.get_logger(__name__)

VIDEO_BACKLOG: Final = 30  # frames: a second at 30 frames/s, then the decoder is too slow for good
SOUND_BACKLOG: Final = 50  # frames: a second of 20 ms frames


class Sink(Protocol):
    """Takes what a publisher sent, decoded; called from the decoders' threads, one for each kind.

    timestamp: seconds on the publisher's own timeline, the same for picture and sound.
    arrival: time.monotonic() at which the last packet of the frame was here, before decoding.
    """

    def picture(self, frame: av.VideoFrame, timestamp: float, arrival: float) -> None: ...

    def sound(self, samples: bytes, timestamp: float, arrival: float) -> None:
        """samples: interleaved signed 16-bit stereo at 48 kHz."""
        ...


class Coded(NamedTuple):
    """One frame to decode. clean: nothing was lost before it."""

    codec: str
    data: bytes
    timestamp: float
    arrival: float
    clean: bool


class Decoder:
    """A bounded line of frames before one thread. Counts what it drops and what it can't decode."""

    def __init__(self, name: str, backlog: int) -> None:
        self._line: deque[Coded] = deque()
        self._backlog = backlog
        self._more = threading.Condition()
        self._closed = False
        self.dropped = 0
        self.broken = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, frame: Coded) -> None:
        """Queue a frame; when the line is full the whole line is dropped, for what follows needs it."""
        with self._more:
            if len(self._line) >= self._backlog:
                self.dropped += len(self._line)
                self._line.clear()
                frame = frame._replace(clean=False)
            self._line.append(frame)
            self._more.notify()

    def close(self) -> None:
        """Stop the thread and wait for it; what is still in the line is not decoded."""
        with self._more:
            self._closed = True
            self._line.clear()
            self._more.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while (frame := self._take()) is not None:
            try:
                self._decode(frame)
            except (av.FFmpegError, ValueError) as error:
                self.broken += 1
                self._failed()
                _log.warning("rtc_undecodable", codec=frame.codec, error=type(error).__name__)

    def _take(self) -> Coded | None:
        with self._more:
            while not self._line and not self._closed:
                self._more.wait()
            return None if self._closed else self._line.popleft()

    def _decode(self, frame: Coded) -> None:
        raise NotImplementedError

    def _failed(self) -> None:
        """What the next frame needs after one that could not be decoded."""


class PictureDecoder(Decoder):
    """H.264 or VP8. After a loss the last picture stands until the next key frame: never a smeared one."""

    def __init__(self, sink: Sink) -> None:
        super().__init__("whip-video", VIDEO_BACKLOG)
        self._sink = sink
        self._context: VideoCodecContext | None = None
        self._codec = ""
        self._waiting = True
        self.frozen = 0

    @property
    def waiting(self) -> bool:
        """Whether nothing can be shown before the next key frame."""
        return self._waiting

    def _decode(self, frame: Coded) -> None:
        if not frame.clean:
            self._waiting = True
        if self._waiting and not self._can_start(frame):
            self.frozen += 1
            return
        self._waiting = False
        for picture in self._decoder(frame.codec).decode(av.Packet(frame.data)):
            self._sink.picture(picture, frame.timestamp, frame.arrival)

    def _can_start(self, frame: Coded) -> bool:
        if frame.codec == "vp8":  # RFC 6386, 9.1: key frame bit clear, then the start code
            return not frame.data[0] & 1 and frame.data[3:6] == b"\x9d\x01\x2a"
        return is_idr(frame.data) and (frame.clean or starts_afresh(frame.data))

    def _decoder(self, codec: str) -> VideoCodecContext:
        if self._context is None or codec != self._codec:
            context = av.CodecContext.create(codec, "r")
            if not isinstance(context, VideoCodecContext):
                raise ValueError(codec)
            context.thread_count = 1
            # Pictures come out as they go in: publishers over WebRTC send no B-frames.
            context.options = {"flags": "low_delay"}
            self._context, self._codec = context, codec
        return self._context

    def _failed(self) -> None:
        self._waiting = True


class SoundDecoder(Decoder):
    """Opus to PCM. A lost packet leaves a gap in the timestamps, which the source's clock mends."""

    def __init__(self, sink: Sink) -> None:
        super().__init__("whip-audio", SOUND_BACKLOG)
        self._sink = sink
        self._context: AudioCodecContext | None = None
        self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=48_000)

    def _decode(self, frame: Coded) -> None:
        if self._context is None:
            context = av.CodecContext.create("libopus", "r")
            if not isinstance(context, AudioCodecContext):
                raise ValueError("libopus")
            context.format, context.layout, context.sample_rate = "s16", "stereo", 48_000
            self._context = context
        for decoded in self._context.decode(av.Packet(frame.data)):
            decoded.pts = None
            for sound in self._resampler.resample(decoded):
                samples = bytes(sound.planes[0])[: sound.samples * 4]
                self._sink.sound(samples, frame.timestamp, frame.arrival)
