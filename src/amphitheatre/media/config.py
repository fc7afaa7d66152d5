"""Configuration of the media side: one frozen object, read once from the environment."""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from amphitheatre.media.errors import ConfigurationError

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound
_ICE_SCHEMES: Final = ("stun:", "stuns:", "turn:", "turns:")


class RtcNetwork(msgspec.Struct, frozen=True):
    """Where WebRTC peers reach us. ports: first and last UDP port, None for any that is free.

    addresses: what the outside calls us when a NAT stands before us; told beside this machine's own.
    """

    ports: tuple[int, int] | None = None
    addresses: tuple[str, ...] = ()


ANY_NETWORK: Final = RtcNetwork()


class IceServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A STUN or TURN server for clients, as in a browser's RTCIceServer."""

    urls: str | list[str]
    username: str = ""
    credential: str = ""

    @property
    def addresses(self) -> list[str]:
        return [self.urls] if isinstance(self.urls, str) else self.urls


_STORE_URL: Final = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._=-]+)*|file:///[^?#]+")


class MediaConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Ports are TCP (HTTP, RTMP) or UDP (SRT: `srt_port` and upwards, one a source).

    secure: pages and media are reached by HTTPS alone, through a proxy.
    store_url: where recordings are archived, ``s3://bucket/prefix`` or ``file:///folder``; None: only in `data`.
    """

    host: str = "127.0.0.1"
    media_port: int = 8010
    rtmp_port: int = 1935
    srt_port: int = 8890
    web_port: int = 8000
    rtc: RtcNetwork = ANY_NETWORK
    ice_servers: tuple[IceServer, ...] = ()
    data: Path = Path("var")
    secure: bool = False
    store_url: str | None = None

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
    def reached_at(self) -> str:
        """The host part of an address by which this machine reaches what it serves."""
        host = _LOOPBACK.get(self.host, self.host)
        return f"[{host}]" if ":" in host else host

    @property
    def web_url(self) -> str:
        """Where media itself reaches web."""
        return f"http://{self.reached_at}:{self.web_port}"

    @property
    def web_origin(self) -> tuple[str, int]:
        """(scheme, port) of web's pages as browsers see them; a proxy holds HTTPS's own port."""
        return ("https", 443) if self.secure else ("http", self.web_port)


def from_environment(env: Mapping[str, str] = os.environ) -> MediaConfig:
    """Read the AMPHITHEATRE_* variables. Raises ConfigurationError naming the variable and what is wrong."""
    return MediaConfig(
        host=env.get("AMPHITHEATRE_HOST", "127.0.0.1"),
        media_port=_port(env, "AMPHITHEATRE_MEDIA_PORT", 8010),
        rtmp_port=_port(env, "AMPHITHEATRE_RTMP_PORT", 1935),
        srt_port=_port(env, "AMPHITHEATRE_SRT_PORT", 8890),
        web_port=_port(env, "AMPHITHEATRE_WEB_PORT", 8000),
        rtc=RtcNetwork(_rtc_ports(env), _rtc_addresses(env)),
        ice_servers=_ice_servers(env),
        data=Path(env.get("AMPHITHEATRE_DATA", "var")).absolute(),
        secure=env.get("AMPHITHEATRE_SECURE") == "1",
        store_url=_store_url(env),
    )


def http_allowed(env: Mapping[str, str]) -> bool:
    """Whether the object store may be reached without TLS (the variable is the one that S3 libraries use)."""
    return env.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true", "yes"}


def _store_url(env: Mapping[str, str]) -> str | None:
    text = env.get("AMPHITHEATRE_STORE_URL", "").rstrip("/")
    if not text:
        return None
    if not _STORE_URL.fullmatch(text):  # it is not repeated: somebody may have put a key in it
        raise ConfigurationError(
            "AMPHITHEATRE_STORE_URL is neither s3://bucket/prefix nor file:///folder;"
            " credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    endpoints = (env.get("AWS_ENDPOINT_URL_S3", ""), env.get("AWS_ENDPOINT_URL", ""))
    in_clear = any(endpoint.lower().startswith("http://") for endpoint in endpoints)
    if text.startswith("s3:") and in_clear and not http_allowed(env):
        raise ConfigurationError(
            "AWS_ENDPOINT_URL starts with http://, so recordings would travel in the clear;"
            " use https://, or set AWS_ALLOW_HTTP=true if nobody else is on that network"
        )
    return text


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"{name}={text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def _rtc_ports(env: Mapping[str, str]) -> tuple[int, int] | None:
    text = env.get("AMPHITHEATRE_RTC_PORTS", "")
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last) < 65536):
        raise ConfigurationError(
            f"AMPHITHEATRE_RTC_PORTS={text!r} is no range of ports; give one such as 50000-50099"
        )
    return int(first), int(last)


def _rtc_addresses(env: Mapping[str, str]) -> tuple[str, ...]:
    text = env.get("AMPHITHEATRE_RTC_ADDRESS", "")
    try:
        return tuple(str(ipaddress.ip_address(one.strip())) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"AMPHITHEATRE_RTC_ADDRESS={text!r}: {error}; give this machine's public address, such as 203.0.113.7"
        ) from error


def _ice_servers(env: Mapping[str, str]) -> tuple[IceServer, ...]:
    """The text may hold a credential: it is not repeated in the error."""
    try:
        servers = msgspec.json.decode(env.get("AMPHITHEATRE_ICE_SERVERS") or "[]", type=tuple[IceServer, ...])
    except msgspec.DecodeError as error:
        raise ConfigurationError(
            f"AMPHITHEATRE_ICE_SERVERS: {error}; give a JSON list such as "
            '[{"urls": "turn:turn.example.org", "username": "us", "credential": "…"}]'
        ) from error
    for server in servers:
        if not server.addresses or not all(url.startswith(_ICE_SCHEMES) for url in server.addresses):
            raise ConfigurationError(
                "AMPHITHEATRE_ICE_SERVERS: urls begin with one of " + ", ".join(_ICE_SCHEMES)
            )
        if not (server.username and server.credential) and any(
            u.startswith("turn") for u in server.addresses
        ):
            raise ConfigurationError(
                "AMPHITHEATRE_ICE_SERVERS: browsers take a TURN server only with a username and a credential"
            )
    return servers
