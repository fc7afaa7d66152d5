"""What every visit needs: signing in, and the look that finds what hinders people."""

from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.house import House

AXE = Path(__file__).resolve().parents[2] / "front/node_modules/axe-core/axe.min.js"


def sign_in(page: Page, house: House, role: str = "technician") -> None:
    email, password = house.password(role)
    page.goto(f"{house.web}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def check(page: Page, address: str) -> None:
    """The page is there, axe finds nothing on it, and nothing is wider than the screen."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    look(page)


def look(page: Page) -> None:
    """The page as it stands now."""
    hindrances(page)
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the screen"


def hindrances(page: Page) -> None:
    """axe finds none. It comes in through the browser's own tools, so the page's security policy stays as it is."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    )
    assert found == [], f"{page.url}: {found}"
