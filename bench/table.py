"""The README's tables, of the room and of the pages: each figure beside what it has to be."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """key: path of the figure in the results, with dots. at_most or at_least is what has to be met."""

    what: str
    key: str
    unit: str = "s"
    at_most: float | None = None
    at_least: float | None = None

    def meets(self, value: float) -> bool:
        return (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )


ROWS = (
    Row("glass to glass, `fast`, p50", "glass_fast.p50", at_most=0.85),
    Row("glass to glass, `fast`, p95", "glass_fast.p95", at_most=1.05),
    Row("stalls, `fast`", "glass_fast.stalls", "", at_most=0),
    Row("glass to glass, `fastest`, p50", "glass_fastest.p50", at_most=0.65),
    Row("glass to glass, `fastest`, p95", "glass_fastest.p95", at_most=0.85),
    Row("stalls, `fastest`", "glass_fastest.stalls", "", at_most=0),
    Row("nginx-rtmp, same camera and browser, p50", "nginx_rtmp.p50"),
    Row("ours, `fast`, as a share of nginx-rtmp's", "nginx_rtmp.ours", "", at_most=0.3),
    Row("RTMP in → WHEP out, p50", "whep.rtmp_whep_p50", at_most=0.15),
    Row("WHIP in → WHEP out, p50", "whep.whip_whep_p50", at_most=0.15),
    Row("opening the watch page to its first picture, p50", "join.open_p50", at_most=0.7),
    Row("camera switch, p50", "join.switch_p50", at_most=0.5),
    Row("the same where one picture is shown (phone), p50", "join.switch_single_p50", at_most=0.5),
    Row("two views side by side, skew p95", "join.skew_p95", at_most=0.08),
    Row("300 ms, 3 Mbit/s, 1 % loss: stalls a minute", "far.stalls_a_minute", ""),
    Row("the same: seconds from the live edge", "far.distance_p50"),
    Row("the same: lines of the picture", "far.lines_p50", ""),
    Row("publisher back: playing after", "faults.publisher.playing_after", at_most=1.5),
    Row("publisher back: latency back after", "faults.publisher.latency_back_after", at_most=10),
    Row("`kill -9` of media: playing after", "faults.kill.playing_after", at_most=4),
    Row("both: reloads of the page", "faults.reloads", "", at_most=0),
    Row("`kill -9` of media: sequence numbers that step back", "faults.kill.steps_back", "", at_most=0),
    Row("viewers on one core", "viewers.most_viewers", "", at_least=900),
    Row("900 viewers: p99 of a part's fetch", "viewers.at_900.fetch_p99", at_most=0.15),
    Row("one 720p30 view, three rungs, three languages", "load.cores", "core", at_most=0.8),
    Row("the same, memory", "load.megabytes", "MB", at_most=400),
    Row("violations of RFC 8216bis, `fast`", "rules.fast.total", "", at_most=0),
    Row("violations of RFC 8216bis, `fastest`", "rules.fastest.total", "", at_most=0),
)
WEB_ROWS = (
    Row("programme page, 60 sessions: database queries", "programme.queries", "", at_most=12),
    Row("the same on one core, p95", "programme.page_p95", at_most=0.06),
    Row("the same as a share of pretalx's page in HTML", "programme.share_of_whole", "", at_most=0.5),
    Row(
        "… of pretalx's page with scripts and its data", "programme.share_of_shell_and_data", "", at_most=0.5
    ),
    Row("import of 1,680 registrations", "programme.import", at_most=10),
    Row("first load of the heaviest page", "first_load.kilobytes", "kB", at_most=150),
    Row("the same, requests", "first_load.requests", "", at_most=20),
    Row(
        "first load of the heaviest page of the back office", "first_load.office.kilobytes", "kB", at_most=150
    ),
    Row("the same, requests", "first_load.office.requests", "", at_most=20),
)


def figure(results: Mapping[str, Any], key: str) -> float | None:
    """The number at a dotted path; None when it was not measured."""
    found: Any = results
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or math.isnan(found):
        return None
    return float(found)


def render(run: Mapping[str, Any], rows: Iterable[Row] = ROWS) -> str:
    """Markdown. Figures that miss what they have to be say so."""
    repeated = {name: len(row["runs"]) for name, row in run["results"].items() if "runs" in row}
    how = "short run" if run["quick"] else "each measured once"
    if repeated:
        how = f"medians of {min(repeated.values())} ({', '.join(repeated)}), the rest measured once"
    lines = [f"{run['date']}, {run['machine']}, {how}", ""]
    lines += ["| what | measured | has to be | |", "|---|---|---|---|"]
    for row in rows:
        value = figure(run["results"], row.key)
        wanted = f"≤ {row.at_most:g}" if row.at_most is not None else ""
        wanted = f"≥ {row.at_least:g}" if row.at_least is not None else wanted
        shown = "not measured" if value is None else f"{value:g} {row.unit}".strip()
        verdict = "" if value is None or not wanted else "met" if row.meets(value) else "**missed**"
        lines.append(f"| {row.what} | {shown} | {wanted} | {verdict} |")
    return "\n".join(lines) + "\n"


def put_into(readme: Path, table: str, mark: str = "bench") -> bool:
    """Replace what stands between the README's marks of that name; False when there are none."""
    place = re.compile(rf"(<!-- {mark}:begin -->\n).*?(<!-- {mark}:end -->)", re.DOTALL)
    text = readme.read_text() if readme.is_file() else ""
    fresh, count = place.subn(lambda found: f"{found[1]}{table}{found[2]}", text)
    if count:
        readme.write_text(fresh)
    return bool(count)
