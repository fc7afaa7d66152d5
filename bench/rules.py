"""A minute of the rule checker over every rendition of a live room: how much was checked, how much was wrong."""

import asyncio
import json
import sys
from typing import Any

import httpx

from bench.camera import camera
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists
from bench.seed_rooms import LABELS
from tests.media.rules import Findings, RoomCheck

ROOM = "rules"


async def check(profile: str, seconds: float) -> Findings:
    """Two views, three languages, every rendition at once."""
    wish = RoomWish(ROOM, profile=profile, views=("main", "second"))
    async with (
        Instance([wish]) as house,
        camera(await house.push_address(ROOM)),
        camera(await house.push_address(ROOM, "second"), view="fluorescence", voice="none"),
    ):
        grant = await house.grant(ROOM)
        for view in wish.views:
            await live_playlists(house.media_url, ROOM, view, grant)
        playlists = {v: f"{house.media_url}/rooms/{ROOM}/{v}/multivariant.m3u8" for v in wish.views}
        head = {"Authorization": f"Bearer {grant}"}
        async with httpx.AsyncClient(headers=head, trust_env=False, timeout=20.0) as client:
            return await RoomCheck(client, playlists, {t: LABELS[t] for t in wish.languages}).run(seconds)


async def measure(quick: bool = False) -> dict[str, Any]:
    found = {profile: await check(profile, 10.0 if quick else 60.0) for profile in ("fast", "fastest")}
    return {
        profile: {
            "violations": dict(findings.counts),
            "first": [str(violation) for violation in findings.kept[:5]],
            "checked": dict(findings.checked),
        }
        for profile, findings in found.items()
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2, ensure_ascii=False))
