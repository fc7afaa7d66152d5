"""The one command. Each verb lives in a file of its own beside this one, with `declare` and `run`.

A verb imports what it needs inside `run`, so that a small verb starts at once and a broken side leaves
the other verbs alone.
"""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from amphitheatre import cli
from amphitheatre.cli import bench, camera, doctor, grant, media, rooms, up, web, worker
from amphitheatre.cli.errors import CommandError

VERBS: Final[tuple[ModuleType, ...]] = (up, web, worker, media, camera, rooms, grant, doctor, bench)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="amphitheatre", description=cli.__doc__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        summary = (verb.__doc__ or "").strip().splitlines()[0]
        own = verbs.add_parser(verb.__name__.rpartition(".")[2], help=summary, description=verb.__doc__)
        verb.declare(own)
        own.set_defaults(run=verb.run)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb and exit with its code: 0 done, 1 could not (one line says why), 2 wrong usage."""
    options = parser().parse_args(arguments)
    try:
        code = options.run(options)
    except CommandError as e:
        print(f"amphitheatre: {e}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(code)


if __name__ == "__main__":
    main()
