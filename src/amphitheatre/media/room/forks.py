"""Processes of the origin, forked from one warm server so that libraries are shared in memory."""

import contextlib
import ctypes
import importlib
import multiprocessing
import multiprocessing.forkserver
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

from amphitheatre.media import logs
from amphitheatre.media.errors import MediaError
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.unit import Unit

# Each has a `run(socket, …)`. The origin knows them by name only and never loads the codecs itself.
SOURCE: Final = "amphitheatre.media.room.source_process"
SOUND: Final = "amphitheatre.media.room.sound_process"
EXPORT: Final = "amphitheatre.media.room.export_process"
RETURN: Final = "amphitheatre.media.rtc.return_feed"
_PRELOADED: Final = [SOURCE, SOUND, EXPORT, RETURN]
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15

_context = multiprocessing.get_context("forkserver")


def warm_up() -> None:
    """Start the fork server; it loads the libraries while the caller goes on."""
    _context.set_forkserver_preload(_PRELOADED)
    multiprocessing.forkserver.ensure_running()


def fork(name: str, module: str, *args: Any) -> tuple[ForkServerProcess, socket.socket]:
    """Run the module's run(link_socket, *args) in a process of its own; the origin's end of the socket pair with it.

    The process ends when the origin closes that end, whatever it is doing then. Raises MediaError.
    """
    with contextlib.ExitStack() as on_failure:
        try:
            ours, theirs = socket.socketpair()
            on_failure.enter_context(ours)
            with theirs:
                process = _context.Process(target=_run, args=(module, theirs, *args), name=name, daemon=True)
                process.start()
        except OSError as error:
            raise MediaError(f"no process for {name}: {error.strerror}") from error
        on_failure.pop_all()
    return process, ours


def _run(module: str, sock: socket.socket, *args: Any) -> None:
    # The fork server may be killed: its children would be orphans that hold ports and publishers.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # So that an operator's `top` tells them apart; the kernel keeps the first 15 bytes.
    libc.prctl(_PR_SET_NAME, multiprocessing.current_process().name.encode())
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the origin ends us in order
    logs.configure()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the origin has ended us
        importlib.import_module(module).run(sock, *args)


def listen(
    link: BlockingLink, on_unit: Callable[[Unit], None], farewell: Callable[[], None] = lambda: None
) -> None:
    """Hand on what the origin says, in a thread; when it closes, end this process.

    farewell: what is left to say to others then; the origin waits a second for it at most.
    """

    def run() -> None:
        try:
            for unit in _until_closed(link):
                on_unit(unit)
            farewell()
        finally:
            os._exit(0)

    threading.Thread(target=run, name="from-origin", daemon=True).start()


def _until_closed(link: BlockingLink) -> Iterator[Unit]:
    with contextlib.suppress(OSError):
        yield from link
