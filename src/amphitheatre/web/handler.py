"""Django behind ASGI, answered in one thread a request.

Views and middlewares here are synchronous. Django's own handler would change threads between one middleware and the
next, into a new thread for each request, with a database connection of its own: 2 ms of a small page's 6.
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.core import signals
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections, reset_queries
from django.http import HttpResponseBase

_THREADS: Final = 16  # each may hold a connection to the database


class OneThread(ASGIHandler):
    """Threads stay, and their connections with them (CONN_MAX_AGE)."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(_THREADS, "django")
        # Django would do this in a thread of its own, which holds no connection.
        for signal, receiver in (
            (signals.request_started, reset_queries),
            (signals.request_started, close_old_connections),
            (signals.request_finished, close_old_connections),
        ):
            signal.disconnect(receiver)

    async def run_get_response(self, request: ASGIRequest) -> HttpResponseBase:
        own = contextvars.copy_context()  # language and time zone are this request's alone
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self._threads, own.run, self._answered, request)
        response._handler_class = self.__class__
        return response

    def _answered(self, request: ASGIRequest) -> HttpResponseBase:
        close_old_connections()
        try:
            response = self.get_response(request)
            if response.streaming and not response.is_async:
                # Django would read it in a new thread, without this request's language and with another connection.
                response.streaming_content = _given(list(response.streaming_content))
            return response
        finally:
            close_old_connections()


async def _given(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
