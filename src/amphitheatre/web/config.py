"""Configuration of the web side: one frozen object, read once from the environment."""

import difflib
import os
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound
PREFIX: Final = "AMPHITHEATRE_"
KNOWN: Final = frozenset(
    PREFIX + name
    for name in (
        "BUS_URL",
        "DATA",
        "HOST",
        "HOSTS",
        "ICE_SERVERS",
        "MAIL_FROM",
        "MAIL_URL",
        "MEDIA_PORT",
        "MEDIA_URL",
        "RTC_ADDRESS",
        "RTC_PORTS",
        "RTMP_PORT",
        "SECURE",
        "SRT_PORT",
        "STORE_URL",
        "TIME_ZONE",
        "WEB_PORT",
    )
)


class ConfigurationError(Exception):
    """A setting is missing, unknown or makes no sense; the message says which one and what to do."""


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """engine is Django's; name is a file for SQLite, else the database's name.

    options: what else the address says, in libpq's words (sslmode and so on).
    """

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: dict[str, str] = {}


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """How letters leave. backend: Django's; settings: what it wants, by the names of Django's settings."""

    backend: str
    settings: dict[str, Any] = {}


class WebConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that web takes from its environment.

    hosts: names that a request may ask for, the one that people type first. media_url: media's address for
    browsers; None takes the request's own host name with `media_port`. secure: the site is reached by HTTPS alone.
    time_zone: the organiser's (IANA name). mail_from: whom letters come from.
    """

    host: str
    hosts: tuple[str, ...]
    web_port: int
    media_port: int
    rtmp_port: int
    srt_port: int
    data: Path
    database: Database
    media_url: str | None
    secure: bool
    time_zone: str
    mail: Mail
    mail_from: str

    @property
    def address(self) -> str:
        """The pages' address, as people outside type it."""
        return f"https://{self.hosts[0]}" if self.secure else f"http://{self.hosts[0]}:{self.web_port}"

    @property
    def media_control_url(self) -> str:
        """Where web itself reaches media."""
        return f"http://{_in_address(_LOOPBACK.get(self.host, self.host))}:{self.media_port}"


def from_environment(env: Mapping[str, str] = os.environ) -> WebConfig:
    """Read and check the environment. Raises ConfigurationError naming the variable and what is wrong."""
    _refuse_unknown(env)
    data = Path(env.get("AMPHITHEATRE_DATA", "var")).absolute()
    host = env.get("AMPHITHEATRE_HOST", "127.0.0.1")
    hosts = _hosts(env.get("AMPHITHEATRE_HOSTS", ""), host)
    return WebConfig(
        host=host,
        hosts=hosts,
        web_port=_port(env, "AMPHITHEATRE_WEB_PORT", 8000),
        media_port=_port(env, "AMPHITHEATRE_MEDIA_PORT", 8010),
        rtmp_port=_port(env, "AMPHITHEATRE_RTMP_PORT", 1935),
        srt_port=_port(env, "AMPHITHEATRE_SRT_PORT", 8890),
        data=data,
        database=_database(env.get("DATABASE_URL", ""), data),
        media_url=_media_url(env.get("AMPHITHEATRE_MEDIA_URL", "")),
        secure=_switch(env, "AMPHITHEATRE_SECURE"),
        time_zone=_time_zone(env.get("AMPHITHEATRE_TIME_ZONE", "Asia/Shanghai")),
        mail=_mail(env.get("AMPHITHEATRE_MAIL_URL", "file:"), data),
        mail_from=_mail_from(
            env.get("AMPHITHEATRE_MAIL_FROM", f"Amphitheatre <amphitheatre@{_domain(hosts[0])}>")
        ),
    )


def secret_key(data: Path) -> str:
    """Django's own secret, made at the first start; mode 0600."""
    path = data / "keys" / "web.secret"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


def _refuse_unknown(env: Mapping[str, str]) -> None:
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(KNOWN))}"
            raise ConfigurationError(f"{name} is no setting of Amphitheatre; {hint}")


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"{name}={text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "0")
    if text not in {"0", "1"}:
        raise ConfigurationError(f"{name}={text!r} is neither 0 nor 1")
    return text == "1"


