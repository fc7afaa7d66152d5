"""A doctor watches: joins by one link, changes language and camera, sees both, hears why a picture is gone."""

from playwright.sync_api import BrowserContext, Page

from tests.e2e.house import House, encoder
from tests.media.watching import busy

_IS_NEAR = "(seconds) => (window.amphitheatre.latency() ?? Infinity) < seconds"
_PICTURES = """(view) =>
  document.querySelector(`[data-view="${view}"] video`).getVideoPlaybackQuality().totalVideoFrames"""


def test_a_guest_sees_the_operation_move_within_seconds_of_the_theatre(watching: Page) -> None:
    _moves(watching, "laparoscope", 30)
    watching.wait_for_function(_IS_NEAR, arg=3 * busy())
    assert "grant=" not in watching.url


def test_every_language_is_offered_by_its_own_name_and_can_be_chosen(watching: Page) -> None:
    names = watching.locator(".languages__name").all_inner_texts()
    assert names == ["中文", "English", "Français"]
    watching.locator("[data-language=fr]").check()
    watching.wait_for_function(
        "() => { const h = window.amphitheatre.hls; return h.audioTracks[h.audioTrack].lang === 'fr' }"
    )
    _moves(watching, "laparoscope", 30)


def test_the_two_pictures_stand_side_by_side_in_step(watching: Page) -> None:
    watching.locator("[data-action=side-by-side]").click()
    _moves(watching, "fluorescence", 30)
    watching.wait_for_function("() => Math.abs(window.amphitheatre.skew()) < 0.1")


def test_a_lost_picture_comes_back_without_a_reload(house: House, screen: BrowserContext) -> None:
    page = screen.new_page()
    address = house.push_address("yours", "main")
    with encoder(address):
        page.goto(house.link("yours"))
        page.wait_for_function("() => document.querySelector('video').currentTime > 0")
        page.evaluate("() => { window.untouched = true }")
    page.wait_for_function(
        "() => fetch(`${JSON.parse(document.querySelector('#page-config').textContent).media}/rooms/yours/room.json`,"
        " {credentials: 'include'}).then(r => r.json()).then(r => r.state === 'lost')"
    )
    page.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() !== ''")
    with encoder(address):
        page.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() === ''")
        _moves(page, "main", 30)
        assert page.evaluate("() => window.untouched") is True


def test_the_replay_plays_from_the_start(house: House, screen: BrowserContext) -> None:
    page = screen.new_page()
    page.goto(house.link("operation"))
    page.goto(f"{house.web}/rooms/operation/replay/")
    page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    page.evaluate("() => document.querySelector('video').play()")
    _moves(page, "laparoscope", 15)


_BEHIND = "() => window.amphitheatre.hls && window.amphitheatre.hls.url.includes('/replay/')"


def test_a_doctor_watches_from_the_start_and_comes_back_to_live(watching: Page) -> None:
    button = watching.locator("[data-action=from-start]")
    button.click()
    watching.wait_for_function(_BEHIND)
    watching.wait_for_function("() => document.querySelector('[data-main] video').currentTime > 0.5")
    assert watching.evaluate("() => document.querySelector('[data-main] video').currentTime") < 15
    assert button.inner_text().strip() == "Back to live"
    button.click()
    watching.wait_for_function(f"(near) => !({_BEHIND})() && ({_IS_NEAR})(near)", arg=3 * busy())
    _moves(watching, "laparoscope", 30)


def test_sound_only_spares_the_line_and_the_picture_comes_back(watching: Page) -> None:
    button = watching.locator("[data-action=sound-only]")
    watching.evaluate("() => { window.pictures = () => performance.getEntriesByType('resource')"
                      ".filter(({ name }) => /laparoscope.*m4s/.test(name)).length }")  # fmt: skip
    button.click()
    watching.wait_for_function(
        "() => document.querySelector('[data-status]').textContent.startsWith('Sound only')"
    )
    watching.wait_for_function("() => window.amphitheatre.hls.media.readyState >= 3")
    asked = watching.evaluate("() => window.pictures()")
    begun = watching.evaluate("() => window.amphitheatre.hls.media.currentTime")
    watching.wait_for_function("(begun) => window.amphitheatre.hls.media.currentTime > begun + 2", arg=begun)
    assert watching.evaluate("() => window.pictures()") == asked
    button.click()
    watching.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() === ''")
    _moves(watching, "laparoscope", 30)


def test_the_picture_fills_the_screen_and_goes_back(watching: Page) -> None:
    button = watching.locator("[data-action=fullscreen]")
    button.click()
    watching.wait_for_function("() => document.fullscreenElement !== null")
    watching.keyboard.press("f")
    watching.wait_for_function("() => document.fullscreenElement === null")
    assert button.inner_text().strip() == "Full screen"


def test_the_picture_stays_in_a_small_window_of_its_own(watching: Page) -> None:
    watching.locator("[data-action=pip]").click()
    watching.wait_for_function(
        "() => document.pictureInPictureElement?.closest('figure').dataset.view === 'laparoscope'"
    )
    watching.locator("[data-action=pip]").click()
    watching.wait_for_function("() => document.pictureInPictureElement === null")


def test_captions_have_a_button_as_soon_as_a_picture_carries_them(watching: Page) -> None:
    button = watching.locator("[data-action=captions]")
    assert button.is_hidden()
    watching.evaluate(
        "() => { window.track = document.querySelector('video').addTextTrack('captions', 'English', 'en') }"
    )
    button.click()
    assert watching.evaluate("() => window.track.mode") == "showing"
    assert button.get_attribute("aria-pressed") == "true"
    watching.keyboard.press("c")
    assert watching.evaluate("() => window.track.mode") == "hidden"


def _moves(page: Page, view: str, more: int) -> None:
    """So many more pictures of that view are shown."""
    before = page.evaluate(_PICTURES, view)
    page.wait_for_function(f"([view, count]) => ({_PICTURES})(view) >= count", arg=[view, before + more])
