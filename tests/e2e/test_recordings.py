"""A technician's way through a recording: ended, exported, downloaded, deleted; looked at in every language."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.camera.waiting import until
from tests.e2e.house import House, encoder
from tests.pages.visit import check, sign_in

SECONDS = 4
PATIENCE = 120.0  # seconds; a busy machine
LANGUAGES = ["en", "fr", "zh-hans"]
SOUNDS = {("zho", "中文"), ("eng", "English"), ("fra", "Français")}


@pytest.fixture
def recorded(house: House, page: Page) -> Path:
    """The folder of a session of the room `yours` that has been on air for some seconds."""
    takes = house.data / "rooms" / "yours" / "takes"
    before = set(takes.glob("*"))
    if before:  # another test's session would be gone on with
        page.goto(f"{house.web}/rooms/yours/end/")
        page.get_by_role("button", name="End the session").click()
    with encoder(house.push_address("yours", "main")):
        for track in ("languages/fr", "main/*"):
            until(
                lambda track=track: len(list(_new(takes, before).glob(f"{track}/*.m4s"))) > SECONDS, PATIENCE
            )
    return _new(takes, before)


def _new(takes: Path, before: set[Path]) -> Path:
    return next(iter(set(takes.glob("*")) - before), takes / "none")


@pytest.fixture
def page(house: House, chromium: Browser) -> Iterator[Page]:
    """A technician's, in Bamako."""
    context = chromium.new_context(
        locale="en-GB", timezone_id="Africa/Bamako", viewport={"width": 360, "height": 720}
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    sign_in(page, house)
    yield page
    context.close()


def test_a_recording_from_its_session_to_its_deletion(
    house: House, chromium: Browser, page: Page, recorded: Path, tmp_path: Path
) -> None:
    recordings = f"{house.web}/rooms/yours/recordings/"
    row = page.locator(f"[data-key='{recorded.name}']")
    _look(page, house, recordings, f"{house.web}/rooms/yours/end/")
    page.goto(recordings)
    expect(row).to_contain_text("Bamako")
    expect(row).to_contain_text("Shanghai")

    row.get_by_role("link", name="End the session").click()
    page.get_by_role("button", name="End the session").click()
    row.get_by_role("button", name="Make one MP4").click()
    page.evaluate("() => { window.untouched = true }")
    download = row.get_by_role("link", name="Download MP4")
    expect(download).to_be_visible()
    assert page.evaluate("() => window.untouched") is True
    _viewers_get_nothing(house, chromium, recordings, str(download.get_attribute("href")))

    with page.expect_download() as downloading:
        download.click()
    assert downloading.value.suggested_filename == f"yours-{recorded.name}.mp4"
    downloading.value.save_as(tmp_path / "export.mp4")
    _is_whole(tmp_path / "export.mp4")
    _look(page, house, recordings, f"{recordings}{recorded.name}/delete/")  # leaves the question open

    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").filter(has_text="nothing of it is left")).to_be_visible()
    expect(row).to_have_count(0)
    assert not recorded.exists()
    gone = page.request.get(f"{house.media}/rooms/yours/takes/{recorded.name}/export.mp4")
    assert gone.status == 404


def test_without_scripts_the_page_does_its_work(house: House, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, house)
    page.goto(f"{house.web}/rooms/operation/recordings/")
    page.get_by_role("link", name="Terminer la séance").click()
    page.get_by_role("link", name="Rester à l’antenne").click()
    page.get_by_label("jours après la fin de la séance").fill("45")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").filter(has_text="Enregistré.")).to_be_visible()
    expect(page.get_by_label("jours après la fin de la séance")).to_have_value("45")
    context.close()


def _look(page: Page, house: House, *addresses: str) -> None:
    """Axe and the width of a phone, in every language; English is the last."""
    for language in reversed(LANGUAGES):
        page.context.add_cookies([{"name": "amphitheatre_language", "value": language, "url": house.web}])
        for address in addresses:
            check(page, address)


def _viewers_get_nothing(house: House, chromium: Browser, recordings: str, download: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(house.link("yours"))
    page.goto(recordings)
    assert "/accounts/login/" in page.url
    assert page.request.get(download).status == 403
    context.close()


def _is_whole(file: Path) -> None:
    """One picture and all languages, named; each as long as the session, and decodable."""
    with av.open(str(file)) as container:
        sounds = {(s.metadata["language"], s.metadata["handler_name"]) for s in container.streams.audio}
        assert sounds == SOUNDS
        assert [stream.metadata["handler_name"] for stream in container.streams.video] == ["Camera"]
        for stream in container.streams:
            assert stream.duration is not None
            assert float(stream.duration * stream.time_base) > SECONDS - 1
        assert next(container.decode(video=0)).width > 0
