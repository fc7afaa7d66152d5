"""Rules on blocking reload, asked of a live origin (RFC 8216bis, 6.2.5.2)."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from .origin import Origin, RefusedError, path
from .violation import Violation

AT_ONCE = 0.5  # seconds; no waiting for media is this short here
_SOURCE = "6.2.5.2"


async def check_blocking(origin: Origin, url: str, margin: float) -> list[Violation]:
    """Every probe of this file against one rendition. margin: seconds an answer may come late."""
    found: list[Violation] = []
    for probe in PROBES:
        try:
            found += await probe(origin, url, margin)
        except RefusedError as error:
            found.append(error.violation)
    return found


async def whole_segment(origin: Origin, url: str, margin: float) -> list[Violation]:
    """Without _HLS_part the answer waits for the whole segment, not for its first part."""
    now, _ = await origin.playlist(url)
    answer, took = await origin.playlist(url, msn=now.next_msn)
    found = []
    if answer.next_msn <= now.next_msn:
        detail = f"asked for segment {now.next_msn}, the answer ends with {answer.last}"
        found.append(_wrong("segment-not-awaited", url, detail))
    if took > (now.target_duration or 0) + margin:
        found.append(_wrong("answered-too-late", url, f"segment {now.next_msn} took {took:.2f} s"))
    return found


async def next_part(origin: Origin, url: str, margin: float) -> list[Violation]:
    """With _HLS_part the answer has that part, and comes within a part's duration."""
    now, _ = await origin.playlist(url)
    msn, part = now.next_part
    answer, took = await origin.playlist(url, msn=msn, part=part)
    found = []
    if answer.last < (msn, part):
        found.append(_wrong("part-not-awaited", url, f"asked for {msn}.{part}, got up to {answer.last}"))
    if took > float(now.part_target or 0) + margin:
        found.append(_wrong("answered-too-late", url, f"part {msn}.{part} took {took:.2f} s"))
    return found


async def past(origin: Origin, url: str, margin: float) -> list[Violation]:
    """What is in the playlist already is answered at once.

    One answer may meet a busy moment of the machine; a server that waits does so again.
    """
    now, _ = await origin.playlist(url)
    took = min([(await origin.playlist(url, msn=now.media_sequence, part=0))[1] for _ in range(2)])
    if took > AT_ONCE + margin:
        return [_wrong("past-blocked", url, f"segment {now.media_sequence} took {took:.2f} s")]
    return []


async def part_beyond_segment(origin: Origin, url: str, margin: float) -> list[Violation]:
    """A part index after a segment's last part means part 0 of the next segment."""
    now, _ = await origin.playlist(url)
    if not now.segments or not now.segments[-1].parts:
        return []
    ended = now.segments[-1]
    answer, _ = await origin.playlist(url, msn=ended.msn, part=len(ended.parts))
    if answer.last < (ended.msn + 1, 0):
        detail = f"asked for {ended.msn}.{len(ended.parts)}, got up to {answer.last}"
        return [_wrong("part-not-awaited", url, detail)]
    return []


async def far_future(origin: Origin, url: str, margin: float) -> list[Violation]:
    """More than two segments ahead is refused with 400, and not after a wait."""
    now, _ = await origin.playlist(url)
    return await _refused(origin, url, "future-not-refused", margin, msn=now.next_msn + 10)


async def far_part(origin: Origin, url: str, margin: float) -> list[Violation]:
    """A part more than the Advance Part Limit ahead is refused with 400."""
    now, _ = await origin.playlist(url)
    limit = int(Decimal(3) / min(now.part_target or Decimal(1), Decimal(1))) + 1
    # Two segments ahead is still allowed by number; the part index is what goes too far.
    directives = {"msn": now.next_msn, "part": len(now.pending.parts if now.pending else ()) + 10 * limit}
    return await _refused(origin, url, "part-future-not-refused", margin, **directives)


async def part_without_segment(origin: Origin, url: str, margin: float) -> list[Violation]:
    """_HLS_part without _HLS_msn is refused with 400."""
    return await _refused(origin, url, "part-without-segment", margin, part=0)


async def not_a_number(origin: Origin, url: str, margin: float) -> list[Violation]:
    """A directive that is no decimal integer is refused with 400 (6.2.5)."""
    found = await _refused(origin, url, "directive-not-refused", margin, msn="abc")
    return found + await _refused(origin, url, "directive-not-refused", margin, msn="-1")


async def delta_offered(origin: Origin, url: str, margin: float) -> list[Violation]:
    """Where there is more than CAN-SKIP-UNTIL, _HLS_skip=YES gets a delta update (6.2.5.1)."""
    full, _ = await origin.playlist(url)
    delta, _ = await origin.playlist(url, skip="YES")
    boundary = full.control.can_skip_until if full.control else None
    whole = sum((segment.duration or Decimal(0) for segment in full.segments), Decimal(0))
    if boundary is not None and whole > boundary + 2 * (full.target_duration or 0) and delta.skipped is None:
        return [
            Violation("delta-not-offered", "6.2.5.1", path(url), f"{whole} s listed, {boundary} s to skip to")
        ]
    return []


async def compressed(origin: Origin, url: str, margin: float) -> list[Violation]:
    """Playlists are gzipped for those who accept it (appendix B.1)."""
    answer = await origin.client.get(url, headers={"Accept-Encoding": "gzip"})
    if answer.headers.get("content-encoding") != "gzip":
        return [Violation("not-gzipped", "B.1", path(url), "Content-Encoding is not gzip")]
    return []


async def _refused(
    origin: Origin, url: str, rule: str, margin: float, **directives: str | int
) -> list[Violation]:
    for _ in range(2):  # one slow answer is the machine's; a server that waits does so twice
        status, took = await origin.status(url, **directives)
        if status != 400:
            return [_wrong(rule, url, f"{directives} answered with {status}, not 400")]
        if took <= AT_ONCE + margin:
            return []
    return [_wrong(rule, url, f"{directives} refused after {took:.2f} s, not at once")]


def _wrong(rule: str, url: str, detail: str) -> Violation:
    return Violation(rule, _SOURCE, path(url), detail)


PROBES: tuple[Callable[[Origin, str, float], Awaitable[list[Violation]]], ...] = (
    whole_segment,
    next_part,
    past,
    part_beyond_segment,
    far_future,
    far_part,
    part_without_segment,
    not_a_number,
    delta_offered,
    compressed,
)
