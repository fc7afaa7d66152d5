"""Small loops, drawn once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from amphitheatre.camera import picture_loop, voice_loop

WIDTH, HEIGHT, FPS = 640, 360, 25


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the laparoscope's loop and the voices; it is where the camera looks meanwhile."""
    folder = tmp_path_factory.mktemp("camera")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPHITHEATRE_DATA", str(folder))
        picture_loop.draw("laparoscope", WIDTH, HEIGHT, FPS, lambda share: None)
        for voice in ("zh", "en", "fr"):
            voice_loop.make(voice, marks=False)
        voice_loop.make("zh", marks=True)
        yield folder
