import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from django.core.asgi import get_asgi_application

from amphitheatre.web.ui.static_files import StaticFiles
from amphitheatre.web.ui.templatetags.ui import island

MARK = "/static/ui/mark.svg"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(StaticFiles(get_asgi_application()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_text_comes_compressed_to_who_takes_it(client: httpx.AsyncClient) -> None:
    plain = await client.get(MARK, headers={"Accept-Encoding": "identity"})
    small = await client.get(MARK)
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) == len(gzip.compress(plain.content, compresslevel=9, mtime=0))
    assert small.content == plain.content != b""


async def test_scripts_of_the_pages_come_in_brotli_to_who_takes_it(client: httpx.AsyncClient) -> None:
    (script,) = re.findall(r'src="([^"]+)"', island("present"))
    plain = await client.get(script, headers={"Accept-Encoding": "identity"})
    brotli = {"Accept-Encoding": "gzip, br"}
    async with client.stream("GET", script, headers=brotli) as small:
        sent = [part async for part in small.aiter_raw()]
    assert (small.headers["content-encoding"], small.headers["vary"]) == ("br", "Accept-Encoding")
    assert len(b"".join(sent)) == int(small.headers["content-length"]) < len(plain.content)
    assert (await client.get(script, headers={"Accept-Encoding": "gzip"})).content == plain.content
    assert (await client.get(f"{script}.br")).status_code == 404


async def test_who_has_it_is_not_sent_it_again(client: httpx.AsyncClient) -> None:
    first = await client.get(MARK)
    again = await client.get(MARK, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_part_of_it_comes_as_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.get(MARK, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"<svg")


async def test_it_runs_nothing_and_takes_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get(MARK)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await client.post(MARK)).status_code == 405


async def test_what_is_not_there_is_told_by_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/static/nothing.js")
    assert answer.status_code == 404
    assert "<html" in answer.text
