"""The programme's page beside pretalx's, both on one core, warm, asked in turns; and registering from a long list."""

import asyncio
import http.client
import json
import os
import re
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from bench import pretalx
from bench.figures import quantile
from bench.instance import Instance
from bench.peers import PeerError
from bench.processes import children, command
from bench.seed_course import ADDRESS, SLUG

DAYS, SESSIONS = 6, 60
ROWS = 1680
SERVER_CORE, OWN_CORE = 0, 1
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"}


async def measure(quick: bool = False) -> dict[str, Any]:
    """Seconds. Shares: our p50 of that of pretalx's page in HTML, and of its page with scripts and their data."""
    rounds, password = (3 if quick else 10), secrets.token_urlsafe(16)
    async with Instance([]) as house:
        command_line = ("-m", "bench.seed_course", str(DAYS), str(SESSIONS), password)
        queries = int(await house.command(*command_line))
        _bind(_web(house), {SERVER_CORE})
        address = f"http://127.0.0.1:{house.web_port}"
        ours = (house.web_port, f"/courses/{SLUG}/")
        found: dict[str, Any] = {"queries": queries}
        try:
            async with pretalx.pretalx(DAYS, SESSIONS, SERVER_CORE) as port:
                pages = {"page": ours} | {
                    name: (port, path)
                    for name, path in (
                        ("whole", pretalx.WHOLE),
                        ("shell", pretalx.SHELL),
                        ("data", pretalx.DATA),
                    )
                }
                times = await asyncio.to_thread(_in_turns, pages, rounds)
                found |= {"pretalx": pretalx.VERSION} | _compared(times)
        except PeerError as error:
            times = await asyncio.to_thread(_in_turns, {"page": ours}, rounds)
            found["skipped"] = str(error)
        found |= {"page_p50": quantile(times["page"], 0.5), "page_p95": quantile(times["page"], 0.95)}
        found |= {"import": await asyncio.to_thread(_import, address, password)}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}


def _compared(times: dict[str, list[float]]) -> dict[str, float]:
    half = {name: quantile(found, 0.5) for name, found in times.items()}
    return {
        "pretalx_whole_p50": half["whole"],
        "pretalx_shell_p50": half["shell"],
        "pretalx_data_p50": half["data"],
        "share_of_whole": half["page"] / half["whole"],
        "share_of_shell_and_data": half["page"] / (half["shell"] + half["data"]),
    }


def _in_turns(pages: dict[str, tuple[int, str]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each answer, over connections that stay open; the first ones of all are not counted."""
    os.sched_setaffinity(
        0, {OWN_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0)
    )  # this thread's alone
    lines = {name: http.client.HTTPConnection("127.0.0.1", port) for name, (port, _) in pages.items()}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + 1):
        for name, (_, path) in pages.items():
            for _ in range(20):
                began = time.perf_counter()
                lines[name].request("GET", path, headers=_HEADERS)
                answer = lines[name].getresponse()
                answer.read()
                if turn:
                    times[name].append(time.perf_counter() - began)
                assert answer.status == 200, f"{name}: {answer.status}"
    for line in lines.values():
        line.close()
    return times


def _import(address: str, password: str) -> float:
    """Seconds from sending the list to the page that says that all are registered, as a coordinator's browser does."""
    rows = [f"Doctor {n},doctor{n}@example.org,doctor" for n in range(ROWS)]
    sheet = "\n".join(["Name,E-mail address,Profession", *rows]).encode()
    with httpx.Client(base_url=address, follow_redirects=True, timeout=60, trust_env=False) as client:
        _send(client, "/accounts/login/", {"login": ADDRESS, "password": password})
        began = time.perf_counter()
        form = f"/courses/{SLUG}/doctors/list/"
        institution = re.search(r'name="institution" value="(\d+)"', client.get(form).text)
        assert institution is not None
        preview = _send(client, form, {"institution": institution[1]}, files={"sheet": ("list.csv", sheet)})
        done = _send(client, preview.url.path, {})
        took = time.perf_counter() - began
        assert done.text.count("person__name") >= ROWS, "not all are registered"
    return took


def _send(client: httpx.Client, path: str, fields: dict[str, str], files: Any = None) -> httpx.Response:
    """Fills in the form of that page."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).text)
    assert token is not None
    answer = client.post(path, data={"csrfmiddlewaretoken": token[1]} | fields, files=files)
    return answer.raise_for_status()


def _web(house: Instance) -> int:
    return next(pid for pid in children(house.process.pid) if "amphitheatre.cli.main web" in command(pid))


def _bind(pid: int, cores: set[int]) -> None:
    """The process with all its threads, as far as there are such cores."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), (cores & os.sched_getaffinity(0)) or os.sched_getaffinity(0))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
