"""Configuration of the media side: one frozen object, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from amphitheatre.media.errors import ConfigurationError


class MediaConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Ports are TCP (HTTP, RTMP) or UDP (SRT: `srt_port` and upwards, one a source)."""

    host: str = "127.0.0.1"
    media_port: int = 8010
    rtmp_port: int = 1935
    srt_port: int = 8890
    web_port: int = 8000
    data: Path = Path("var")

    @property
    def rooms(self) -> Path:
        return self.data / "rooms"

    @property
    def public_key(self) -> Path:
        return self.data / "keys" / "grant.public.jwk"

    @property
    def event_token(self) -> Path:
        return self.data / "keys" / "event.token"

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"


def from_environment(env: Mapping[str, str] = os.environ) -> MediaConfig:
    """Read the AMPHITHEATRE_* variables. Raises ConfigurationError naming the variable and what is wrong."""
    if env.get("AMPHITHEATRE_STORE_URL"):
        raise ConfigurationError(
            "AMPHITHEATRE_STORE_URL can't be used yet: unset it, recordings are kept in AMPHITHEATRE_DATA"
        )
    return MediaConfig(
        host=env.get("AMPHITHEATRE_HOST", "127.0.0.1"),
        media_port=_port(env, "AMPHITHEATRE_MEDIA_PORT", 8010),
        rtmp_port=_port(env, "AMPHITHEATRE_RTMP_PORT", 1935),
        srt_port=_port(env, "AMPHITHEATRE_SRT_PORT", 8890),
        web_port=_port(env, "AMPHITHEATRE_WEB_PORT", 8000),
        data=Path(env.get("AMPHITHEATRE_DATA", "var")).absolute(),
    )


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"{name}={text!r} is not a port; give a number from 1 to 65535")
    return int(text)
