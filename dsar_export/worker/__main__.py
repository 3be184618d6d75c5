"""`python -m dsar_export.worker`: the master process, which watches over the worker processes."""

import argparse
import sys
from typing import Final

from dramatiq import cli

from dsar_export.wiring.brokers import HEAVY_QUEUE, QUEUE

_APP: Final = (
    "dsar_export.worker.app:setup_broker"  # only the worker processes import it, as it opens connections
)
_SHUTDOWN_MS: Final = 30_000
_START_MS: Final = 1_000
"""How long the master waits for a worker to start; until then it hears no signal."""


def main(arguments: list[str]) -> int:
    """Runs Dramatiq's own master."""
    parser = argparse.ArgumentParser(prog="dsar-export worker")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=["small", "heavy"])
    chosen = parser.parse_args(arguments)
    queues = [] if chosen.only is None else ["--queues", HEAVY_QUEUE if chosen.only == "heavy" else QUEUE]
    options = ["--processes", str(chosen.processes), "--threads", "1", "--skip-logging"]
    options += [
        "--worker-shutdown-timeout",
        str(_SHUTDOWN_MS),
        "--worker-fork-timeout",
        str(_START_MS),
        *queues,
    ]
    parsed = cli.make_argument_parser().parse_args([_APP, *options])  # type: ignore[no-untyped-call] # Dramatiq's
    return int(cli.main(parsed))  # type: ignore[no-untyped-call] # Dramatiq's


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
