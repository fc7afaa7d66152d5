"""The pages of a room that is on air, in every language: axe finds nothing, nothing is wider than a phone."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import check, look, sign_in

PAGES = ["/rooms/operation/", "/rooms/operation/replay/", "/rooms/operation/technician/"]


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR", "zh-CN"])
def test_they_are_accessible_and_fit_a_phone(house: House, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(locale=locale, viewport={"width": 360, "height": 720})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, house)
    for path in PAGES:
        check(page, house.web + path)
    page.goto(house.web + PAGES[0])
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    look(page)
    context.close()
