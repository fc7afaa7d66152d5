"""The composition root of media: what starts, in which order, and how it stops."""

import asyncio
import contextlib
import signal
from typing import Final

import structlog
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

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
from amphitheatre.media.serve.metrics import Meters
from amphitheatre.media.serve.replay import Replay
from amphitheatre.media.serve.signalling import Signalling
from amphitheatre.media.store.object_store import opened

log = structlog.get_logger(__name__)

# Connections that wait to be accepted: everybody comes back at the same moment after a restart.
_BACKLOG: Final = 4096


def run(config: MediaConfig) -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigurationError if a key is missing or a port is taken."""
    logs.configure()
    forks.warm_up()
    uvloop.run(serve(config))


async def serve(config: MediaConfig) -> None:
    """As `run`, on the running event loop; the fork server is warm."""
    gate = Gate(load_public_key(config.public_key))
    outbox = Outbox(f"{config.web_url}/media-events/", config.event_token)
    link = ReturnLink(keyframe=lambda room, view: house.keyframe(room, view))
    house = House(config, outbox.tell, link.feed)
    webrtc = WebRtc(house, link, config.rtc)
    ready = asyncio.Event()
    archiver = Archiver(config.rooms, opened(config.store_url), outbox.tell) if config.store_url else None
    meters = Meters(house, link, archiver)
    control = Control(house, gate, config)
    signalling = Signalling(webrtc, Authoriser(house, gate), config.ice_servers)
    rest = Starlette(routes=[*_health(ready, meters), *control.routes(), *signalling.routes()])
    application = Application(house, gate, Cors(config.web_port), meters, Replay(), rest)
    server = Server(
        application,
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


def _health(ready: asyncio.Event, meters: Meters) -> list[Route]:
    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        return PlainTextResponse(
            "ready\n" if ready.is_set() else "starting\n", 200 if ready.is_set() else 503
        )

    async def metrics(_: Request) -> Response:
        return Response(meters.text(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
