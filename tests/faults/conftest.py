"""What the faults strike: short streams, made once."""

import asyncio
from pathlib import Path

import pytest

from tests.media.ingest.publisher import PLAIN
from tests.media.integration.encodings import Encoding


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file by container: flv for RTMP, mpegts for SRT and pulls."""
    folder = tmp_path_factory.mktemp("clips")
    for container in ("flv", "mpegts"):
        asyncio.run(Encoding((*PLAIN, "-ar", "48000"), container=container).make(folder / container))
    return {container: folder / container for container in ("flv", "mpegts")}
