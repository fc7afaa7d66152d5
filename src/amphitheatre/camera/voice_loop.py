"""A voice's loop: spoken and encoded once, then played packet by packet.

A loop is 80 s: a whole number of AAC frames (3750) and of the 5 s between sync marks, so it repeats
without a seam and always begins on a wall time that is a multiple of 80 s. Two processes that play the same
voice play the same sample at the same moment.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from amphitheatre.camera import coded_loop
from amphitheatre.camera.coded_loop import CodedLoop
from amphitheatre.camera.commentary import COMMENTARY
from amphitheatre.camera.speech import Synthesiser

SOURCES = ("commentary", "speech", "voice_loop")
LOOP_SECONDS: Final = 80
RATE: Final = 48_000  # hertz
FRAME: Final = 1024  # samples of an AAC frame
BITRATE: Final = 96_000  # bits/s
FLOOR: Final = "zh"
INTERPRETER_LAG: Final = 2.2  # seconds after the floor begins a sentence
MARK_SECONDS: Final = 5
MARK_LENGTH: Final = 0.1  # seconds, of beep and flash alike
MARK_TONE: Final = 1000  # hertz

Samples = NDArray[np.float32]


def path(voice: str, marks: bool) -> Path:
    return coded_loop.path(f"voice-{voice}{'-marks' if marks else ''}", SOURCES)


def make(voice: str, marks: bool) -> None:
    """Speaks, encodes and keeps the loop. Raises SpeechError."""
    sound = spoken(voice)
    if marks:
        sound = _marked(sound)
    header, packets = _encoded(sound)
    loop = CodedLoop(header, RATE / FRAME, packets, list(range(len(packets))))
    coded_loop.write(path(voice, marks), loop)


def spoken(voice: str) -> Samples:
    """The loop's 80 s as mono samples at 48 kHz, -1 to 1."""
    sentences = [_at_rate(*_said(voice, text)) for text in COMMENTARY[voice]]
    begins = np.arange(len(sentences)) * (LOOP_SECONDS / len(sentences))
    if voice != FLOOR:
        begins = begins + INTERPRETER_LAG
    loop = _room(voice)
    free = 0.0
    for begin, sentence in zip(begins, sentences, strict=True):
        start = max(float(begin), free)
        places = (int(start * RATE) + np.arange(len(sentence))) % len(loop)
        loop[places] += sentence
        free = start + len(sentence) / RATE + 0.25
    return loop


_synthesisers: dict[str, Synthesiser] = {}


def _said(voice: str, text: str) -> tuple[NDArray[np.int16], int]:
    if voice not in _synthesisers:
        _synthesisers.clear()  # the library speaks with the voice that was chosen last
        _synthesisers[voice] = Synthesiser(voice)
    return _synthesisers[voice].say(text), _synthesisers[voice].rate


def _at_rate(sound: NDArray[np.int16], rate: int) -> Samples:
    """At 48 kHz, with the peak at -4 dBFS and soft ends."""
    frame = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    parts = [part.to_ndarray()[0] for part in [*resampler.resample(frame), *resampler.resample(None)]]
    samples = np.concatenate(parts).astype(np.float32)
    ramp = np.linspace(0, 1, 480, dtype=np.float32)
    samples[:480] *= ramp
    samples[-480:] *= ramp[::-1]
    return samples * np.float32(0.63 / max(1e-6, float(np.abs(samples).max())))


def _room(voice: str) -> Samples:
    """What is heard between the sentences: the theatre's air and monitor, or a quiet booth."""
    count = LOOP_SECONDS * RATE
    random = np.random.default_rng(len(voice) + ord(voice[0]))
    # Filtered in the frequency domain, so that the end meets the beginning.
    spectrum = np.fft.rfft(random.normal(0, 1, count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    air = np.fft.irfft(spectrum / (1 + (hertz / 300) ** 1.5), count)
    level = 10 ** ((-50 if voice == FLOOR else -62) / 20)
    sound = (air / air.std() * level).astype(np.float32)
    if voice == FLOOR:
        t = np.arange(int(0.09 * RATE)) / RATE
        pulse = (0.011 * np.sin(2 * np.pi * 620 * t) * np.sin(np.pi * t / 0.09)).astype(np.float32)
        for beat in range(96):  # 72 a minute
            start = int(beat * LOOP_SECONDS / 96 * RATE)
            sound[start : start + len(pulse)] += pulse
    return sound


def _marked(sound: Samples) -> Samples:
    """With a beep at every whole multiple of 5 s of wall time; the voice makes room for it."""
    t = np.arange(int(MARK_LENGTH * RATE)) / RATE
    beep = (0.7 * np.sin(2 * np.pi * MARK_TONE * t)).astype(np.float32)
    marked = sound.copy()
    for second in range(0, LOOP_SECONDS, MARK_SECONDS):
        start = second * RATE
        marked[start : start + len(beep)] = beep
    return marked


def _encoded(sound: Samples) -> tuple[bytes, list[bytes]]:
    """AAC-LC stereo of the loop in its steady state: packet n decodes to the samples from n × 1024 on.

    The encoder is run into the loop a second time and hands a frame out one frame late
    (its priming), so what is kept are the packets of the second turn, shifted by one.
    """
    encoder: Any = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", "fltp"
    encoder.bit_rate = BITRATE
    encoder.options = {"aac_coder": "fast"}
    encoder.time_base = Fraction(1, RATE)
    encoder.flags |= 0x400000  # AV_CODEC_FLAG_GLOBAL_HEADER
    count = len(sound) // FRAME
    packets: list[bytes] = []
    for index in range(count + 64):
        start = index % count * FRAME
        part = np.tile(sound[start : start + FRAME], (2, 1))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE, index * FRAME
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    second = packets[count + 1 : count + 1 + 40]
    first = packets[1 : count + 1]
    return encoder.extradata or b"", second + first[len(second) :]
