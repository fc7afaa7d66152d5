"""What the command line raises on purpose."""


class CommandError(Exception):
    """The command can't do what was asked; the text says what happened and what to do. Exit code 1."""
