"""The origin: cameras and encoders in, parts and playlists out, in the foreground."""

import argparse

from amphitheatre.cli import configuration, lifeline
from amphitheatre.cli.errors import CommandError


def declare(parser: argparse.ArgumentParser) -> None:
    lifeline.declare(parser)


def run(options: argparse.Namespace) -> int:
    lifeline.hold(options)
    config = configuration.load()
    if not config.public_key.is_file():
        raise CommandError(
            f"{config.public_key} is missing: start `amphitheatre web` once, or copy the file from where web runs"
        )
    from amphitheatre.media.room import forks

    forks.warm_up()  # it loads codecs on the other core while the origin loads itself: back sooner after a crash
    from amphitheatre.media.app import run as serve

    serve(config)
    return 0
