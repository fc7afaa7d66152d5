"""The player changes language and camera and leaves no moment out, and does without Media Source Extensions."""

from playwright.sync_api import BrowserContext, Page

from tests.e2e.house import House

# How far the moment on the screen is behind the page's clock (seconds, from any zero), and whether it is what is heard.
_HEARD = """() => {
  const { hls } = window.amphitheatre;
  const heard = [...document.querySelectorAll('video')].filter((video) => !video.muted);
  return { behind: (performance.timeOrigin + performance.now() - hls.playingDate.getTime()) / 1000,
           alone: heard.length === 1 && heard[0] === hls.media };
}"""
# A machine that decodes two pictures while it codes two may hold a part back once; it does so without any change, too.
_HICCUPS, _HICCUP = 1, 0.6  # seconds
# The sound of that language is what plays now: the part under the playhead is one of its own.
_HEARS = """(language) => {
  const { hls } = window.amphitheatre;
  if (window.heard === undefined) {
    hls.on('hlsFragBuffered', (_, { frag, part }) => {
      const { start } = part ?? frag;
      if (frag.type === 'audio' && hls.audioTracks[frag.level]?.lang === language) window.heard ??= start;
    });
    window.heard = null;
  }
  return window.heard !== null && hls.media.currentTime >= window.heard && hls.media.readyState >= 3;
}"""

# Since when it has been near its target without a stall, is noted in the page; true after so many ms.
_AT_ITS_DISTANCE = """(long) => {
  const { distance, target, stalls } = window.amphitheatre;
  const near = distance() !== null && Math.abs(distance() - target()) < 0.1;
  if (!near || window.calm?.stalls !== stalls) window.calm = { since: performance.now(), stalls };
  return performance.now() - window.calm.since > long;
}"""


def test_a_language_is_changed_in_the_picture_that_plays(watching: Page) -> None:
    watching.wait_for_function("() => window.amphitheatre.second")
    _settled(watching)
    watching.evaluate("() => { window.before = window.amphitheatre.hls }")
    stalls = watching.evaluate("() => window.amphitheatre.stalls")
    began = watching.evaluate(_HEARD)
    watching.locator("[data-language=fr]").check()
    watching.wait_for_function(_HEARS, arg="fr", timeout=2000)
    heard = watching.evaluate(_HEARD)
    assert heard["alone"]
    assert watching.evaluate("() => window.before === window.amphitheatre.hls")
    assert watching.evaluate("() => window.amphitheatre.stalls") - stalls <= _HICCUPS
    # What was on the screen went on: no moment was left out.
    assert -0.1 < heard["behind"] - began["behind"] < _HICCUP
    assert watching.evaluate("() => window.amphitheatre.second !== null")


def test_a_phone_changes_the_camera_and_keeps_the_moment(house: House, screen: BrowserContext) -> None:
    # A line that carries one picture, not two.
    screen.add_init_script("localStorage.setItem('amphitheatre.line', '1200000')")
    page = screen.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(house.link("operation"))
    page.wait_for_function("() => window.amphitheatre?.hls?.playingDate")
    _settled(page)
    assert page.locator("[data-stage]").get_attribute("data-layout") == "single"
    began = page.evaluate(_HEARD)
    page.locator("[data-view-choice=fluorescence]").click()
    page.wait_for_selector("figure[data-view=fluorescence][data-main]")
    now = page.evaluate(_HEARD)
    assert now["alone"]
    assert abs(now["behind"] - began["behind"]) < _HICCUP
    assert page.locator("figure[data-view]:visible").count() == 1
    assert page.evaluate("() => window.amphitheatre.switchTime") > 0


def test_without_media_source_extensions_the_browser_plays_hls_itself(
    house: House, screen: BrowserContext
) -> None:
    screen.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource")
    page = screen.new_page()
    page.goto(house.link("operation"))
    page.wait_for_function("() => document.querySelector('video').currentTime > 1", timeout=30_000)
    assert page.evaluate("() => window.amphitheatre.hls") is None
    assert page.evaluate("() => document.querySelector('video').currentSrc").endswith("/multivariant.m3u8")
    assert page.evaluate("() => document.querySelector('video').videoHeight") > 0
    page.wait_for_function("() => document.querySelector('[data-status]').textContent.trim() === ''")


def _settled(page: Page) -> None:
    """Heard, and for some seconds at its distance and without a wait: what is measured then is the change alone."""
    page.locator("[data-sound-prompt]").click()
    page.wait_for_function(_AT_ITS_DISTANCE, arg=3000, timeout=60_000)
