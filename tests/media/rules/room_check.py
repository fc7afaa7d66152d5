"""The rule checker: a room's live playlists and bytes against RFC 8216bis, all renditions of all views at once.

    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {grant}"}) as client:
        findings = await RoomCheck(client, playlists, languages).run(seconds=60)
    assert not findings.kept, findings.report()

playlists: view → address of its multivariant playlist; languages: tag → the language's name in itself.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from urllib.parse import urljoin

import httpx

from .blocking_rules import check_blocking
from .byte_rules import check_moments
from .findings import Findings
from .follower import Follower
from .multivariant import Multivariant, parse_multivariant
from .multivariant_rules import check_measured, check_multivariant
from .origin import Origin, RefusedError, path
from .tags import PlaylistSyntaxError
from .violation import Violation


class RoomCheck:
    """margin: seconds by which an answer may be late on a busy machine."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        playlists: Mapping[str, str],
        languages: Mapping[str, str],
        margin: float = 0.5,
    ) -> None:
        self.origin = Origin(client)
        self.playlists = playlists
        self.languages = languages
        self.margin = margin
        self.findings = Findings()

    async def run(self, seconds: float) -> Findings:
        """Follow every rendition for so long (seconds), then compare them with each other."""
        views = {view: await self._multivariant(url) for view, url in self.playlists.items()}
        known = {view: found for view, found in views.items() if found is not None}
        neighbours = self._neighbours(known)
        followers = {
            url: Follower(self.origin, url, others, self.findings, self.margin)
            for url, others in neighbours.items()
        }
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for url, follower in followers.items():
                group.create_task(follower.run(until))
                group.create_task(self._probe(url))
        self._compare(known, followers)
        self.findings.checked["renditions"] = len(followers)
        return self.findings

    async def _multivariant(self, url: str) -> Multivariant | None:
        try:
            text, _ = await self.origin.text(url)
            found = parse_multivariant(text)
        except RefusedError as error:
            self.findings.add([error.violation])
            return None
        except PlaylistSyntaxError as error:
            self.findings.add([Violation("syntax", "4.1", path(url), str(error))])
            return None
        self.findings.add(check_multivariant(path(url), found, self.languages))
        return found

    def _neighbours(self, views: Mapping[str, Multivariant]) -> dict[str, set[str]]:
        """Media playlist → those it stands in a multivariant playlist with."""
        found: dict[str, set[str]] = {}
        for view, playlist in views.items():
            base = self.playlists[view]
            members = {urljoin(base, variant.uri) for variant in playlist.variants}
            members |= {urljoin(base, item.uri) for item in playlist.renditions if item.uri}
            for member in members:
                found.setdefault(member, set()).update(members - {member})
        return found

    async def _probe(self, url: str) -> None:
        self.findings.add(await check_blocking(self.origin, url, self.margin))

    def _compare(self, views: Mapping[str, Multivariant], followers: Mapping[str, Follower]) -> None:
        self.findings.add(
            check_moments({f.where: f.timeline.segment_starts for f in followers.values() if f.timeline})
        )
        measured = {
            url: figures
            for url, follower in followers.items()
            if (figures := follower.measured()) is not None
        }
        for view, playlist in views.items():
            base = self.playlists[view]
            found = check_measured(path(base), playlist, measured, partial(urljoin, base))
            self.findings.add(found)
