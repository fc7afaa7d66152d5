"""The settings that the command line itself needs; each side reads its own again in its own process."""

from amphitheatre.cli.errors import CommandError
from amphitheatre.media.config import MediaConfig, from_environment
from amphitheatre.media.errors import ConfigurationError
from amphitheatre.web import config as web


def load() -> MediaConfig:
    """Read the AMPHITHEATRE_* variables. Raises CommandError naming the one that is wrong, on either side."""
    try:
        web.from_environment()
        return from_environment()
    except (ConfigurationError, web.ConfigurationError) as e:
        raise CommandError(str(e)) from e


def web_address(config: MediaConfig) -> str:
    return f"http://{config.reached_at}:{config.web_port}"


def media_address(config: MediaConfig) -> str:
    return f"http://{config.reached_at}:{config.media_port}"
