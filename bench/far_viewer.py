"""A viewer whose line to media is shaped: the page itself, and what web serves, come as they do here."""

import contextlib
import os
from collections.abc import AsyncIterator

from playwright.async_api import Page

from bench.browser import page
from bench.camera import camera
from bench.instance import Instance, RoomWish, free_ports
from bench.live_room import live_playlists
from bench.shaped_line import Shape, ShapedLine

_ROOM = "line"
_PLAYING = "() => window.amphitheatre?.hls?.levels.length > 0"


@contextlib.asynccontextmanager
async def far_viewer(shape: Shape) -> AsyncIterator[Page]:
    """The watch page of a live room with one view, from the moment its player knows the qualities."""
    (media_port,) = free_ports(1)
    async with ShapedLine(shape, media_port) as line:
        os.environ["AMPHITHEATRE_MEDIA_URL"] = f"http://127.0.0.1:{line.port}"
        try:
            async with (
                Instance([RoomWish(_ROOM)], media_port=media_port) as house,
                camera(await house.push_address(_ROOM)),
            ):
                await live_playlists(house.media_url, _ROOM, "main", await house.grant(_ROOM))
                async with page() as viewer:
                    await viewer.goto(await house.link(_ROOM))
                    await viewer.wait_for_function(_PLAYING, timeout=60_000)
                    yield viewer
        finally:
            del os.environ["AMPHITHEATRE_MEDIA_URL"]
