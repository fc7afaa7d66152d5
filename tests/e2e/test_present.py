"""A lecturer goes on air from a browser, is seen, and is back by himself when his source's process is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.camera.waiting import until
from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import look

_BACK = 60.0  # seconds, on a machine that is many times overloaded; in peace it is two
# How often the sign of being on air was taken away, however soon it came back.
_COUNT_LOSSES = """() => {
  const sign = document.querySelector('[data-on-air]');
  window.losses = 0;
  new MutationObserver(() => { window.losses += sign.hidden }).observe(sign, { attributeFilter: ['hidden'] });
}"""


@pytest.fixture
def presenting(house: House, screen: BrowserContext) -> Iterator[Page]:
    page = screen.new_page()
    page.goto(house.link("yours", "speaker"))
    page.goto(f"{house.web}/rooms/yours/present/")
    page.select_option("#target", "views/main")
    page.locator("[data-action=go-live]").click()
    expect(page.locator("[data-on-air]")).to_be_visible()
    yield page
    if page.locator("[data-on-air]").is_visible():
        page.locator("[data-action=go-live]").click()
    until(lambda: _sources_of("yours") == [])  # else the next one finds its place taken
    page.close()


def test_a_lecturer_is_seen_and_comes_back_by_himself(
    house: House, chromium: Browser, presenting: Page
) -> None:
    doctor = chromium.new_page()  # a context of its own: the doctor's right is another one
    doctor.goto(house.link("yours"))
    doctor.set_default_timeout(PATIENCE)
    doctor.wait_for_function("() => document.querySelector('video').currentTime > 0")
    presenting.evaluate("() => { window.untouched = true }")
    presenting.evaluate(_COUNT_LOSSES)
    (source,) = _sources_of("yours")
    os.kill(source, signal.SIGKILL)
    presenting.wait_for_function("() => window.losses > 0")
    expect(presenting.locator("[data-on-air]")).to_be_visible(timeout=_BACK * 1000)
    assert presenting.evaluate("() => window.untouched") is True
    assert source not in _sources_of("yours")
    before = doctor.evaluate("() => document.querySelector('video').currentTime")
    doctor.wait_for_function(f"() => document.querySelector('video').currentTime > {before} + 2")
    doctor.context.close()


def test_who_is_thrown_out_does_not_throw_out_in_turn(
    house: House, screen: BrowserContext, presenting: Page
) -> None:
    other = screen.new_page()
    other.goto(f"{house.web}/rooms/yours/present/")
    other.select_option("#target", "views/main")
    other.locator("[data-action=go-live]").click()
    expect(other.locator("[data-status]")).to_contain_text("Somebody else")
    other.locator("[name=takeover]").check()
    other.locator("[data-action=go-live]").click()
    expect(other.locator("[data-on-air]")).to_be_visible()
    expect(presenting.locator("[data-on-air]")).to_be_hidden()
    expect(presenting.locator("[data-status]")).to_contain_text("Somebody else")
    expect(other.locator("[data-on-air]")).to_be_visible()
    other.locator("[data-action=go-live]").click()
    expect(other.locator("[data-on-air]")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "fr", "zh-Hans"])
def test_nothing_hinders_a_lecturer(house: House, chromium: Browser, language: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740}, locale=language)
    page.goto(house.link("yours", "speaker"))
    page.goto(f"{house.web}/rooms/yours/present/")
    look(page)
    page.context.close()


def _sources_of(room: str) -> list[int]:
    """The processes of a room's sources: their names begin with it, and the kernel keeps 15 characters."""
    name = f"source {room}/"[:15]
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text().strip().startswith(name):
                found.append(int(path.parent.name))
        except OSError:
            continue  # it has ended meanwhile
    return found
