"""A replay whose second camera came long after the first: it stands at its beginning until its moment."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.camera.waiting import until
from tests.e2e.house import House, encoder

ROOM, FIRST, LATE = "two-cameras", "theatre", "microscope"
LATER = 13  # segments; up to ten the first camera's beginning would be cut off instead
MORE = 8
PATIENCE = 120.0  # seconds; a busy machine
_THIN_LINE = "localStorage.setItem('amphitheatre.line', '1200000')"
_AT = "(view) => document.querySelector(`[data-view=${view}] video`).currentTime"
# Its distance to the late one is that between the two beginnings, and grows smaller only as the first one plays on.
_MOMENT = f"() => ({_AT})('{FIRST}') + window.amphitheatre.skew()"
_LAG = f"(moment) => ({_AT})('{FIRST}') - ({_AT})('{LATE}') - moment"
_SEEK = "([view, to]) => { document.querySelector(`[data-view=${view}] video`).currentTime = to }"


@pytest.fixture(scope="module")
def recorded(house: House) -> int:
    """Segments, of a second, that there were of the first camera when the late one had begun."""
    house.add_room(ROOM, [FIRST, LATE])
    until(lambda: f'"{ROOM}"' in house.command("rooms", "--json"), PATIENCE)
    takes = house.data / "rooms" / ROOM / "takes"

    def segments(view: str) -> int:
        return max((len(list(track.glob("*.m4s"))) for track in takes.glob(f"*/{view}/*")), default=0)

    with encoder(house.push_address(ROOM, FIRST)):
        until(lambda: segments(FIRST) > LATER, PATIENCE)
        with encoder(house.push_address(ROOM, LATE)):
            until(lambda: segments(LATE) > 0, PATIENCE)
            begun = segments(FIRST)
            until(lambda: segments(LATE) > MORE, PATIENCE)
    return begun


@contextmanager
def _replay(house: House, chromium: Browser, *, phone: bool) -> Iterator[Page]:
    size = {"width": 360, "height": 740} if phone else {"width": 1440, "height": 900}
    context = chromium.new_context(viewport=size, locale="en-GB")  # type: ignore[arg-type]  # a ViewportSize
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    if phone:
        page.add_init_script(_THIN_LINE)
    page.goto(house.link(ROOM))
    page.goto(f"{house.web}/rooms/{ROOM}/replay/")
    page.wait_for_function(f"() => document.querySelector('[data-view={FIRST}] video').readyState >= 2")
    page.evaluate("() => document.querySelector('[data-main] video').play()")
    yield page
    context.close()


def _passes(page: Page, view: str, at: float) -> None:
    page.wait_for_function(f"(at) => ({_AT})('{view}') > at", arg=at)


@pytest.mark.usefixtures("recorded")
def test_the_later_picture_waits_for_its_moment_and_then_keeps_in_step(
    house: House, chromium: Browser
) -> None:
    with _replay(house, chromium, phone=False) as page:
        page.wait_for_function(f"() => document.querySelector('[data-view={LATE}] video').readyState >= 2")
        _passes(page, FIRST, 2)
        assert page.evaluate(_AT, LATE) < 0.2
        moment = page.evaluate(_MOMENT)
        assert moment > LATER - 2
        page.evaluate(_SEEK, [FIRST, moment - 1])
        _passes(page, LATE, 1.5)
        page.wait_for_function("() => Math.abs(window.amphitheatre.skew()) < 0.1")
        assert page.evaluate(_LAG, moment) == pytest.approx(0.0, abs=0.3)
        page.evaluate(_SEEK, [FIRST, 1])
        page.wait_for_function(f"() => ({_AT})('{LATE}') < 0.2")
        _passes(page, FIRST, 2)


def test_where_only_one_picture_is_shown_its_choice_is_taken_back_until_then(
    house: House, chromium: Browser, recorded: int
) -> None:
    with _replay(house, chromium, phone=True) as page:
        _passes(page, FIRST, 1)
        late = page.locator(f"[data-view-choice={LATE}]")
        page.evaluate(_SEEK, [FIRST, 1])  # the page may have been slow, and the late one begins soon
        late.click()
        expect(page.get_by_text("That camera has no picture at this moment.")).to_be_visible()
        assert page.evaluate(_AT, FIRST) < LATER - 2
        expect(late).to_have_attribute("aria-pressed", "false")
        page.evaluate(_SEEK, [FIRST, recorded + 3])
        late.click()
        expect(page.locator(f"figure[data-view={LATE}]")).to_have_attribute("data-main", "")
        _passes(page, LATE, 1)
