"""The cameras of one room: on each beat every view's next frame, stamped with that beat's time, is sent."""

import threading
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

import av
from av.video.frame import PictureType

from amphitheatre.camera import clock_strip, coded_loop, flv, picture_loop, voice_loop
from amphitheatre.camera.clock_face import ClockFace
from amphitheatre.camera.loop_reader import LoopReader, fill, planes
from amphitheatre.camera.pace import Pace
from amphitheatre.camera.scene import View
from amphitheatre.camera.track import Format, Piece, Sink

FLASH_LUMA: Final = 225
FLASH: Final = (216, 640, 64)  # left, top, side: the sync mark's flash, in 1/720 of the picture's height


@dataclass(frozen=True)
class Shape:
    """What every camera of the room sends. bitrate: bits/s at most; keyframe_seconds: whole seconds of wall time."""

    width: int = 1280
    height: int = 720
    fps: int = 30
    bitrate: int = 2_500_000
    keyframe_seconds: int = 1
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    sync_marks: bool = False


class Camera:
    """One view. Gives the coded picture of any beat; cheap when asked for one beat after the other."""

    def __init__(self, view: View, shape: Shape) -> None:
        self._shape = shape
        path = picture_loop.path(view, shape.width, shape.height, shape.fps)
        self._reader = LoopReader(coded_loop.read(path))
        self._face = ClockFace(shape.zone, shape.width, shape.height)
        self._frame = av.VideoFrame(shape.width, shape.height, "yuv420p")
        self._encoder = _encoder(shape)
        self.header = flv.picture_header(self._encoder.extradata or b"")

    def picture(self, beat: int, hungry: bool) -> Piece:
        """The picture of a beat. hungry: it has to be independent, whatever the second."""
        milliseconds = at(beat, self._shape.fps)
        fill(self._frame, planes(self._reader.frame(beat)))
        luma, _, _ = planes(self._frame)
        self._face.draw(luma, milliseconds)
        clock_strip.draw(luma, milliseconds)
        if self._shape.sync_marks:
            self._flash(luma, milliseconds)
        key = hungry or beat % (self._shape.fps * self._shape.keyframe_seconds) == 0
        self._frame.pict_type = PictureType.I if key else PictureType.NONE
        self._frame.pts = beat
        (packet,) = self._encoder.encode(self._frame)
        return Piece(
            flv.PICTURE, milliseconds, packet.is_keyframe, flv.picture(bytes(packet), packet.is_keyframe)
        )

    def _flash(self, luma: Any, milliseconds: int) -> None:
        unit = self._shape.height / 720
        left, top, side = (round(length * unit) for length in FLASH)
        since = milliseconds % (voice_loop.MARK_SECONDS * 1000)
        lit = since < voice_loop.MARK_LENGTH * 1000
        luma[top : top + side, left : left + side] = FLASH_LUMA if lit else clock_strip.DARK


def at(beat: int, fps: int) -> int:
    """Wall time of a beat in milliseconds since the Unix epoch."""
    return round(beat * 1000 / fps)


def _encoder(shape: Shape) -> Any:
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = shape.width, shape.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, shape.fps), Fraction(shape.fps)
    encoder.gop_size = shape.fps * shape.keyframe_seconds
    encoder.max_b_frames = 0
    encoder.color_range, encoder.colorspace = 1, 1  # limited, BT.709
    encoder.flags |= 0x400000  # AV_CODEC_FLAG_GLOBAL_HEADER
    rate = str(shape.bitrate)
    encoder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "threads": "1", "forced-idr": "1", "sc_threshold": "0",
        "crf": "25", "maxrate": rate, "bufsize": rate, "profile": "baseline",
    }  # fmt: skip
    encoder.open()
    return encoder


class CameraRoom:
    """Runs the cameras in one thread, so that frame n of each is the same moment."""

    def __init__(self, cameras: list[tuple[Camera, Sink]], fps: int) -> None:
        self._cameras = cameras
        self._fps = fps
        self._ending = threading.Event()
        self.pace = Pace(fps, self._ending)
        self._thread = threading.Thread(target=self._run, name="cameras", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join(2)

    def _run(self) -> None:
        for beat in self.pace:
            for camera, sink in self._cameras:
                if sink.wanted:
                    sink.put(camera.picture(beat, sink.hungry))


class Voices:
    """Runs the voices in one thread. A sound frame is sent when its last sample has been, as a microphone would."""

    def __init__(self, voices: list[tuple[str, Sink]], marks: bool) -> None:
        self._voices = [
            (coded_loop.read(voice_loop.path(name, marks)).packets, sink) for name, sink in voices
        ]
        self._ending = threading.Event()
        self.pace = Pace(voice_loop.RATE / voice_loop.FRAME, self._ending)
        self._thread = threading.Thread(target=self._run, name="voices", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join(2)

    def _run(self) -> None:
        for beat in self.pace:
            begun = beat - 1
            milliseconds = round(begun * voice_loop.FRAME * 1000 / voice_loop.RATE)
            for packets, sink in self._voices:
                if sink.wanted:
                    sink.put(Piece(flv.SOUND, milliseconds, True, flv.sound(packets[begun % len(packets)])))


def sound_header(voice: str, marks: bool) -> bytes:
    return flv.sound_header(coded_loop.read(voice_loop.path(voice, marks)).header)


def format_of(shape: Shape, camera: Camera | None, sound: bytes | None) -> Format:
    """What receivers are told about a stream with that camera and that sound header."""
    facts: dict[str, object] = {"encoder": "Amphitheatre synthetic camera"}
    if camera is not None:
        facts |= {"width": shape.width, "height": shape.height, "framerate": shape.fps, "videocodecid": 7}
        facts["videodatarate"] = shape.bitrate / 1000
    if sound is not None:
        facts |= {"audiocodecid": 10, "audiosamplerate": voice_loop.RATE, "stereo": True}
        facts["audiodatarate"] = voice_loop.BITRATE / 1000
    return Format(camera.header if camera else None, sound, facts)
