"""What a browser fetches that has never been here: bytes on the line and requests, page by page; no media."""

import asyncio
import json
import secrets
import sys
from typing import Any

from playwright.async_api import Browser

from bench.browser import browser
from bench.instance import Instance, RoomWish
from bench.seed_course import ADDRESS, OFFICE, SLUG

ROOM = "room"
PUBLIC = ("/", "/courses/", f"/courses/{SLUG}/", "/alliance/", "/accounts/login/")
OWN = (
    "/me/",
    f"/courses/{SLUG}/doctors/",
    f"/courses/{SLUG}/doctors/list/",
    "/accounts/profile/",
    "/accounts/2fa/",
)
BACK_OFFICE = ("/office/", "/office/snippets/programme/session/add/", "/office/snippets/office/person/add/")
_SETTLED = 1.5  # seconds after the last request


async def measure(quick: bool = False) -> dict[str, Any]:
    """pages: path → [kB, requests]; kilobytes, requests: of the heaviest. The back office stands by itself."""
    password = secrets.token_urlsafe(16)
    async with Instance([RoomWish(ROOM)]) as house, browser() as chromium:
        await house.command("-m", "bench.seed_course", "6", "60", password)
        address = f"http://127.0.0.1:{house.web_port}"
        state = await _signed_in(chromium, address, ADDRESS, password)
        secretary = await _signed_in(chromium, address, OFFICE, password)
        watch = (await house.link(ROOM)).removeprefix(address)
        pages = {path: await _load(chromium, address, path, None) for path in (*PUBLIC, watch)}
        pages |= {path: await _load(chromium, address, path, state) for path in OWN}
        office = {path: await _load(chromium, address, path, secretary) for path in BACK_OFFICE}
    return _heaviest(pages) | {"office": _heaviest(office)}


def _heaviest(pages: dict[str, tuple[float, int]]) -> dict[str, Any]:
    return {
        "kilobytes": max(size for size, _ in pages.values()),
        "requests": max(count for _, count in pages.values()),
        "pages": {path.partition("?")[0]: row for path, row in pages.items()},
    }


async def _signed_in(chromium: Browser, address: str, account: str, password: str) -> Any:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(f"{address}/accounts/login/")
    await page.fill("[name=login]", account)
    await page.fill("[name=password]", password)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(lambda url: "login" not in url)
    state = await context.storage_state()
    await context.close()
    return state


async def _load(chromium: Browser, address: str, path: str, state: Any) -> tuple[float, int]:
    """(kB with headers, requests)"""
    context = await chromium.new_context(storage_state=state)
    page = await context.new_page()
    tools = await context.new_cdp_session(page)
    await tools.send("Network.enable")
    ours: set[str] = set()
    sizes: list[float] = []
    tools.on(
        "Network.requestWillBeSent",
        lambda said: ours.add(said["requestId"]) if said["request"]["url"].startswith(address) else None,
    )
    tools.on(
        "Network.loadingFinished",
        lambda said: sizes.append(said["encodedDataLength"]) if said["requestId"] in ours else None,
    )
    answer = await page.goto(address + path)
    assert answer is not None
    assert answer.ok, f"{path}: {answer.status}"
    await asyncio.sleep(_SETTLED)
    await context.close()
    return round(sum(sizes) / 1000, 1), len(sizes)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
