"""Look whether this machine can run Amphitheatre: one line a finding, each with what to do."""

import argparse
import asyncio
import importlib.metadata
import importlib.util
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from amphitheatre.cli import configuration, ports
from amphitheatre.cli.database import database
from amphitheatre.cli.finding import Finding, Verdict
from amphitheatre.cli.health import answers
from amphitheatre.cli.machine import clock, cores, descriptors, memory
from amphitheatre.media.config import MediaConfig
from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.store.object_store import opened

OLDEST: Final = (3, 11)
ENOUGH_SPACE: Final = 20 * 10**9  # bytes: some eight hours of a room with two views
LEAST_SPACE: Final = 2 * 10**9  # bytes
WEIGHTY: Final = ("av", "aiortc", "granian", "django", "numpy")
ENOUGH_PEERS: Final = 20  # WebRTC peers at a time: a room's twelve, and its publishers
SECRETS: Final = ("grant.jwk", "event.token")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run(options: argparse.Namespace) -> int:
    config = configuration.load()
    findings = [finding for examine in EXAMINATIONS for finding in examine(config)]
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode())
    else:
        for finding in findings:
            print(f"{finding.verdict:<6}{finding.text}")
    return int(any(finding.verdict is Verdict.WRONG for finding in findings))


def python(_: MediaConfig) -> Iterator[Finding]:
    verdict = Verdict.OK if sys.version_info >= OLDEST else Verdict.WRONG
    yield Finding(
        verdict, f"Python {platform.python_version()} on {platform.platform()}; 3.11 or later is needed"
    )


def packages(_: MediaConfig) -> Iterator[Finding]:
    missing = [name for name in WEIGHTY if importlib.util.find_spec(name) is None]
    for name in missing:
        yield Finding(
            Verdict.WRONG, f"the package {name} is missing: run make demo, or install requirements.txt"
        )
    present = [f"{name} {importlib.metadata.version(name)}" for name in WEIGHTY if name not in missing]
    yield Finding(Verdict.OK, f"packages: {', '.join(present)}")


def ffmpeg(_: MediaConfig) -> Iterator[Finding]:
    """SRT comes in through the ffmpeg of imageio-ffmpeg; without it RTMP and WHIP still work."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        path = get_ffmpeg_exe()
        done = subprocess.run(
            [path, "-hide_banner", "-protocols"], capture_output=True, text=True, timeout=20, check=True
        )
    except (ImportError, RuntimeError, OSError, subprocess.SubprocessError) as e:
        yield Finding(Verdict.WRONG, f"ffmpeg does not run ({e}): no SRT; reinstall imageio-ffmpeg")
        return
    has_srt = "srt" in done.stdout.split()
    yield Finding(
        Verdict.OK if has_srt else Verdict.WRONG, f"ffmpeg at {path} {'with' if has_srt else 'without'} SRT"
    )


def listening(config: MediaConfig) -> Iterator[Finding]:
    if answers(f"{configuration.media_address(config)}/healthz"):
        yield Finding(Verdict.OK, f"Amphitheatre is running: {configuration.web_address(config)}")
        return
    for port in ports.needed(config):
        complaint = ports.complaint(port, config.host)
        if complaint:
            yield Finding(Verdict.WRONG, complaint)
        else:
            yield Finding(Verdict.OK, f"port {port.number} ({port.purpose}) is free")


def webrtc(config: MediaConfig) -> Iterator[Finding]:
    """Each WHIP or WHEP peer takes a UDP port while it is there."""
    if config.rtc.ports is None:
        within = config.host in ("127.0.0.1", "::1", "localhost")
        yield Finding(
            Verdict.OK if within else Verdict.LOOK,
            "WebRTC takes any free UDP port: behind a firewall, set AMPHITHEATRE_RTC_PORTS, such as 50000-50099",
        )
        return
    first, last = config.rtc.ports
    free = ports.free_udp(config.host, first, last)
    text = f"{free} of the UDP ports {first}-{last} (WebRTC) are free; open them in the firewall"
    if free < ENOUGH_PEERS:
        yield Finding(
            Verdict.LOOK if free else Verdict.WRONG, f"{text}, and set a wider AMPHITHEATRE_RTC_PORTS"
        )
    else:
        yield Finding(Verdict.OK, text)


def disk(config: MediaConfig) -> Iterator[Finding]:
    present = next(folder for folder in (config.data, *config.data.parents) if folder.exists())
    free = shutil.disk_usage(present).free
    text = f"{free / 1e9:.0f} GB free for recordings in {config.data}"
    if free < LEAST_SPACE:
        yield Finding(
            Verdict.WRONG, f"{text}: recording would stop soon; free some, or move AMPHITHEATRE_DATA"
        )
    else:
        yield Finding(Verdict.OK if free >= ENOUGH_SPACE else Verdict.LOOK, text)


def store(config: MediaConfig) -> Iterator[Finding]:
    """Writes, reads and deletes a small object, as the archive does."""
    if config.store_url is None:
        yield Finding(Verdict.OK, "no object store: recordings are kept on this disk only")
        return
    try:
        asyncio.run(opened(config.store_url).probe())
    except StoreFailed as e:
        yield Finding(Verdict.WRONG, f"{config.store_url}: {e}")
    else:
        yield Finding(Verdict.OK, f"the object store {config.store_url} takes, gives and deletes")


def keys(config: MediaConfig) -> Iterator[Finding]:
    folder = config.data / "keys"
    present = [path for name in SECRETS if (path := folder / name).is_file()]
    if not present:
        yield Finding(Verdict.OK, f"no keys in {folder} yet: the first start makes them")
    for path in present:
        yield _secret(path)


def _secret(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding(Verdict.WRONG, f"{path} can be read by others (mode {mode:o}): chmod 600 {path}")
    return Finding(Verdict.OK, f"{path} is ours alone")


def pages(_: MediaConfig) -> Iterator[Finding]:
    found = importlib.util.find_spec("amphitheatre.web")
    manifest = Path(found.origin).parent / "static/front/manifest.json" if found and found.origin else None
    if manifest is not None and manifest.is_file():
        yield Finding(Verdict.OK, "the pages' scripts are built")
    else:
        yield Finding(Verdict.WRONG, "the pages' scripts are not built: run make demo")


EXAMINATIONS: Final[tuple[Callable[[MediaConfig], Iterator[Finding]], ...]] = (
    python,
    cores,
    memory,
    descriptors,
    clock,
    packages,
    ffmpeg,
    listening,
    webrtc,
    disk,
    database,
    store,
    keys,
    pages,
)
