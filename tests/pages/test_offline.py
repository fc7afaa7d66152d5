"""A programme that was looked at once is read without a connection, too."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.house import House
from tests.pages.browser import PATIENCE

COURSE = "/courses/minimally-invasive-surgery/"


@pytest.mark.parametrize(
    ("locale", "zone", "says", "time"),
    [
        ("fr-ML", "Africa/Bamako", "Pas de connexion", "10:00 – 10:40"),
        ("zh-CN", "Asia/Shanghai", "没有网络连接", "18:00 – 18:40"),
        ("en-AU", "Australia/Perth", "No connection", "18:00 – 18:40"),
    ],
)
def test_the_programme_is_there_without_a_connection(
    house: House, chromium: Browser, locale: str, zone: str, says: str, time: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale=locale, timezone_id=zone, service_workers="allow"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(house.web + COURSE)
    expect(page.locator("[data-kept]")).to_be_visible()
    sessions = page.locator(".session__title").all_inner_texts()

    context.set_offline(True)
    page.reload()
    expect(page.locator(".notice")).to_contain_text(says)
    assert page.locator(".session__title").all_inner_texts() == sessions
    expect(page.locator(".session__times").last).to_contain_text(time)
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).display") == "flex"  # styled
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto(house.web + COURSE + "programme.pdf")  # what was not kept leads to what was
    assert page.url == house.web + COURSE

    context.set_offline(False)
    page.reload()
    expect(page.locator("[data-kept]")).to_be_visible()
    context.close()
