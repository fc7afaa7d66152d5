"""Every page in every language: axe finds nothing, nothing is wider than a phone."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import AXE
from tests.e2e.house import House

LOCALES = ["en-GB", "fr-FR", "zh-CN"]
OPEN = ["/", "/accounts/login/"]
ROOM = ["/rooms/operation/", "/rooms/operation/replay/"]
STAFF = ["/rooms/yours/technician/", "/rooms/yours/present/"]


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_are_accessible_and_fit_a_phone(house: House, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(locale=locale, viewport={"width": 360, "height": 720}, bypass_csp=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    for path in OPEN:
        _check(page, house.web + path)
    page.goto(house.link("operation"))
    for path in ROOM:
        _check(page, house.web + path)
    _sign_in(page, house)
    for path in STAFF:
        _check(page, house.web + path)
    context.close()


def _sign_in(page: Page, house: House) -> None:
    email, password = house.password("technician")
    page.goto(f"{house.web}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def _check(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    )
    assert found == [], f"{address}: {found}"
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{address} is {overflow} px wider than the screen"
