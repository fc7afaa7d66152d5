"""The table says what was met, what was missed and what was not measured; medians are true."""

from pathlib import Path

from bench.figures import quantile, stalls
from bench.run import compare, median
from bench.table import put_into, render

RUN = {
    "date": "2026-11-14",
    "machine": "a machine",
    "quick": False,
    "results": {"glass_fast": {"p50": 0.8, "p95": 1.2, "stalls": 0}, "viewers": {"error": "no"}},
}


def test_met_missed_and_not_measured() -> None:
    lines = render(RUN).splitlines()
    assert "| glass to glass, `fast`, p50 | 0.8 s | ≤ 0.85 | met |" in lines
    assert "| glass to glass, `fast`, p95 | 1.2 s | ≤ 1.05 | **missed** |" in lines
    assert "| stalls, `fast` | 0 | ≤ 0 | met |" in lines
    assert "| viewers on one core | not measured | ≥ 900 |  |" in lines


def test_what_was_measured_how_often_stands_above() -> None:
    assert render(RUN).splitlines()[0] == "2026-11-14, a machine, each measured once"
    assert render({**RUN, "quick": True}).splitlines()[0].endswith(", short run")
    results = {"glass_fast": {"p50": 0.8}, "join": {"open_p50": 0.6, "runs": [{}, {}, {}]}}
    assert (
        render({**RUN, "results": results})
        .splitlines()[0]
        .endswith("medians of 3 (join), the rest measured once")
    )


def test_the_readme_keeps_what_is_around_the_table(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n")
    assert put_into(readme, "new\n")
    assert readme.read_text() == "before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n"
    readme.write_text("no marks")
    assert not put_into(readme, "new\n")
    assert readme.read_text() == "no marks"


def test_medians_of_three_runs() -> None:
    runs = [{"a": n, "b": {"c": n * 2.0}, "ok": True, "name": "x"} for n in (3, 1, 2)]
    assert median(runs) == {"a": 2, "b": {"c": 4.0}, "ok": True, "name": "x"}


def test_the_peer_is_compared_only_when_both_were_measured() -> None:
    results = {"glass_fast": {"p50": 0.5}, "nginx_rtmp": {"p50": 4.0}}
    compare(results)
    assert results["nginx_rtmp"]["ours"] == 0.125
    missing = {"glass_fast": {"p50": 0.5}, "nginx_rtmp": {"skipped": "no nginx"}}
    compare(missing)
    assert missing["nginx_rtmp"] == {"skipped": "no nginx"}


def test_quantiles_and_stalls() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([1, 2, 3], 1.0) == 3
    assert stalls([0, 33, 66, 500, 533], 300) == 1