def _hosts(text: str, host: str) -> tuple[str, ...]:
    named = [name.strip() for name in text.split(",") if name.strip()]
    if "*" in named:
        raise ConfigurationError("AMPHITHEATRE_HOSTS may not be *: name the hosts that people type")
    own = [] if host in _LOOPBACK else [_in_address(host)]
    return tuple(dict.fromkeys([*named, *own, "127.0.0.1", "localhost", "[::1]"]))


def _in_address(host: str) -> str:
    """An IPv6 address stands in brackets (RFC 3986, 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _media_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ConfigurationError(
            f"AMPHITHEATRE_MEDIA_URL={text!r} is no address such as https://media.example"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as e:
        raise ConfigurationError(f"AMPHITHEATRE_TIME_ZONE={name!r} is no IANA time zone") from e


def _mail(url: str, data: Path) -> Mail:
    """The address may hold a password or a key: no message repeats it."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path)) if parts.path else data / "mail"
        return Mail(
            backend="django.core.mail.backends.filebased.EmailBackend",
            settings={"EMAIL_FILE_PATH": str(folder)},
        )
    if parts.scheme == "console":
        return Mail(backend="django.core.mail.backends.console.EmailBackend")
    if parts.scheme in {"smtp", "smtps"}:
        return _smtp(parts)
    if parts.scheme.startswith("anymail+"):
        service = parts.scheme.removeprefix("anymail+")
        options = {
            f"{service}_{name}".upper().replace("-", "_"): value for name, value in parse_qsl(parts.query)
        }
        return Mail(
            backend=f"anymail.backends.{service.replace('-', '_')}.EmailBackend",
            settings={"ANYMAIL": options},
        )
    raise ConfigurationError(
        "AMPHITHEATRE_MAIL_URL starts with none of file:, console:, smtp://, smtps:// and anymail+SERVICE:"
    )


def _smtp(parts: SplitResult) -> Mail:
    """smtps:// is TLS from the first byte (RFC 8314); smtp:// turns it on (STARTTLS), unless ?tls=0 says not to."""
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 587)
    except ValueError as e:
        raise ConfigurationError("AMPHITHEATRE_MAIL_URL: what follows the host's colon is not a port") from e
    if not parts.hostname:
        raise ConfigurationError("AMPHITHEATRE_MAIL_URL names no mail server: smtp://USER:PASSWORD@HOST")
    plain = dict(parse_qsl(parts.query)).get("tls") == "0"
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        settings={
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": port,
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and not plain,
        },
    )


def _domain(host: str) -> str:
    """For the house's own address until it is given one: newer Pythons take no IPv6 address for a domain."""
    return "localhost" if host.startswith("[") else host


def _mail_from(text: str) -> str:
    if "@" not in parseaddr(text)[1] or not text.isprintable():
        raise ConfigurationError(f"AMPHITHEATRE_MAIL_FROM={text!r} is no e-mail address")
    return text


def _database(url: str, data: Path) -> Database:
    if not url:
        return Database(engine="django.db.backends.sqlite3", name=str(data / "web.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return Database(engine="django.db.backends.sqlite3", name=unquote(parts.path[1:]))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigurationError(
            f"DATABASE_URL starts with {parts.scheme}://; sqlite:// and postgresql:// are understood"
        )
    try:
        port = str(parts.port or "")
    except ValueError as e:  # the address itself may hold a password: it is not repeated
        raise ConfigurationError("DATABASE_URL: what follows the host's colon is not a port") from e
    if not parts.path[1:]:
        raise ConfigurationError("DATABASE_URL names no database: postgresql://USER:PASSWORD@HOST/DATABASE")
    options = dict(parse_qsl(parts.query))
    return Database(
        engine="django.db.backends.postgresql",
        name=unquote(parts.path[1:]),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=options.pop("host", parts.hostname or ""),  # ?host=/run/postgresql: a folder with a socket
        port=port,
        options=options,
    )
