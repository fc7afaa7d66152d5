"""Tells whoever delivers plans in this process that one may have changed. Safe from any thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: set[Callable[[], None]] = set()


def announce() -> None:
    """A plan has been changed and committed."""
    for listener in tuple(_listeners):
        listener()


@contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Call listener, from the thread of the change, upon each announcement while the block runs."""
    _listeners.add(listener)
    try:
        yield
    finally:
        _listeners.discard(listener)
