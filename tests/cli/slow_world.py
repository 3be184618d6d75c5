"""An export that can be watched and stopped halfway: quick rows for a second process, then slow ones without end."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cli.commands import COMMAND, LIMIT, export_arguments
from tests.worlds import COLUMNS, SUBJECT, World

QUICK, SLOW = 4000, 2000  # of a kilobyte
MARKER = "MARKER-of-a-row"

# Each slow row counts to a number first; `id` keeps SQLite from counting once for all.
_COUNT = """
substr((WITH RECURSIVE n(i) AS (SELECT r.id UNION ALL SELECT i + 1 FROM n WHERE i < r.id + {turns})
        SELECT max(i) FROM n), 1, 0)
"""


def slow_world(
    folder: Path, *, turns: int = 100_000, quick: int = QUICK, slow: int = SLOW, timeout: int = 60
) -> World:
    """A world whose first `quick` rows come at once; each other row counts `turns` steps."""
    world = World(folder)
    others = ", ".join(c for c in COLUMNS if c != "text")
    count = _COUNT.format(turns=turns).strip()
    query = f"""
query = '''
SELECT r.id, r.customer_id, {others},
       r.text || CASE WHEN r.id > {quick} THEN {count} ELSE '' END AS text
FROM records r
WHERE r.customer_id IN :customer_id
'''
key = "id"
order_by"""
    world.dataset_text = world.dataset_text.replace("\norder_by", query, 1)
    sources = 'controllers = ["acme"]'
    world.register_text = world.register_text.replace(sources, f"{sources}\ntimeout = {timeout}", 1)
    return world.write(incompressible_rows(quick + slow))


def incompressible_rows(number: int) -> Iterator[dict[str, object]]:
    """Rows of a kilobyte that deflate can't make much smaller, each with the marker."""
    rng = random.Random(1)  # noqa: S311 - nothing that must be hard to guess
    for _ in range(number):
        yield {"text": f"{MARKER} {rng.randbytes(500).hex()}"}


def add_timeout(world: World, seconds: int) -> None:
    """Writes a statement's time limit into a register that is already there."""
    file = world.folder / "register.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kind =", f"timeout = {seconds}\nkind =", 1), encoding="utf-8")


@contextmanager
def running_export(
    world: World,
    *more: object,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """An export in a process of its own, of which some ciphertext is already on the disk."""

    def prepare() -> None:
        # Whoever runs the tests may ignore signals, as nohup does; a child would ignore them too.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if before is not None:
            before()

    running = subprocess.Popen(
        [*COMMAND, *export_arguments(world.folder, world.out), *map(str, more)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **(env or {})},
        preexec_fn=prepare,  # noqa: PLW1509 - it only calls the system
    )
    try:
        assert running.stdin is not None
        running.stdin.write(SUBJECT)
        running.stdin.close()
        running.stdin = None
        _wait_for_ciphertext(world.out, running)
        yield running
    finally:
        running.kill()
        running.communicate()


def _wait_for_ciphertext(out: Path, running: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + LIMIT
    while running.poll() is None and time.monotonic() < give_up:
        if any(part.stat().st_size > 100_000 for part in out.glob(".dsar-export-*/part-*")):
            return
        time.sleep(0.01)
    _, err = running.communicate()
    raise AssertionError(f"the export ended before it could be stopped: {err}")
