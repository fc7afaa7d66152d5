"""Text to sound, by espeak-ng from its wheel.

The library keeps its state in the process, so this is meant for the short-lived process that makes
the voices (see `workshop`).
"""

import ctypes
from typing import Any, Final

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from amphitheatre.camera.errors import SpeechError

# espeak-ng/speak_lib.h
_SYNCHRONOUS: Final = 2
_UTF8: Final = 1
_POSITION_CHARACTER: Final = 1
_RATE: Final = 1
_PITCH: Final = 3
_RANGE: Final = 4

# Voice, words a minute, pitch and its range (0 to 100): one can tell them apart without knowing the language.
VOICES: Final[dict[str, tuple[bytes, int, int, int]]] = {
    "zh": (b"cmn", 205, 42, 60),
    "en": (b"en+f3", 178, 52, 62),
    "fr": (b"fr+m3", 182, 36, 66),
}


class Synthesiser:
    """Speaks with one voice. rate: samples a second of what it gives."""

    def __init__(self, voice: str) -> None:
        name, words, pitch, span = VOICES[voice]
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0))
        if self.rate <= 0:
            raise SpeechError(
                "espeak-ng does not start: its data folder is missing from the espeakng-loader wheel"
            )
        self._heard: list[NDArray[np.int16]] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._callback = kind(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        if self._library.espeak_SetVoiceByName(name) != 0:
            raise SpeechError(f"espeak-ng does not know the voice {name.decode()}")
        for parameter, value in ((_RATE, words), (_PITCH, pitch), (_RANGE, span)):
            self._library.espeak_SetParameter(parameter, value, 0)

    def say(self, text: str) -> NDArray[np.int16]:
        """The sentence as mono samples, without the silence around it. Raises SpeechError."""
        self._heard = []
        raw = text.encode()
        failed = self._library.espeak_Synth(
            raw, ctypes.c_size_t(len(raw) + 1), 0, _POSITION_CHARACTER, 0, _UTF8, None, None
        )
        if failed or not self._heard:
            raise SpeechError(f"espeak-ng gave no sound (code {failed})")
        sound = np.concatenate(self._heard)
        loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > 80)
        if not loud.size:
            raise SpeechError("espeak-ng gave silence")
        return sound[loud[0] : loud[-1] + 1]

    def _take(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0
