"""The demo without its cameras: for pages that show no picture, and need not keep real time."""

from collections.abc import Iterator

import pytest

from tests.e2e.house import House, still
from tests.pages.browser import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with still(tmp_path_factory.mktemp("still")) as running:
        yield running
