"""pretalx beside us: the same course, behind the same server (granian, one worker), its caches off.

The newest version for Python 3.11. Raises PeerError where the package index is out of reach.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bench.instance import free_ports
from bench.peers import PeerError, listening

ROOT = Path(__file__).resolve().parents[1]
_HOME = ROOT / ".make" / "pretalx"
VERSION = "2025.2.2"
_SETTINGS = """
from pretalx.settings import *
SESSION_ENGINE = "django.contrib.sessions.backends.db"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""
_CONFIGURATION = """
[filesystem]
data = {folder}/data
static = {folder}/static
[site]
debug = False
url = http://127.0.0.1:{port}
"""
# The page in HTML, as ours is; the page that a browser with scripts gets, and what its script then asks for.
WHOLE, SHELL, DATA = (f"/course/schedule/{name}" for name in ("nojs", "", "widgets/schedule.json"))


@contextlib.asynccontextmanager
async def pretalx(days: int, sessions: int, core: int) -> AsyncIterator[int]:
    """The port of one that serves a course of that size on that core. Raises PeerError."""
    await _installed()
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="amphitheatre-pretalx-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "quiet.py").write_text(_SETTINGS)
        (folder / "pretalx.cfg").write_text(_CONFIGURATION.format(folder=folder, port=port))
        env = os.environ | {
            "PYTHONPATH": str(folder),
            "PRETALX_CONFIG_FILE": str(folder / "pretalx.cfg"),
            "PRETALX_NO_INITIAL_LOG": "1",
            "DJANGO_SETTINGS_MODULE": "quiet",
        }
        python = str(_HOME / "bin" / "python")
        await _run(python, "-m", "django", "migrate", "-v0", env=env)
        await _run(python, "-m", "django", "collectstatic", "-v0", "--noinput", env=env)
        script = str(ROOT / "bench" / "pretalx_course.py")
        await _run(python, "-P", script, str(days), str(sessions), env=env)
        server = await asyncio.create_subprocess_exec(
            str(_HOME / "bin" / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "pretalx.wsgi:application",
            env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )  # fmt: skip
        try:
            await listening(port, server)
            yield port
        finally:
            if server.returncode is None:
                server.terminate()
            await server.wait()


async def _installed() -> None:
    """Set up at the first call."""
    mark = _HOME / f"{VERSION}.installed"
    if not mark.is_file():
        uv = str(Path(sys.executable).parent / "uv")
        shutil.rmtree(_HOME, ignore_errors=True)
        await _run(uv, "venv", "--quiet", "--python", sys.executable, str(_HOME))
        await _run(uv, "pip", "install", "--quiet", "--python", str(_HOME / "bin" / "python"),
                   f"pretalx=={VERSION}", "granian")  # fmt: skip
        mark.touch()


async def _run(*command: str, env: dict[str, str] | None = None) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, err = await process.communicate()
    if process.returncode:
        raise PeerError(f"pretalx: {' '.join(command[1:4])}: {err.decode(errors='replace').strip()[-500:]}")
