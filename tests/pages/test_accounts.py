"""A doctor protects the account: with an app on the phone, with a passkey; and signs in with each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.house import House
from tests.pages.browser import PATIENCE
from tests.pages.visit import look
from tests.web.accounts.authenticator_app import code_of

READERS = [("en-GB", 1440), ("fr-FR", 360), ("zh-CN", 360)]
FACTOR_ROLES = dict(zip(READERS, ["editor", "reviewer", "advocate"], strict=True))
PASSKEY_ROLES = dict(zip(READERS, ["speaker", "moderator", "interpreter"], strict=True))


@pytest.fixture(params=READERS, ids=lambda reader: f"{reader[0]}-{reader[1]}")
def reader(request: pytest.FixtureRequest) -> tuple[str, int]:
    return request.param


@pytest.fixture
def page(chromium: Browser, reader: tuple[str, int]) -> Iterator[Page]:
    """A browser with a fingerprint reader, in the reader's language and on the reader's screen."""
    locale, width = reader
    context = chromium.new_context(locale=locale, viewport={"width": width, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    keys = context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def address(house: House, path: str) -> str:
    """Passkeys belong to a host name, never to an IP address."""
    return f"http://localhost:{house.ports['WEB']}{path}"


def sign_in(page: Page, house: House, role: str) -> None:
    email, password = house.password(role)
    page.goto(address(house, "/accounts/login/"))
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def open_confirmed(page: Page, house: House, role: str, path: str) -> None:
    """A page that changes how one signs in: it asks for the password once more."""
    page.goto(address(house, path))
    if "reauthenticate" in page.url:
        look(page)
        page.fill("[name=password]", house.password(role)[1])
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "reauthenticate" not in url)
    look(page)


def sign_out(page: Page, house: House) -> None:
    page.goto(address(house, "/accounts/logout/"))
    page.locator("main button").click()
    page.wait_for_url(address(house, "/"))


def is_signed_in(page: Page, house: House) -> bool:
    page.goto(address(house, "/accounts/password/change/"))
    return page.url == address(house, "/accounts/password/change/")


def test_an_app_on_the_phone_and_its_recovery_codes(
    house: House, page: Page, reader: tuple[str, int]
) -> None:
    role = FACTOR_ROLES[reader]
    sign_in(page, house, role)
    open_confirmed(page, house, role, "/accounts/2fa/totp/activate/")
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/recovery-codes/")
    look(page)
    recovery = page.input_value("textarea").split()[0]
    open_confirmed(page, house, role, "/accounts/2fa/")
    sign_out(page, house)
    sign_in(page, house, role)
    assert not is_signed_in(page, house)
    page.wait_for_selector("[name=code]")
    look(page)
    page.fill("[name=code]", recovery)
    page.press("[name=code]", "Enter")
    page.wait_for_url(address(house, "/"))
    assert is_signed_in(page, house)
    sign_out(page, house)
    sign_in(page, house, role)
    page.fill("[name=code]", code_of(secret))
    page.press("[name=code]", "Enter")
    page.wait_for_url(address(house, "/"))
    assert is_signed_in(page, house)


def test_a_passkey_instead_of_the_password(house: House, page: Page, reader: tuple[str, int]) -> None:
    role = PASSKEY_ROLES[reader]
    sign_in(page, house, role)
    open_confirmed(page, house, role, "/accounts/2fa/webauthn/add/")
    page.fill("[name=name]", "My phone")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/add/" not in url)
    open_confirmed(page, house, role, "/accounts/2fa/webauthn/")
    assert "My phone" in page.inner_text("main")
    sign_out(page, house)
    look(page)
    page.goto(address(house, "/accounts/login/"))
    page.click("#passkey_login")
    page.wait_for_url(address(house, "/"))
    assert is_signed_in(page, house)


def test_a_browser_without_the_passkey_is_told_so(house: House, page: Page) -> None:
    page.goto(address(house, "/accounts/login/"))
    page.click("#passkey_login")
    page.wait_for_selector("[data-passkey-error]:visible")
    look(page)
