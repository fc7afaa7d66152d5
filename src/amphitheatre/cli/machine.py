"""What the doctor looks at in the machine itself: cores, memory, clock."""

import ctypes
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from amphitheatre.cli.finding import Finding, Verdict
from amphitheatre.media.config import MediaConfig

MEMORY: Final = Path("/proc/meminfo")
ENOUGH_MEMORY: Final = 2 * 10**9  # bytes: web, media, and two rooms of at most 400 MB
LEAST_MEMORY: Final = 10**9  # bytes: web, media, and one room
ENOUGH_CORES: Final = 2
DESCRIPTORS_OF_A_VIEWER: Final = 6  # a browser's connections to one address by HTTP/1.1
ENOUGH_DESCRIPTORS: Final = 2000 * DESCRIPTORS_OF_A_VIEWER  # as many viewers as one core carries
TIMEX_SIZE: Final = 512  # bytes, more than struct timex of adjtimex(2) on any Linux
TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised


def cores(_: MediaConfig) -> Iterator[Finding]:
    number = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    text = f"{number} processor core{'' if number == 1 else 's'}"
    if number < ENOUGH_CORES:
        yield Finding(Verdict.LOOK, f"{text}: a room with three renditions needs up to 0.8; give it two")
    else:
        yield Finding(Verdict.OK, text)


def memory(_: MediaConfig) -> Iterator[Finding]:
    available = available_memory(MEMORY)
    if available is None:
        yield Finding(Verdict.LOOK, "this system doesn't say how much memory is left; 2 GB are enough")
        return
    text = f"{available / 1e9:.1f} GB of memory left"
    if available < LEAST_MEMORY:
        yield Finding(Verdict.WRONG, f"{text}: at least 1 GB is needed; stop something, or add some")
    elif available < ENOUGH_MEMORY:
        yield Finding(Verdict.LOOK, f"{text}: enough for one room; add some for a second")
    else:
        yield Finding(Verdict.OK, text)


def available_memory(table: Path) -> int | None:
    """Bytes that programs can still take (proc_meminfo(5), MemAvailable); None where the table is missing."""
    if not table.exists():
        return None
    lines = dict(line.split(":", 1) for line in table.read_text().splitlines() if ":" in line)
    return int(lines["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in lines else None


def descriptors(_: MediaConfig) -> Iterator[Finding]:
    """The hard limit: media takes all of it by itself."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    text = f"{most} open files allowed" if most != resource.RLIM_INFINITY else "open files without a limit"
    if most != resource.RLIM_INFINITY and most < ENOUGH_DESCRIPTORS:
        viewers = most // DESCRIPTORS_OF_A_VIEWER
        yield Finding(
            Verdict.LOOK,
            f"{text}: about {viewers} viewers; raise the hard limit (ulimit -Hn, LimitNOFILE= of systemd)",
        )
    else:
        yield Finding(Verdict.OK, text)


def clock(_: MediaConfig) -> Iterator[Finding]:
    """Grants end and programmes begin by this clock, so it has to follow a time server."""
    if not sys.platform.startswith("linux"):
        yield Finding(Verdict.LOOK, "see yourself that this machine's clock follows a time server")
    elif ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_SIZE)) == TIME_ERROR:
        yield Finding(
            Verdict.LOOK,
            "the clock follows no time server, so grants may end too early or late: "
            "apt-get install systemd-timesyncd (or chrony); in a container, see to it on its host",
        )
    else:
        yield Finding(Verdict.OK, "the clock follows a time server")
