"""Headless Chromium, as a viewer's: one page, with the clock strip's reader in it (strip.js)."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, CDPSession, Page, async_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
# At rest it takes less than this share of a core for so long, seconds; how often that is looked for.
_AT_REST = 0.03
_LOOK = 0.5
_LOOKS = 60
READER = Path(__file__).with_name("strip.js")


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Raises NoBrowserError."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise NoBrowserError("chromium is not installed: apt-get install chromium")
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=found, headless=True, args=_ARGUMENTS)
        try:
            yield running
        finally:
            await running.close()


@contextlib.asynccontextmanager
async def page() -> AsyncIterator[Page]:
    """A page with nothing open. Raises NoBrowserError."""
    async with browser() as running:
        # The wall clock and the picture are read in the page; a strict policy must not keep the reader out.
        context = await running.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
        await context.add_init_script(path=READER)
        yield await context.new_page()


async def at_rest(viewer: Page) -> None:
    """Until its browser has done with its own start, which takes half a second of a core and is no part of any page."""
    running = viewer.context.browser
    if running is None:
        raise ValueError("the page belongs to no browser")
    tools = await running.new_browser_cdp_session()
    before = await _spent(tools)
    for _ in range(_LOOKS):
        await asyncio.sleep(_LOOK)
        spent = await _spent(tools)
        if spent - before < _AT_REST * _LOOK:
            return
        before = spent
    raise TimeoutError(f"the browser was still busy after {_LOOKS * _LOOK} s")


async def _spent(tools: CDPSession) -> float:
    """Processor time of all of the browser's processes, seconds."""
    told = await tools.send("SystemInfo.getProcessInfo")
    return sum(float(process["cpuTime"]) for process in told["processInfo"])
