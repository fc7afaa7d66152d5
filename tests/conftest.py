from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from amphitheatre.media.store import object_store

if TYPE_CHECKING:
    from tests.media.store.s3 import S3


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> "Iterator[S3]":
    """A running S3 server whose credentials stand in the environment."""
    from tests.media.store.s3 import S3  # it takes a second to load, and few tests need it

    for name in ("AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with S3() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        object_store.opened.cache_clear()
        yield server
    object_store.opened.cache_clear()
