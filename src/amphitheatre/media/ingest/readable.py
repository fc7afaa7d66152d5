"""Waiting for a socket on the event loop."""

import asyncio
import socket


async def readable(sock: socket.socket) -> None:
    """As loop.sock_recvfrom would wait, which uvloop has not."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sock)
