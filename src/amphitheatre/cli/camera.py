"""A synthetic camera: `demo` plays the demo's operation, `push URL` sends a picture that carries the time."""

import argparse

from amphitheatre.cli import lifeline


def declare(parser: argparse.ArgumentParser) -> None:
    lifeline.declare(parser)
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, help="see `python -m amphitheatre.camera --help`"
    )


def run(options: argparse.Namespace) -> int:
    lifeline.hold(options)
    from amphitheatre.camera.main import main

    return main(options.arguments)
