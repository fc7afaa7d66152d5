from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from amphitheatre.camera import coded_loop, voice_loop
from amphitheatre.camera.commentary import COMMENTARY

RATE = voice_loop.RATE


def heard(voice: str, marks: bool = False, turns: int = 1) -> NDArray[np.float32]:
    """The loop as a player hears it."""
    loop = coded_loop.read(voice_loop.path(voice, marks))
    decoder: Any = av.CodecContext.create("aac", "r")
    decoder.extradata = loop.header
    # The last packet goes first: a decoder's first frame is built on the one before it.
    packets = [loop.packets[-1], *loop.packets * turns]
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])[voice_loop.FRAME :]


def spectrum(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean level of 40 bands up to 4 kHz, the fingerprint of who speaks."""
    power = np.abs(np.fft.rfft(sound[: len(sound) // RATE * RATE].reshape(-1, RATE), axis=1)) ** 2
    return np.log(power.mean(axis=0)[:4000].reshape(40, 100).sum(axis=1))


@pytest.mark.parametrize("voice", ["zh", "en", "fr"])
def test_a_voice_speaks_with_pauses_and_never_clips(data: Path, voice: str) -> None:
    sound = heard(voice)
    assert len(sound) == voice_loop.LOOP_SECONDS * RATE
    loud = np.sqrt((sound.reshape(-1, RATE // 10) ** 2).mean(axis=1)) > 0.01
    assert 0.35 < loud.mean() < 0.98
    assert np.abs(sound).max() < 0.95


def test_voices_differ(data: Path) -> None:
    prints = [spectrum(heard(voice)) for voice in ("zh", "en", "fr")]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(prints[one] - prints[other]).mean() > 0.4


def test_every_language_says_all_of_it() -> None:
    assert len({len(sentences) for sentences in COMMENTARY.values()}) == 1


def test_an_interpreter_begins_after_the_floor(data: Path) -> None:
    def first_word(voice: str) -> float:
        sound = np.abs(heard(voice)[: 6 * RATE])
        return float(np.argmax(sound > 0.15) / RATE)

    assert first_word("zh") < 0.5
    assert 1.5 < first_word("fr") < 3.0


def test_the_end_meets_the_beginning(data: Path) -> None:
    sound, seam = heard("zh", turns=2), voice_loop.LOOP_SECONDS * RATE
    steps = np.abs(np.diff(sound))
    assert steps[seam - 2 : seam + 2].max() < np.quantile(steps, 0.999)


def test_marks_beep_on_every_fifth_second_and_only_there(data: Path) -> None:
    sound = heard("zh", marks=True)
    wave = np.exp(-2j * np.pi * voice_loop.MARK_TONE * np.arange(480) / RATE)
    level = np.abs(sound.reshape(-1, 480) @ wave) / 480  # each 10 ms
    begins = np.flatnonzero((level[1:] > 0.2) & (level[:-1] <= 0.2)) + 1
    assert level[0] > 0.2
    assert [round(int(begin) / 100) for begin in begins] == list(range(5, 80, 5))
    assert np.abs(begins - np.arange(500, 8000, 500)).max() <= 1
