"""A doctor watches: joins by one link, changes language and camera, sees both, hears why a picture is gone."""

from playwright.sync_api import BrowserContext, Page

from tests.e2e.house import House

_MOVES = """async ([view, more]) => {
  const video = document.querySelector(`[data-view="${view}"] video`);
  const before = video.getVideoPlaybackQuality().totalVideoFrames;
  while (video.getVideoPlaybackQuality().totalVideoFrames < before + more) await new Promise(requestAnimationFrame);
  return true;
}"""


def test_a_guest_sees_the_operation_move_within_seconds_of_the_theatre(watching: Page) -> None:
    assert watching.evaluate(_MOVES, ["laparoscope", 30])
    watching.wait_for_function("() => window.amphitheatre.latency() < 3")
    assert "grant=" not in watching.url


def test_every_language_is_offered_by_its_own_name_and_can_be_chosen(watching: Page) -> None:
    names = watching.locator(".languages__name").all_inner_texts()
    assert names == ["中文", "English", "Français"]
    watching.locator("[data-language=fr]").check()
    watching.wait_for_function(
        "() => { const h = window.amphitheatre.hls; return h.audioTracks[h.audioTrack].lang === 'fr' }"
    )
    assert watching.evaluate(_MOVES, ["laparoscope", 30])


def test_the_two_pictures_stand_side_by_side_in_step(watching: Page) -> None:
    watching.locator("[data-action=side-by-side]").click()
    assert watching.evaluate(_MOVES, ["fluorescence", 30])
    watching.wait_for_function("() => Math.abs(window.amphitheatre.skew()) < 0.1")


def test_a_lost_picture_comes_back_without_a_reload(house: House, screen: BrowserContext) -> None:
    page = screen.new_page()
    address = house.push_address("yours", "main")
    with house.camera(address):
        page.goto(house.link("yours"))
        page.wait_for_function("() => document.querySelector('video').currentTime > 0", timeout=30_000)
        page.evaluate("() => { window.untouched = true }")
    page.wait_for_function(
        "() => fetch(`${JSON.parse(document.querySelector('#page-config').textContent).media}/rooms/yours/room.json`,"
        " {credentials: 'include'}).then(r => r.json()).then(r => r.state === 'lost')"
    )
    page.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() !== ''")
    with house.camera(address):
        page.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() === ''")
        assert page.evaluate(_MOVES, ["main", 30])
        assert page.evaluate("() => window.untouched") is True


def test_the_replay_plays_from_the_start(house: House, screen: BrowserContext) -> None:
    page = screen.new_page()
    page.goto(house.link("operation"))
    page.goto(f"{house.web}/rooms/operation/replay/")
    page.wait_for_function("() => document.querySelector('video').readyState >= 2", timeout=30_000)
    page.evaluate("() => document.querySelector('video').play()")
    assert page.evaluate(_MOVES, ["laparoscope", 15])
