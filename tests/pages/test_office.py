"""The secretariat plans a course in the back office: under our security policy, on a screen and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import hindrances, sign_in

READERS = [("en-GB", 1440), ("fr-FR", 1440), ("zh-CN", 360)]
PAGES = [
    "office/",
    "office/snippets/programme/course/",
    "office/snippets/programme/session/",
    "office/snippets/programme/session/add/",
    "office/snippets/alliance/institution/",
    "office/snippets/registration/registration/",
    "office/snippets/office/person/",
    "office/snippets/mail/letter/",
    "courses/minimally-invasive-surgery/sessions/1/suits/",
]


@pytest.fixture(params=READERS, ids=lambda reader: f"{reader[0]}-{reader[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    locale, width = request.param
    context = chromium.new_context(locale=locale, viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_every_page_works_under_our_policy_and_hinders_nobody(house: House, page: Page) -> None:
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            refused.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: refused.append(f"{page.url}: {error}"))
    sign_in(page, house, "secretariat")
    for path in PAGES:
        answer = page.goto(f"{house.web}/{path}")
        assert answer is not None
        assert answer.status == 200, path
        hindrances(page)
    assert refused == []


@pytest.mark.parametrize("page", READERS[2:], ids=["zh-CN-360"], indirect=True)
def test_a_session_is_added(house: House, page: Page) -> None:
    sign_in(page, house, "secretariat")
    page.goto(f"{house.web}/office/snippets/programme/session/add/")
    page.select_option("[name=course]", index=1)
    page.select_option("[name=kind]", "discussion")
    course = page.request.get(f"{house.web}/api/courses/minimally-invasive-surgery").json()
    page.fill("[name=day]", course["first_day"])
    page.fill("[name=begins]", "19:30")
    page.fill("[name=minutes]", "45")
    page.fill("[name=title_en]", "One more discussion")
    page.select_option("[name=floor]", "en")
    page.locator("form button[type=submit]", has_text="").last.click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{house.web}/courses/minimally-invasive-surgery/")
    assert "One more discussion" in page.locator("main").inner_text()
