"""`python -m benchmarks.pages [TURNS]`: how much each page of staff weighs, and how long its answer takes.

The example organisation as `demo --web` makes it, each page asked for in turn over HTTP on loopback; prints bytes and
the median of milliseconds of each as JSON, and ends with 1 if one is above 100 kB or 100 ms. TURNS is 20 if it is not
given.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import httpx

_MOST_BYTES: Final = 100_000
_MOST_MS: Final = 100
_STARTS_IN: Final = 60
_PAGES: Final = (
    "inbox",
    "requests",
    "requests?state=all",
    "trail",
    "people",
    "register",
    "register/orders",
    "figures",
)
_OWN_SITE: Final = {"Sec-Fetch-Site": "same-origin"}


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder, _demo(Path(folder)) as browser:
        _sign_in(browser, "reviewer")
        listed = browser.get("/staff/requests?state=all").text
        requests = sorted(set(re.findall(r'href="/staff/(requests/DSAR-[0-9A-Z-]+)"', listed)))
        found = {path: _measured(browser, f"/staff/{path}", turns) for path in (*_PAGES, *requests)}
    shown = {re.sub(r"DSAR-\S+", f"REFERENCE {n}", path): one for n, (path, one) in enumerate(found.items())}
    json.dump(shown, sys.stdout, indent=1)
    return int(any(one["bytes"] > _MOST_BYTES or one["ms"] > _MOST_MS for one in found.values()))


def _measured(browser: httpx.Client, path: str, turns: int) -> dict[str, float]:
    took = []
    for _ in range(turns):
        began = time.perf_counter()
        answer = browser.get(path)
        took.append(1000 * (time.perf_counter() - began))
        answer.raise_for_status()
    return {"bytes": len(answer.content), "ms": round(median(took), 1)}


@contextmanager
def _demo(folder: Path) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dsar_export", "demo", "--out", "d", "--web", "--port", str(port)]
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)  # noqa: S603 # our own command
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, headers=_OWN_SITE) as browser:
            _wait_for(browser)
            yield browser
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(browser: httpx.Client) -> None:
    until = time.monotonic() + _STARTS_IN
    while time.monotonic() < until:
        try:
            browser.get("/health/live").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the demo did not start")


def _sign_in(browser: httpx.Client, name: str) -> None:
    shown = browser.get("/demo").text
    found = re.search(rf">{name}</h2>.*?<code>(\S+)</code>.*?<code>(\d{{6}})</code>", shown, re.DOTALL)
    if found is None:
        raise RuntimeError("the demo shows no such colleague")
    entry = {"login": name, "password": found[1], "code": found[2]}
    browser.post("/staff/sign-in", data=entry)
    time.sleep(5)  # until the worker has built what was approved


if __name__ == "__main__":
    sys.exit(main())
