"""One demo and one Chromium for all end-to-end tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.house import House, demo

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # fmt: skip


@pytest.fixture(scope="package")  # its cameras must not take the machine from the tests that come after
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    assert found, "chromium is missing: apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def screen(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def watching(house: House, screen: BrowserContext) -> Page:
    """The watch page of the operation, playing."""
    page = screen.new_page()
    page.goto(house.link("operation"))
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    return page


AXE = Path(__file__).resolve().parents[2] / "front/node_modules/axe-core/axe.min.js"
