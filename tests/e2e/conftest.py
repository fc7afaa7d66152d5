"""One demo and one Chromium for all end-to-end tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.house import House, demo
from tests.pages.browser import PATIENCE, chromium

__all__ = ["chromium"]


@pytest.fixture(scope="package")  # its cameras must not take the machine from the tests that come after
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def screen(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def watching(house: House, screen: BrowserContext) -> Page:
    """The watch page of the operation, playing."""
    page = screen.new_page()
    page.goto(house.link("operation"))
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    return page
