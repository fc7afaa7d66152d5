"""The web server's process: pages and plan delivery, started and stopped together."""

import asyncio
import gc
import os
import signal
from pathlib import Path

import django
import httpx
import structlog
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

log = structlog.get_logger(__name__)
# granian's own lines go the way of all others: structured, on standard error.
_LOGS = {"loggers": {"_granian": {"handlers": [], "level": "ERROR", "propagate": True}}}

_ALLOCATIONS = (
    50_000  # between two looks for garbage; Python's 700 cost a page of the programme a fifth of its time
)


def run(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. The database must be migrated (command ``prepare``)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    django.setup()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    from amphitheatre.web.asgi import application

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,  # the background work is ours, not the lifespan protocol's
        log_level=LogLevels.error,
        log_dictconfig=_LOGS,
    )
    # What has been loaded is no garbage, and a page makes thousands of objects: looked through less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    async with asyncio.TaskGroup() as group:
        delivery = group.create_task(_deliver_plans())
        log.info("web is ready", host=host, port=port)
        await server.serve()
        delivery.cancel()


async def _deliver_plans() -> None:
    from django.conf import settings

    from amphitheatre.web.grants import control_grant, load_or_create_keys, sign
    from amphitheatre.web.studio.domain.plan_delivery import PlanDelivery, load_plans

    data: Path = settings.AMPHITHEATRE.data
    keys = load_or_create_keys(data)
    async with httpx.AsyncClient(base_url=settings.AMPHITHEATRE.media_control_url, trust_env=False) as client:
        delivery = PlanDelivery(client, load_plans, lambda: f"Bearer {sign(control_grant(), keys.private)}")
        await delivery.run()
