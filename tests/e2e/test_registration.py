"""From a coordinator's spreadsheet to a doctor who watches: in French, on a phone, with real letters."""

import email
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import look, sign_in

LIST = """Nom;Courriel;Profession
Oumou Sangaré-Bamba;oumou@point-g.example;Médecin
Seydou Coulibaly;seydou@point-g.example;Infirmier
"""
LETTER_COMES = 120.0  # seconds; a busy machine


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": 360, "height": 740}, timezone_id="Africa/Bamako"
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def letter(house: House, to: str) -> str:
    """The text of the letter to that address, once the worker has put it into its folder."""
    deadline = time.monotonic() + LETTER_COMES
    while time.monotonic() < deadline:
        for file in (house.data / "mail").glob("*.log"):
            if f"To: {to}".encode() in (raw := file.read_bytes()):
                return email.message_from_bytes(raw).get_payload(decode=True).decode()
        time.sleep(0.2)
    raise AssertionError(f"no letter to {to}; the worker says: {(house.data / 'log/worker.log').read_text()}")


def test_doctors_of_a_spreadsheet_come_in_by_their_letters_and_watch(
    house: House, chromium: Browser, phone: BrowserContext, tmp_path: Path
) -> None:
    sheet = tmp_path / "medecins.csv"
    sheet.write_text(LIST)
    page = phone.new_page()
    sign_in(page, house, "coordinator")
    page.locator("details.menu summary").first.click()
    page.locator("button[name=language][lang=fr]").click()
    page.goto(f"{house.web}/me/")
    page.locator("main a[href$='/doctors/']").click()
    page.locator("a[href$='/doctors/list/']").click()
    page.set_input_files("input[type=file]", sheet)
    page.locator("main button.button--primary").click()
    page.wait_for_url(re.compile(r"/list/\d+/$"))
    look(page)
    assert "Oumou Sangaré-Bamba" in page.locator("main").inner_text()
    page.locator("main button.button--primary").click()
    page.wait_for_url("**/doctors/")
    look(page)

    text = letter(house, "oumou@point-g.example")
    assert text.startswith("Bonjour Oumou Sangaré-Bamba")
    link = re.search(r"http://\S+/accounts/invitation/\S+", text)
    assert link is not None
    phone.clear_cookies()
    page.goto(link[0])
    look(page)
    page.fill("[name=password]", "cinq mots qui se suivent")
    page.locator("main button.button--primary").click()
    page.wait_for_url("**/me/")
    look(page)
    page.locator("main h2 a").first.click()
    page.wait_for_url("**/courses/**")
    african = page.locator(".session", has_text="Ouverture de la session africaine").inner_text()
    assert "08:00" in african
    assert "Bamako" in african
    page.go_back()

    page.locator(".on-air a").first.click()  # in two clicks from the letter: come in, join
    page.wait_for_url("**/rooms/operation/**")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")

    page.goto(link[0])
    assert "ne fonctionne plus" in page.locator("main").inner_text()
    look(page)


def test_three_clicks_lead_from_the_first_page_into_the_room(house: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    email, password = house.password("participant")
    page.goto(house.web)
    page.locator(".masthead a[href*='login']").click()
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("main form button.button--primary, main form button[type=submit]").first.click()
    page.locator(".on-air a").first.click()
    page.wait_for_url("**/rooms/operation/**")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
