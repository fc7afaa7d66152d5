"""The composition root of media: what starts, in which order, and how it stops."""

import asyncio
import contextlib
import resource
import signal
from typing import Final

import structlog
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.applications import Starlette

from amphitheatre.media import logs
from amphitheatre.media.config import MediaConfig
from amphitheatre.media.errors import ConfigurationError
from amphitheatre.media.ingest.rtmp_server import RtmpServer
from amphitheatre.media.notify.outbox import Outbox
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.room import forks
from amphitheatre.media.room.house import House
from amphitheatre.media.room.webrtc import WebRtc
from amphitheatre.media.rtc.return_link import ReturnLink
from amphitheatre.media.serve.application import Application
from amphitheatre.media.serve.authorise import Authoriser
from amphitheatre.media.serve.control import Control
from amphitheatre.media.serve.cors import Cors
from amphitheatre.media.serve.grants import Gate, load_public_key
from amphitheatre.media.serve.health import health_routes
from amphitheatre.media.serve.metrics import Meters
from amphitheatre.media.serve.replay import Replay
from amphitheatre.media.serve.signalling import Signalling
from amphitheatre.media.store.object_store import opened

log = structlog.get_logger(__name__)

# Connections that wait to be accepted: everybody comes back at the same moment after a restart.
_BACKLOG: Final = 4096
_PROXIES: Final = ["127.0.0.0/8", "::1", "::ffff:127.0.0.0/104"]  # whose X-Forwarded-For is believed


def run(config: MediaConfig) -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigurationError if a key is missing or a port is taken."""
    logs.configure()
    _take_all_descriptors()
    forks.warm_up()
    uvloop.run(serve(config))


def _take_all_descriptors() -> None:
    """A browser holds up to six connections: the 1024 descriptors of a shell end at 170 viewers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def serve(config: MediaConfig) -> None:
    """As `run`, on the running event loop; the fork server is warm."""
    gate = Gate(load_public_key(config.public_key))
    outbox = Outbox(f"{config.web_url}/media-events/", config.event_token)
    link = ReturnLink(keyframe=lambda room, view: house.keyframe(room, view))
    house = House(config, outbox.tell, link.feed)
    webrtc = WebRtc(house, link, config.rtc)
    ready = asyncio.Event()
    archiver = Archiver(config.rooms, opened(config.store_url), outbox.tell) if config.store_url else None
    meters = Meters(house, link, outbox, archiver)
    control = Control(house, gate, config)
    signalling = Signalling(webrtc, Authoriser(house, gate), config.ice_servers)
    rest = Starlette(routes=[*health_routes(ready, meters, gate), *control.routes(), *signalling.routes()])
    application = Application(house, gate, Cors(config.web_origin), meters, Replay(), rest)
    server = Server(
        # Limits count clients, not the proxy that stands before all of them.
        wrap_asgi_with_proxy_headers(application, _PROXIES) if config.secure else application,
        address=config.host,
        port=config.media_port,
        interface=Interfaces.ASGINL,
        backlog=_BACKLOG,
        log_access=False,
        websockets=False,
    )
    stop = _on_signal()
    rtmp = RtmpServer(house.on_publish)
    try:
        async with rtmp.serving(config.host, config.rtmp_port), asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(house.run(ready)),
                group.create_task(outbox.run()),
                group.create_task(webrtc.run()),
                group.create_task(server.serve()),
            ]
            if archiver is not None:
                tasks.append(group.create_task(archiver.run()))
            log.info("media.started", port=config.media_port, rtmp=config.rtmp_port)
            await stop.wait()
            for task in tasks:
                task.cancel()
    except OSError as error:
        raise ConfigurationError(f"port {config.rtmp_port} (RTMP): {error.strerror}") from error


def _on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
