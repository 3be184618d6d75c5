"""`python -m benchmarks.floor_postgresql OUT PAYLOAD`: floor A with psycopg; prints the number of rows."""

import os
import sys
from pathlib import Path
from typing import Final

import psycopg
from psycopg.types.string import TextLoader

from benchmarks.events import SUBJECT
from benchmarks.floor import QUERY, STEP, seal_payload

_TEXTS: Final = (
    "uuid",
    "inet",
    "timestamptz",
    "numeric",
)  # as Python objects, these would cost much more


def main() -> None:
    out, payload = map(Path, sys.argv[1:])
    url = os.environ["BENCHMARK_DATABASE"].replace("+psycopg", "")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name in _TEXTS:
            cursor.adapters.register_loader(name, TextLoader)
        # Chunks of one response are faster than FETCH from a server-side cursor.
        rows = sum(1 for _ in cursor.stream(QUERY.format("%s"), (SUBJECT,), size=STEP))
    seal_payload(payload, out)
    sys.stdout.write(f"{rows}\n")


if __name__ == "__main__":
    main()
