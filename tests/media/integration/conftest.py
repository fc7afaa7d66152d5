"""One real origin for the tests of a file; at its end nothing secret may stand in its log."""

from collections.abc import Iterator

import pytest

from tests.media.origin import Origin


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    with Origin(tmp_path_factory.mktemp("origin")) as running:
        yield running
    assert running.secrets_in_log() == []
