"""What the doctor looks at in web's database: whether it answers, and whether SQLite's folder takes files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo

from amphitheatre.cli.finding import Finding, Verdict
from amphitheatre.media.config import MediaConfig
from amphitheatre.web.config import Database, from_environment

PATIENCE: Final = "5"  # seconds


def database(_: MediaConfig) -> Iterator[Finding]:
    found = from_environment().database
    yield _sqlite(Path(found.name)) if found.engine.endswith("sqlite3") else _postgresql(found)


def _sqlite(file: Path) -> Finding:
    present = next(path for path in (file.parent, *file.parent.parents) if path.exists())
    if not os.access(present, os.W_OK | os.X_OK) or (file.exists() and not os.access(file, os.W_OK)):
        return Finding(
            Verdict.WRONG,
            f"{file} can't be written by this user: chown its folder, or move AMPHITHEATRE_DATA",
        )
    return Finding(Verdict.OK, f"the database is the file {file}")


def _postgresql(wanted: Database) -> Finding:
    where = f"PostgreSQL's database {wanted.name} at {wanted.host or 'the local socket'}"
    address = make_conninfo(
        dbname=wanted.name,
        user=wanted.user,
        password=wanted.password,
        host=wanted.host,
        port=wanted.port,
        **({"connect_timeout": PATIENCE} | wanted.options),
    )
    try:
        psycopg.connect(address).close()
    except psycopg.Error as e:
        reason = str(e).partition("\n")[0]
        return Finding(Verdict.WRONG, f"{where} does not let us in ({reason}): check DATABASE_URL")
    return Finding(Verdict.OK, f"{where} answers")
