"""Every page in every language: axe finds nothing, nothing is wider than a phone."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import check, look, sign_in

LOCALES = ["en-GB", "fr-FR", "zh-CN"]
COURSE = "/courses/minimally-invasive-surgery/"
OPEN = ["/", "/accounts/login/", "/accounts/password/reset/", "/courses/", COURSE, "/alliance/"]
COORDINATOR = [
    "/me/",
    "/accounts/profile/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/delete/",
    f"{COURSE}doctors/",
    f"{COURSE}doctors/list/",
]
ASKED_AGAIN = ["/accounts/tokens/", "/accounts/email/"]  # for the password
STAFF = [
    "/rooms/yours/technician/",
    "/rooms/yours/technician/pull/main/",
    "/rooms/yours/present/",
    "/rooms/yours/recordings/",
    "/rooms/yours/end/",
    f"{COURSE}ready/",
]


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_are_accessible_and_fit_a_phone(house: House, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(locale=locale, viewport={"width": 360, "height": 720})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    for path in OPEN:
        check(page, house.web + path)
    sign_in(page, house)
    for path in STAFF:
        check(page, house.web + path)
    context.close()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_coordinators_pages_are_accessible_and_fit_a_phone(
    house: House, chromium: Browser, locale: str
) -> None:
    context = chromium.new_context(locale=locale, viewport={"width": 360, "height": 720})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, house, "coordinator")
    code = {"en-GB": "en", "fr-FR": "fr", "zh-CN": "zh-hans"}[locale]
    page.goto(house.web)
    page.locator("details.menu summary").first.click()
    page.locator(f"button[name=language][lang|={code[:2]}]").click()
    for path in COORDINATOR:
        check(page, house.web + path)
    _, password = house.password("coordinator")
    for path in ASKED_AGAIN:
        page.goto(house.web + path)
        look(page)
        if "reauthenticate" in page.url:
            page.fill("input[name=password]", password)
            page.locator("main form button").first.click()
            page.wait_for_url(f"**{path}")
            look(page)
    page.goto(house.web + COURSE)
    page.locator(".session__title a").nth(3).click()
    page.wait_for_url("**/sessions/*/")
    look(page)
    for rows in (["Aminata Traoré;aminata@example.org;Médecin"], [";;"]):
        page.goto(f"{house.web}{COURSE}doctors/list/")
        sheet = "\n".join(["Nom;Courriel;Profession", *rows]).encode()
        page.set_input_files("#sheet", {"name": "list.csv", "mimeType": "text/csv", "buffer": sheet})
        page.locator("main form button.button--primary").click()
        page.wait_for_url("**/doctors/list/*/")
        look(page)
    context.close()
