import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from amphitheatre.camera.clock_face import ClockFace, zone_text
from amphitheatre.camera.clock_strip import Luma

NOW = 1_794_556_800_123  # 2026-11-13 08:00:00.123 UTC


def drawn(zone: str, milliseconds: int = NOW) -> Luma:
    luma = np.full((720, 1280), 16, np.uint8)
    ClockFace(ZoneInfo(zone), 1280, 720).draw(luma, milliseconds)
    return luma


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Shanghai", "UTC+8"),
        ("Africa/Bamako", "UTC"),
        ("America/St_Johns", "UTC-3:30"),
        ("Asia/Kolkata", "UTC+5:30"),
    ],
)
def test_every_time_names_its_zone(zone: str, text: str) -> None:
    assert zone_text(dt.datetime.fromtimestamp(NOW / 1000, ZoneInfo(zone))) == text
    assert drawn(zone).max() > 200


def test_it_stays_in_its_corner() -> None:
    rows, columns = np.nonzero(drawn("America/St_Johns") > 16)
    assert rows.min() >= 640
    assert columns.min() >= 1040
    assert rows.max() < 720
    assert columns.max() < 1280


def test_a_millisecond_changes_only_the_last_figure() -> None:
    changed = np.nonzero(drawn("UTC") != drawn("UTC", NOW + 1))[1]
    assert changed.size
    assert changed.max() - changed.min() < 20
