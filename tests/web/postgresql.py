"""A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, reached by a socket in it alone."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder with initdb and pg_ctl; None where PostgreSQL is not installed. Debian keeps it off the path."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def running(at: Path) -> Iterator[str]:
    """Starts a server of the programs in that folder, gives its DATABASE_URL, stops and deletes it."""
    owner = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner:
            os.chown(folder, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)

        def run(*command: str) -> None:
            done = subprocess.run(
                [str(at / command[0]), *command[1:]],
                cwd=folder, user=owner, group=owner, extra_groups=[] if owner else None,
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
            )  # fmt: skip
            assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"

        cluster, log = str(folder / "cluster"), str(folder / "log")
        run("initdb", "-D", cluster, "-U", "amphitheatre", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "start", "-w", "-D", cluster, "-l", log,
            "-o", f"-k {folder} -c listen_addresses='' -c fsync=off")  # fmt: skip
        try:
            yield f"postgresql://amphitheatre@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", cluster)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: then the package's own user runs it."""
    return "postgres" if os.geteuid() == 0 else None
