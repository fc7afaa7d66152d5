"""The process that writes one export: hours of recording must not hold up the origin."""

import socket

import structlog

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.record import take as takes
from amphitheatre.media.record.export import NothingKept, export
from amphitheatre.media.room import forks
from amphitheatre.media.unit import ExportDone, ExportProgress

log = structlog.get_logger(__name__)


def run(sock: socket.socket, take: takes.Take) -> None:
    """Tell the share done, then the end of it."""
    link = BlockingLink(sock)
    forks.listen(link, lambda _: None)
    try:
        export(take, lambda share: link.send(ExportProgress(share)))
    except OSError as error:
        log.error("export.failed", take=take.id, error=error.strerror)
        link.send(ExportDone("disk"))
    except StoreFailed as error:
        log.error("export.failed", take=take.id, error=str(error))
        link.send(ExportDone("store"))
    except NothingKept:
        link.send(ExportDone("empty"))
    else:
        link.send(ExportDone(""))
