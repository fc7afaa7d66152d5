"""Every page in every language: axe finds nothing, nothing is wider than a phone."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.house import House
from tests.e2e.visit import check, sign_in

LOCALES = ["en-GB", "fr-FR", "zh-CN"]
OPEN = ["/", "/accounts/login/"]
ROOM = ["/rooms/operation/", "/rooms/operation/replay/"]
STAFF = [
    "/rooms/yours/technician/",
    "/rooms/yours/technician/pull/main/",
    "/rooms/yours/present/",
    "/rooms/yours/recordings/",
    "/rooms/yours/end/",
]


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_are_accessible_and_fit_a_phone(house: House, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(locale=locale, viewport={"width": 360, "height": 720}, bypass_csp=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    for path in OPEN:
        check(page, house.web + path)
    page.goto(house.link("operation"))
    for path in ROOM:
        check(page, house.web + path)
    sign_in(page, house)
    for path in STAFF:
        check(page, house.web + path)
    context.close()
