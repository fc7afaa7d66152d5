"""`amphitheatre camera`: the demo's cameras and voices, or one of them.

    camera demo --rtmp rtmp://HOST:PORT/live --keys-json FILE [--room operation]
    camera push URL [--view laparoscope|fluorescence] [--voice zh|en|fr|none] …
    camera prepare

Ends cleanly on SIGTERM and SIGINT.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amphitheatre.camera import workshop
from amphitheatre.camera.cameras import Camera, CameraRoom, Shape, Voices, format_of, sound_header
from amphitheatre.camera.errors import CameraError
from amphitheatre.camera.publisher import Publisher
from amphitheatre.camera.recorder import Recorder
from amphitheatre.camera.scene import View
from amphitheatre.camera.track import Sink

VOICES = {"zh": "zh", "zh-Hans": "zh", "zh-CN": "zh", "en": "en", "fr": "fr"}  # language tag → voice
FLOOR = "zh"


def main(argv: list[str]) -> int:
    """Runs one of the verbs; the answer is the process's exit code."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except CameraError as error:
        print(f"camera: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="amphitheatre camera", description="Synthetic cameras and voices.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    demo = verbs.add_parser("demo", help="all cameras and voices of the demo's operation")
    demo.add_argument(
        "--rtmp", required=True, metavar="URL", help="rtmp://HOST:PORT/live; the keys are put behind it"
    )
    demo.add_argument("--keys-json", required=True, type=Path, metavar="FILE")
    demo.add_argument("--room", default="operation")
    demo.set_defaults(run=_demo)
    push = verbs.add_parser("push", help="one camera, to an RTMP or SRT address or a file")
    push.add_argument("url", metavar="URL")
    push.add_argument("--view", choices=["laparoscope", "fluorescence", "none"], default="laparoscope")
    push.add_argument("--voice", choices=["zh", "en", "fr", "none"], default="zh")
    push.add_argument("--seconds", type=float, help="end after so long (default: never)")
    push.add_argument(
        "--format", dest="container", help="container for ffmpeg, such as mpegts (default: by the address)"
    )
    push.set_defaults(run=_push)
    prepare = verbs.add_parser("prepare", help="draw what demo and push need, and end")
    prepare.set_defaults(run=_prepare)
    for verb in (demo, push, prepare):
        _add_shape(verb)
    return parser


def _add_shape(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--fps", type=int, choices=[25, 30], default=30)
    verb.add_argument("--size", type=_size, default=(1280, 720), metavar="WIDTHxHEIGHT")
    verb.add_argument("--bitrate", type=int, default=2_500_000, help="bits/s of a picture at most")
    verb.add_argument("--keyframe-seconds", type=int, default=1)
    verb.add_argument("--zone", type=_zone, default="Asia/Shanghai", help="of the time of day in the picture")
    verb.add_argument("--sync-marks", action="store_true", help="a flash and a beep on every fifth second")


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 1280x720") from None
    if (
        not (320 <= width <= 3840 and 180 <= height <= 2160)
        or width % 2
        or height % 2
        or width * 9 < height * 16
    ):
        raise argparse.ArgumentTypeError("a size is even, 16:9 or wider, and from 320x180 to 3840x2160")
    return width, height


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise argparse.ArgumentTypeError(
            f"{text} is no time zone known here (is tzdata installed?)"
        ) from None


def _shape(options: argparse.Namespace) -> Shape:
    width, height = options.size
    return Shape(
        width,
        height,
        options.fps,
        options.bitrate,
        options.keyframe_seconds,
        options.zone,
        options.sync_marks,
    )


def _loops(shape: Shape, views: list[View], voices: list[str]) -> list[workshop.Picture | workshop.Voice]:
    pictures = [workshop.Picture(view, shape.width, shape.height, shape.fps) for view in views]
    return [*pictures, *(workshop.Voice(voice, shape.sync_marks) for voice in voices)]


def _prepare(options: argparse.Namespace) -> None:
    workshop.prepare(_loops(_shape(options), ["laparoscope", "fluorescence"], ["zh", "en", "fr"]))


def _demo(options: argparse.Namespace) -> None:
    keys = _keys(options.keys_json, options.room)
    shape = _shape(options)
    _prepare(options)
    base = options.rtmp.rstrip("/")
    laparoscope, fluorescence = Camera("laparoscope", shape), Camera("fluorescence", shape)
    floor = sound_header(FLOOR, shape.sync_marks)
    lens = Publisher("laparoscope", f"{base}/{keys['laparoscope']}", format_of(shape, laparoscope, floor))
    glow = Publisher("fluorescence", f"{base}/{keys['fluorescence']}", format_of(shape, fluorescence, None))
    voices: list[tuple[str, Sink]] = [(FLOOR, lens)]
    for tag, key in sorted(keys["languages"].items()):
        voice = VOICES.get(tag, FLOOR)
        if voice != FLOOR:  # the floor is heard with the laparoscope
            header = sound_header(voice, shape.sync_marks)
            voices.append((voice, Publisher(f"voice-{tag}", f"{base}/{key}", format_of(shape, None, header))))
    _run([(laparoscope, lens), (fluorescence, glow)], voices, shape, None)


def _keys(path: Path, room: str) -> dict[str, dict[str, str]]:
    try:
        keys = json.loads(path.read_text())[room]
        return {
            "languages": keys["languages"],
            "laparoscope": keys["laparoscope"],
            "fluorescence": keys["fluorescence"],
        }
    except OSError as error:
        raise CameraError(f"the keys cannot be read from {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CameraError(f"{path} does not hold the keys of the room {room}: {error}") from error


def _push(options: argparse.Namespace) -> None:
    shape = _shape(options)
    views: list[View] = [] if options.view == "none" else [options.view]
    voices = [] if options.voice == "none" else [options.voice]
    if not views and not voices:
        raise CameraError("with neither a view nor a voice there is nothing to send")
    workshop.prepare(_loops(shape, views, voices))
    camera = Camera(views[0], shape) if views else None
    form = format_of(shape, camera, sound_header(voices[0], shape.sync_marks) if voices else None)
    sink: Sink
    if options.url.startswith("rtmp://"):
        sink = Publisher(options.view if views else f"voice-{voices[0]}", options.url, form)
    else:
        sink = Recorder(options.url, form, options.container)
    pictures = [(camera, sink)] if camera else []
    _run(pictures, [(voice, sink) for voice in voices], shape, options.seconds)


def _run(
    pictures: list[tuple[Camera, Sink]], voices: list[tuple[str, Sink]], shape: Shape, seconds: float | None
) -> None:
    """Sends until a signal comes or the time is over."""
    ending = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    room, speech = CameraRoom(pictures, shape.fps), Voices(voices, shape.sync_marks)
    room.start()
    speech.start()
    ending.wait(seconds)
    room.close()
    speech.close()
    for sink in {id(sink): sink for _, sink in [*pictures, *voices]}.values():
        sink.close()
