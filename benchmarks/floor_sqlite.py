"""`python -m benchmarks.floor_sqlite OUT PAYLOAD`: floor A with sqlite3; prints the number of rows."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from benchmarks.events import SUBJECT
from benchmarks.floor import QUERY, STEP, seal_payload


def main() -> None:
    out, payload = map(Path, sys.argv[1:])
    file = os.environ["BENCHMARK_DATABASE"].removeprefix("sqlite:///")
    rows = 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        cursor = database.execute(QUERY.format("?"), (SUBJECT,))
        while fetched := cursor.fetchmany(STEP):
            rows += len(fetched)
    seal_payload(payload, out)
    sys.stdout.write(f"{rows}\n")


if __name__ == "__main__":
    main()
