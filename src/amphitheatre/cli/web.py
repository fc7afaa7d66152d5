"""The pages: Django under granian, in the foreground."""

import argparse
import os

from amphitheatre.cli import configuration, lifeline
from amphitheatre.cli.errors import CommandError


def declare(parser: argparse.ArgumentParser) -> None:
    lifeline.declare(parser)


def run(options: argparse.Namespace) -> int:
    lifeline.hold(options)
    config = configuration.load()
    from amphitheatre.web.grants import KeyFileError, load_or_create_keys

    try:
        load_or_create_keys(config.data)
    except KeyFileError as e:
        raise CommandError(str(e)) from e
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    from amphitheatre.web.server import run as serve

    serve(config.host, config.web_port)
    return 0
