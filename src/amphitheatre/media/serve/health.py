"""How the origin is: alive, able to serve, and its figures for Prometheus."""

import asyncio
import ipaddress
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from amphitheatre.contract.grant import ANY_ROOM, Role
from amphitheatre.media.serve.grants import Gate
from amphitheatre.media.serve.metrics import Meters
from amphitheatre.media.serve.problem import Problem

_MAY_READ_FIGURES: Final = frozenset((Role.TECHNICIAN, Role.CONTROL))


def health_routes(ready: asyncio.Event, meters: Meters, gate: Gate) -> list[Route]:
    """The figures name rooms and sources: they are for this machine, and elsewhere for a grant of all rooms."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        return PlainTextResponse(
            "ready\n" if ready.is_set() else "starting\n", 200 if ready.is_set() else 503
        )

    async def metrics(request: Request) -> Response:
        if not _from_this_machine(request):
            try:
                gate.grant(request.scope, ANY_ROOM, _MAY_READ_FIGURES)
            except Problem as problem:
                return problem.response()
        return Response(meters.text(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _from_this_machine(request: Request) -> bool:
    """What a proxy here passes on comes from elsewhere."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    address = ipaddress.ip_address(request.client.host)
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
