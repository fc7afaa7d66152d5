"""Rules on rendition reports (RFC 8216bis, 4.4.5.4 and appendix B.1)."""

from collections.abc import Collection, Mapping
from urllib.parse import urljoin, urlsplit

from .media_playlist import MediaPlaylist
from .violation import Violation

Place = tuple[int, int]  # media sequence number, part index


def address(base: str, uri: str) -> str:
    """Absolute address without its query: a grant in it is the viewer's own."""
    parts = urlsplit(urljoin(base, uri))
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def check_reports(where: str, url: str, playlist: MediaPlaylist, others: Collection[str]) -> list[Violation]:
    """There is a report for each of `others` (playlist addresses), none for itself, each complete."""
    reports = {address(url, report.uri): report for report in playlist.reports}
    found = [
        Violation("report-missing", "4.4.5.4", where, f"no EXT-X-RENDITION-REPORT for {urlsplit(other).path}")
        for other in others
        if address(url, other) not in reports
    ]
    if address(url, url) in reports:
        found.append(Violation("report-of-itself", "4.4.5.4", where, "a playlist reports on itself"))
    for target, report in reports.items():
        if report.last_msn is None or report.last_part is None:
            detail = f"{urlsplit(target).path}: LAST-MSN or LAST-PART is missing"
            found.append(Violation("report-incomplete", "4.4.5.4", where, detail))
    return found


def check_report_places(
    where: str, url: str, playlist: MediaPlaylist, before: Mapping[str, Place], after: Mapping[str, Place]
) -> list[Violation]:
    """A report lies between `before` and `after`: what was in its rendition around the making of this playlist."""
    found = []
    for report in playlist.reports:
        target = address(url, report.uri)
        if report.last_msn is None or report.last_part is None or target not in after:
            continue
        place = (report.last_msn, report.last_part)
        low, high = before[target], after[target]
        if not low <= place <= high:
            detail = f"{urlsplit(target).path}: says {place}, playlist had {low} before and {high} after"
            found.append(Violation("report-wrong", "4.4.5.4", where, detail))
    return found
