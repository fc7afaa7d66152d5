"""The work that nobody waits for, such as letters, in the foreground."""

import argparse

from amphitheatre.cli import configuration, lifeline


def declare(parser: argparse.ArgumentParser) -> None:
    lifeline.declare(parser)


def run(options: argparse.Namespace) -> int:
    lifeline.hold(options)
    configuration.load()
    from amphitheatre.web.worker import run as work

    work()
    return 0
