"""Headless Chromium, as a viewer's: one page, with the clock strip's reader in it (strip.js)."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
READER = Path(__file__).with_name("strip.js")


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


@contextlib.asynccontextmanager
async def page() -> AsyncIterator[Page]:
    """A page with nothing open. Raises NoBrowserError."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise NoBrowserError("chromium is not installed: apt-get install chromium")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=found, headless=True, args=_ARGUMENTS)
        try:
            # The wall clock and the picture are read in the page; a strict policy must not keep the reader out.
            context = await browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
            await context.add_init_script(path=READER)
            yield await context.new_page()
        finally:
            await browser.close()
