"""Settings of media: what is impossible is said with what to do."""

import pytest

from amphitheatre.media.config import from_environment
from amphitheatre.media.errors import ConfigurationError


def test_defaults_are_those_of_the_documents() -> None:
    config = from_environment({})
    assert (config.media_port, config.rtmp_port, config.srt_port, config.web_port) == (8010, 1935, 8890, 8000)


@pytest.mark.parametrize("value", ["", "x", "0", "65536", "-1", "80 "])
def test_what_is_no_port_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="AMPHITHEATRE_MEDIA_PORT"):
        from_environment({"AMPHITHEATRE_MEDIA_PORT": value})


def test_an_object_store_is_refused_and_not_ignored() -> None:
    with pytest.raises(ConfigurationError, match="STORE_URL"):
        from_environment({"AMPHITHEATRE_STORE_URL": "s3://bucket"})
