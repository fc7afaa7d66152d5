"""Without a descriptor or a process left, a fork is an error of media's own, and nothing stays open."""

import errno
import socket

import pytest

from amphitheatre.media.errors import MediaError
from amphitheatre.media.room import forks


def _refuses(*_: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_no_descriptor_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socketpair", _refuses)
    with pytest.raises(MediaError, match="Too many open files"):
        forks.fork("source", forks.SOURCE)


def test_no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = socket.socketpair()
    monkeypatch.setattr(socket, "socketpair", lambda: pair)
    monkeypatch.setattr(forks._context.Process, "start", _refuses)
    with pytest.raises(MediaError, match="no process for source"):
        forks.fork("source", forks.SOURCE)
    assert [one.fileno() for one in pair] == [-1, -1]
