"""All benchmarks in one run: medians of three, as JSON in bench/results and as the README's table.

    python bench/run.py [--quick] [--repeats N] [--only NAME …]

--quick: each once and short. A measurement that fails is reported with its error; the others go on.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # started by its path
    sys.path[0] = str(ROOT)

from bench import (  # noqa: E402  after the path
    far_line,
    faults,
    first_load,
    glass,
    join,
    load,
    peers,
    programme,
    rules,
    table,
    viewers,
    whep,
)

Measure = Callable[[bool], Awaitable[dict[str, Any]]]
REPEATS = 3


async def _glass(profile: str, quick: bool) -> dict[str, Any]:
    return await glass.measure(profile, 60.0 if quick else 600.0)


async def _rules(quick: bool) -> dict[str, Any]:
    found = await rules.measure(quick)
    return {name: {**row, "total": sum(row["violations"].values())} for name, row in found.items()}


# name → (measurement, whether it is repeated: the long ones have thousands of samples in one go)
MEASUREMENTS: dict[str, tuple[Measure, bool]] = {
    "glass_fast": (lambda quick: _glass("fast", quick), False),
    "glass_fastest": (lambda quick: _glass("fastest", quick), False),
    "nginx_rtmp": (lambda quick: peers.measure(20.0 if quick else 60.0), False),
    "whep": (whep.measure, True),
    "join": (join.measure, True),
    "far": (far_line.measure, True),
    "faults": (faults.measure, True),
    "viewers": (viewers.measure, True),
    "load": (load.measure, True),
    "rules": (_rules, False),
    "programme": (programme.measure, True),
    "first_load": (first_load.measure, False),
}

# Two tables, each of one run: mark in the README → measurements, rows, name of the results.
PAGES = ("programme", "first_load")
TABLES = {
    "bench": ([name for name in MEASUREMENTS if name not in PAGES], table.ROWS, "{date}.json"),
    "bench-pages": (PAGES, table.WEB_ROWS, "pages-{date}.json"),
}


def median(runs: list[Any]) -> Any:
    """Of numbers the median, of dictionaries that of each entry; of anything else the first."""
    first = runs[0]
    if isinstance(first, dict):
        return {key: median([run[key] for run in runs if key in run]) for key in first}
    numbers = [run for run in runs if isinstance(run, int | float) and not isinstance(run, bool)]
    return statistics.median(numbers) if len(numbers) == len(runs) else first


def compare(results: dict[str, Any]) -> None:
    """Ours as a share of the peer's, where both were measured in this run."""
    ours, peer = (table.figure(results, f"{name}.p50") for name in ("glass_fast", "nginx_rtmp"))
    if ours is not None and peer:
        results["nginx_rtmp"]["ours"] = round(ours / peer, 3)


def machine() -> str:
    """CPU model, cores, system; no host name."""
    rows = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((row.partition(":")[2].strip() for row in rows if row.startswith("model name")), "unknown")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{model}, {os.cpu_count()} cores, {system}"


async def run(quick: bool, only: list[str], repeats: int) -> AsyncIterator[dict[str, Any]]:
    """What has been found so far, after each measurement: an hour that is broken off is not lost."""
    results: dict[str, Any] = {}
    found = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "quick": quick,
        "results": results,
    }
    for name, (measure, repeated) in MEASUREMENTS.items():
        if only and name not in only:
            continue
        runs = []
        try:
            for _ in range(repeats if repeated and not quick else 1):
                runs.append(await measure(quick))
            results[name] = median(runs)
            if repeated and len(runs) > 1:
                results[name]["runs"] = runs
        except peers.PeerError as error:
            results[name] = {"skipped": str(error)}
        except Exception as error:
            # One broken measurement must not cost the hour that the others took.
            message = (str(error).strip().splitlines() or [type(error).__name__])[0]
            results[name] = {"error": f"{type(error).__name__}: {message.replace(str(ROOT), '.')}"}
        print(f"{name}: {json.dumps(results[name], ensure_ascii=False)[:400]}", flush=True)
        compare(results)
        yield found


async def _main(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for found in run(options.quick, options.only, options.repeats):
        for mark, (names, rows, file) in TABLES.items():
            if not options.only or set(names) <= set(options.only):
                own = {name: row for name, row in found["results"].items() if name in names}
                _keep(found | {"results": own}, mark, rows, file)
    return found


def _keep(found: dict[str, Any], mark: str, rows: Iterable[table.Row], file: str) -> None:
    """What there is so far of one table."""
    if found["results"]:
        path = ROOT / "bench" / "results" / file.format(date=found["date"])
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        table.put_into(ROOT / "README.md", table.render(found, rows), mark)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each once and short, about eight minutes")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), default=[], metavar="NAME")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="how often the short ones are measured")
    options = parser.parse_args()
    os.chdir(ROOT)
    found = asyncio.run(_main(options))
    for _, rows, _ in TABLES.values():
        print(table.render(found, rows))
    return int(any("error" in row for row in found["results"].values()))


if __name__ == "__main__":
    raise SystemExit(main())
