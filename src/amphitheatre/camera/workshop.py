"""Makes the loops that are missing, each in a process of its own.

Drawing needs far more memory than playing, and the speech synthesiser keeps state of its own; both end with
their process. `python -m amphitheatre.camera.workshop` is such a process.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amphitheatre.camera import coded_loop, picture_loop, voice_loop
from amphitheatre.camera.errors import CacheError, CameraError
from amphitheatre.camera.scene import View


@dataclass(frozen=True)
class Picture:
    view: View
    width: int
    height: int
    fps: int

    @property
    def path(self) -> Path:
        return picture_loop.path(self.view, self.width, self.height, self.fps)

    @property
    def order(self) -> list[str]:
        return ["picture", self.view, str(self.width), str(self.height), str(self.fps)]


@dataclass(frozen=True)
class Voice:
    name: str
    marks: bool

    @property
    def path(self) -> Path:
        return voice_loop.path(self.name, self.marks)

    @property
    def order(self) -> list[str]:
        return ["voice", self.name, "marks" if self.marks else "plain"]


def prepare(wanted: list[Picture | Voice]) -> None:
    """Makes what is missing, as many at a time as there are cores. Raises CacheError."""
    missing = [piece for piece in wanted if not piece.path.exists()]
    if not missing:
        return
    began = time.monotonic()
    print(f"camera: drawing the operation, once ({len(missing)} loops)", flush=True)
    coded_loop.folder().mkdir(parents=True, exist_ok=True)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for piece in missing:
            _wait(running, below=os.cpu_count() or 1)
            command = [sys.executable, "-m", "amphitheatre.camera.workshop", *piece.order]
            running.append(subprocess.Popen(command, env=_environment()))
        _wait(running, below=1)
    finally:
        for process in running:
            process.terminate()
            process.wait()
    print(f"camera: drawn in {time.monotonic() - began:.0f} s", flush=True)


def _environment() -> dict[str, str]:
    # One thread a process: they already share the cores among themselves.
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _wait(running: list[subprocess.Popen[bytes]], below: int) -> None:
    """Until fewer than `below` processes run."""
    while len(running) >= below and running:
        for process in list(running):
            try:
                code = process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            running.remove(process)
            if code:
                raise CacheError(f"a loop could not be drawn (the process ended with code {code})")


def main(order: list[str]) -> int:
    """Makes one loop, as ordered by `prepare`."""
    kind, name, *rest = order
    try:
        if kind == "voice":
            voice_loop.make(name, rest == ["marks"])
            print(f"camera: voice {name} done", flush=True)
        else:
            width, height, fps = map(int, rest)
            view: View = "fluorescence" if name == "fluorescence" else "laparoscope"
            picture_loop.draw(view, width, height, fps, _teller(name))
    except CameraError as error:
        print(f"camera: {name}: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def _teller(name: str) -> Callable[[float], None]:
    told = 0

    def tell(share: float) -> None:
        nonlocal told
        quarter = int(share * 4)
        if quarter > told:
            told = quarter
            print(f"camera: {name} {quarter * 25} %", flush=True)

    return tell


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
