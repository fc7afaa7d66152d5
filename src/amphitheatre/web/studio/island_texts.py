"""Texts that the TypeScript islands show, by key: the page hands them over as JSON, from the same catalogues.

Add a key here with its English text; the island reads ``texts[key]``. ``{name}`` is filled in by the island.
A hint's key is ``hint.`` and the code in `contract.room_state.SourceReport.hints`.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLAYER: Final[dict[str, Promise]] = {
    "play": _("Play"),
    "pause": _("Pause"),
    "sound-on": _("Sound on"),
    "sound-off": _("Sound off"),
    "side-by-side": _("Side by side"),
    "one-picture": _("One large picture"),
    "from-start": _("From the start"),
    "back-to-live": _("Back to live"),
    "sound-only": _("Sound only"),
    "with-picture": _("With the picture"),
    "full-screen": _("Full screen"),
    "leave-full-screen": _("Leave full screen"),
    "small-window": _("Small window"),
    "quality": _("Quality"),
    "quality-auto": _("Automatic"),
    "quality-auto-now": _("Auto ({quality})"),
    "quality-cost": _("{quality}, about {rate}"),
    "quality-best": _("Best picture"),
    "quality-good": _("Good picture"),
    "quality-low": _("Weak line"),
    "quality-sound": _("Sound only"),
    "rate-megabits": _("{value} Mbit/s"),
    "rate-kilobits": _("{value} kbit/s"),
    "latency": _("{seconds} s behind the theatre"),
    "language-floor": _("original sound"),
    "language-voice": _("interpreter live"),
    "language-in-step": _("interpreter live, in step with the picture"),
    "language-replaced": _("no interpreter now: original sound"),
    "language-silence": _("no sound yet"),
    "status-connecting": _("Connecting…"),
    "status-waiting": _("The room is ready. The picture appears here as soon as the theatre sends it."),
    "status-lost": _(
        "The picture from the theatre is interrupted. It comes back by itself; you need do nothing."
    ),
    "status-offline": _("Your line is interrupted. The player goes on by itself as soon as it is back."),
    "status-buffering": _("Waiting for your line…"),
    "status-ended": _("The broadcast has ended."),
    "status-replay-soon": _("The replay is being prepared. It appears here by itself."),
    "status-no-replay": _("There is no recording of this room."),
    "status-denied": _("Your right to watch has run out. Open your link again, or sign in."),
    "status-unsupported": _(
        "This browser can play neither HLS nor Media Source Extensions. Try a current one."
    ),
    "status-no-picture": _("That camera has no picture at this moment."),
    "status-sound-only": _("Sound only: the picture is switched off to spare your line."),
}

TECHNICIAN: Final[dict[str, Promise]] = {
    "state-waiting": _("Waiting for an encoder"),
    "state-live": _("Live"),
    "state-lost": _("Lost: waiting for the encoder to come back"),
    "state-ended": _("Ended"),
    "copied": _("Copied"),
    "copy": _("Copy"),
    "frames-per-second": _("{value} frames/s"),
    "seconds": _("{value} s"),
    "loudness": _("{value} LUFS"),
    "peak": _("{value} dBFS"),
    "drift": _("{value} ppm"),
    "hertz": _("{value} kHz"),
    "mono": _("mono"),
    "stereo": _("stereo"),
    "channels": _("{count} channels"),
    "no-sound": _("none"),
    "interlaced": _("interlaced"),
    "all-well": _("Picture and sound are good."),
    "sound-well": _("The sound is good."),
    "recording-stopped": _(
        "The recording has stopped: the server's disk is full or fails. The broadcast goes on. "
        "Have room made on the disk; the recording then goes on by itself."
    ),
    "media-unreachable": _("The media server does not answer. Measurements are old until it does."),
}

# What is wrong and what to do, the codes of `media.ingest.hints`.
HINTS: Final[dict[str, Promise]] = {
    "hint.no-data": _("No data arrives. Check the encoder and its line; the connection is still open."),
    "hint.black": _("The picture is black. Check the camera's cable, its input and the lens cap."),
    "hint.frozen": _("The picture stands still. Check the camera and the capture card."),
    "hint.no-picture": _("No picture arrives, only sound. Switch the video track of the encoder on."),
    "hint.no-sound": _(
        "No sound arrives. Add a sound track in the encoder, or push a voice to the floor language."
    ),
    "hint.silence": _("The sound track is silent. Check the microphone, its cable and the mute switch."),
    "hint.clipping": _("The sound is too loud and distorts. Turn the input down by about 6 dB."),
    "hint.too-quiet": _("The sound is too quiet. Turn the input up until speech is near −23 LUFS."),
    "hint.sound-late": _("Sound and picture arrive apart. Set the same delay for both in the encoder."),
    "hint.overloaded": _(
        "This server is too slow for its pictures and leaves some out. Stop what else runs on it, or send smaller ones."
    ),
    "hint.network-late": _("The line to this server is uneven. Use a cable, or lower the encoder's bitrate."),
    "hint.drops": _("Data is being lost on the way. Use a cable, or lower the encoder's bitrate."),
    "hint.timestamps-mended": _(
        "The encoder's clock jumps. It is mended here; restart the encoder if it goes on."
    ),
    "hint.keyframes-far-apart": _("Keyframes are far apart. Set the encoder's keyframe interval to 1 s."),
    "hint.bitrate-low": _(
        "The bitrate is too low for this picture size. Raise it, or send a smaller picture."
    ),
    "hint.frame-rate-unsteady": _(
        "The frame rate is unsteady. Close other programs, or send a smaller picture."
    ),
    "hint.interlaced": _(
        "The picture is interlaced and is converted here. Send a progressive one if you can."
    ),
    "hint.b-frames": _("The encoder uses B-frames, so the picture is encoded anew. Set them to 0."),
    "hint.hevc": _("The picture comes as HEVC and is encoded anew. Send H.264 to spare the server."),
}

PRESENTER: Final[dict[str, Promise]] = {
    "go-live": _("Go on air"),
    "stop": _("Stop sending"),
    "present-idle": _("Nothing is sent until you press “Go on air”."),
    "present-connecting": _("Connecting…"),
    "present-live": _("You are on air."),
    "present-taken": _("Somebody else is sending to this place. Tick “Take over” to replace them."),
    "present-denied": _(
        "The browser was not allowed to use the camera, microphone or screen. Allow it and try again."
    ),
    "present-no-device": _("No camera or microphone was found. Plug one in and try again."),
    "present-refused": _("The media server refused the connection. Open your link again, or sign in."),
    "present-lost": _("The connection broke. Trying again…"),
}

RECORDINGS: Final[dict[str, Promise]] = {
    "export-ready": _("The MP4 of {when} is ready."),
    "export-failed": _("The MP4 of {when} could not be made."),
    "media-unreachable": _("The media server does not answer. The list is old until it does."),
    "status-denied": _("Your right to see this page has run out. Sign in again."),
}

PAGES: Final[dict[str, dict[str, Promise]]] = {
    "watch": PLAYER,
    "replay": PLAYER,
    "technician": PLAYER | TECHNICIAN | HINTS,
    "present": PLAYER | PRESENTER,
    "recordings": RECORDINGS,
}


def for_page(page: str) -> dict[str, str]:
    """Texts of one page in the language that is active now."""
    return {key: str(text) for key, text in PAGES[page].items()}
