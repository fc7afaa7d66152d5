"""Django behind ASGI: requests at once do not mix, threads and connections stay few, failures have their page."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections, reset_queries
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils import timezone, translation

from amphitheatre.web.handler import OneThread

Asked = Callable[..., list[httpx.Response]]
seen: set[str] = set()
opened: set[int] = set()


def language(request: HttpRequest) -> HttpResponse:
    seen.add(threading.current_thread().name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    opened.add(id(connection.connection))
    timezone.activate(request.GET["zone"])
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


def zone(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


async def _stream() -> AsyncIterator[bytes]:
    for piece in (b"one ", b"two"):
        yield piece


def listed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(f"{translation.get_language()} " for _ in range(2))


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_stream())


urlpatterns = [
    path("language/", language),
    path("zone/", zone),
    path("broken/", broken),
    path("streamed/", streamed),
    path("listed/", listed),
    path("", include("amphitheatre.web.urls")),  # where the pages of failures lead
]
handler500 = "amphitheatre.web.ui.views.failed"


@pytest.fixture
def asked(transactional_db: None) -> Iterator[Asked]:
    """Asks for these addresses, each with its header fields, all at once."""

    async def ask(*wanted: tuple[str, dict[str, str]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await asyncio.gather(*(client.get(path, headers=fields) for path, fields in wanted))

    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost"]):
        application = OneThread()
        yield lambda *wanted: asyncio.run(ask(*wanted))
        application._threads.submit(connections.close_all)
        application._threads.shutdown()
    request_started.connect(reset_queries)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_requests_at_once_keep_their_language_and_zone(asked: Asked) -> None:
    tags, zones = ("en", "fr", "zh-hans"), ("Africa/Bamako", "Asia/Shanghai")
    wanted = [(tag, zone) for tag in tags for zone in zones] * 10
    found = asked(*((f"/language/?zone={zone}", {"Accept-Language": tag}) for tag, zone in wanted))
    assert [one.text for one in found] == [f"{tag} {zone}" for tag, zone in wanted]
    (after,) = asked(("/zone/", {}))
    assert after.text == timezone.get_default_timezone_name()


def test_threads_and_connections_stay_few(asked: Asked) -> None:
    seen.clear()
    opened.clear()
    for _ in range(5):
        asked(*[("/language/?zone=UTC", {})] * 20)
    assert 1 <= len(seen) <= 16
    assert len(opened) <= 16


def test_a_failure_has_its_page_and_the_next_request_is_answered(asked: Asked) -> None:
    (failed,) = asked(("/broken/", {"Accept-Language": "fr"}))
    assert failed.status_code == 500
    assert '<html lang="fr"' in failed.text
    assert asked(("/zone/", {}))[0].status_code == 200


def test_what_is_streamed_arrives_whole(asked: Asked) -> None:
    assert asked(("/streamed/", {"Accept-Encoding": "identity"}))[0].text == "one two"


def test_what_is_made_while_it_is_sent_keeps_the_readers_language(asked: Asked) -> None:
    (found,) = asked(("/listed/", {"Accept-Encoding": "identity", "Accept-Language": "fr"}))
    assert found.text == "fr fr "
