"""An export for which there is no process is one that has failed, and can be asked for again."""

from pathlib import Path
from typing import Any

import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.errors import MediaError
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.exports import Exports, ExportState


async def test_one_that_can_not_start_has_failed_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def start(*_: Any, **__: Any) -> Child:
        nonlocal tries
        tries += 1
        raise MediaError("no process")

    monkeypatch.setattr(Child, "start", start)
    take = Take(tmp_path, TakeInfo(epoch=0.0, began=1.0, ended=2.0, profile=Profile.FAST))
    exports = Exports()
    for expected in (1, 2):
        assert await exports.begin(take) == ExportState("failed", reason="process-ended")
        assert tries == expected
