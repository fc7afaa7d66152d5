"""A file over a thin line: its sender sees how far it is, loses nothing with the line, and gets the answer's page."""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import sign_in

COURSE = "/courses/minimally-invasive-surgery/"
LIST = f"{COURSE}doctors/list/"
PREVIEW = re.compile(r"/list/\d+/$")
SEND = "main form button.button--primary"
HEADINGS = "Nom,Adresse e-mail,Profession"


@pytest.fixture
def page(chromium: Browser, house: House) -> Iterator[Page]:
    context = chromium.new_context(locale="fr-FR", viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, house, "coordinator")
    page.goto(house.web + LIST)
    yield page
    context.close()


def choose(page: Page, *rows: str) -> None:
    sheet = "\n".join([HEADINGS, *rows]).encode()
    page.set_input_files("#sheet", {"name": "liste.csv", "mimeType": "text/csv", "buffer": sheet})


def line(page: Page, kilobytes: float) -> CDPSession:
    """kilobytes: a second."""
    tools = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": kilobytes * 1000}
    tools.send("Network.emulateNetworkConditions", limits)
    return tools


def test_how_much_has_left_is_seen(page: Page) -> None:
    choose(page, *(f"{secrets.token_hex(20)},{secrets.token_hex(20)}@example.org,doctor" for _ in range(900)))
    tools = line(page, kilobytes=5)
    page.click(SEND)
    expect(page.locator("[data-busy-notice]")).to_be_visible()
    expect(page.locator(SEND)).to_be_disabled()
    expect(page.locator("[data-busy-share]")).to_have_text(re.compile(r"^[1-9]\d?\s?%$"))
    tools.detach()


def test_a_line_that_breaks_costs_a_press_of_the_button(page: Page) -> None:
    choose(page, "Aminata Diarra,aminata.diarra@example.org,doctor")
    page.context.set_offline(True)
    page.click(SEND)
    expect(page.locator("[data-busy-lost]")).to_be_visible()
    expect(page.locator("[data-busy-notice]")).to_be_hidden()
    page.context.set_offline(False)
    page.click(SEND)
    page.wait_for_url(PREVIEW)
    expect(page.locator("main")).to_contain_text("Aminata Diarra")


def test_it_can_be_stopped_and_sent_again(page: Page) -> None:
    choose(page, *(f"{secrets.token_hex(20)},{secrets.token_hex(20)}@example.org,doctor" for _ in range(900)))
    tools = line(page, kilobytes=5)
    page.click(SEND)
    page.click("[data-busy-stop]")
    expect(page.locator("[data-busy-notice]")).to_be_hidden()
    tools.detach()
    page.click(SEND)
    page.wait_for_url(PREVIEW)


def test_a_file_that_was_saved_again_has_to_be_chosen_again(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{HEADINGS}\nAminata Diarra,aminata.diarra@example.org,doctor\n")
    page.set_input_files("#sheet", file)
    os.utime(file, (0, 0))  # browsers tell files apart by the second
    page.click(SEND)
    expect(page.locator("[data-busy-changed]")).to_be_visible()


def test_a_refusal_leaves_the_form_as_it_is(page: Page) -> None:
    choose(page, "Aminata Diarra,aminata.diarra@example.org,doctor")
    page.context.clear_cookies(name="csrftoken")
    page.click(SEND)
    expect(page.locator("[data-busy-refused]")).to_contain_text(" – ")
    assert page.evaluate("document.querySelector('#sheet').files.length") == 1


def test_slides_arrive_and_their_page_says_so(house: House, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, house, "secretariat")
    page.goto(house.web + COURSE)
    page.locator(".session__title a").first.click()
    page.wait_for_url("**/sessions/*/")
    page.fill("#title", "Slides")
    slides = {"name": "slides.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 slides"}
    page.set_input_files("#file", slides | {"buffer": b"no paper"})
    page.click("form[data-busy] button.button--primary")
    expect(page.locator("#file-error")).to_be_visible()
    assert page.input_value("#title") == "Slides"  # what was typed is kept
    page.set_input_files("#file", slides)
    page.click("form[data-busy] button.button--primary")
    expect(page.locator(".notice--success")).to_be_visible()  # the message is the reader's, not the script's
    expect(page.locator("#materials ~ ul")).to_contain_text("Slides")
    context.close()


def test_what_is_wrong_with_the_file_is_said_on_the_page(page: Page) -> None:
    page.set_input_files("#sheet", {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"\x00\x01"})
    page.click(SEND)
    expect(page.locator("#sheet-error")).to_be_visible()
    choose(page, "Aminata Diarra,aminata.diarra@example.org,doctor")
    page.click(SEND)  # the page that was put in its place works as well
    page.wait_for_url(PREVIEW)


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(page: Page) -> None:
    choose(page, "Aminata Diarra,aminata.diarra@example.org,doctor")
    page.context.clear_cookies(name="amphitheatre_session")
    page.click(SEND)
    page.wait_for_url(lambda url: "/accounts/login/" in url)
