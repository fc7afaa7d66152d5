"""What the origin's processes log can be read by a machine and holds no values of variables."""

import json
from collections.abc import Iterator

import pytest
import structlog

from amphitheatre.media import logs


@pytest.fixture
def configured() -> Iterator[None]:
    before = structlog.get_config()
    logs.configure()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("configured")
def test_a_line_is_one_json_object_and_a_traceback_tells_no_values(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fails(stream_key: str) -> None:
        raise ValueError(len(stream_key))

    logs.configure()  # on the standard error that is captured
    try:
        fails("-".join(("secret", "key")))
    except ValueError:
        structlog.get_logger().exception("it.failed", room="salle-é")
    (line,) = capfd.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["level"], entry["room"]) == ("it.failed", "error", "salle-é")
    assert "ValueError: 10" in entry["exception"]
    assert "secret-key" not in line
