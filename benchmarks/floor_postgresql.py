"""`python -m benchmarks.floor_postgresql OUT PAYLOAD`: floor A by psycopg; it prints how many rows came."""

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
)  # as Python objects, a row costs several times as much


def main() -> None:
    out, payload = map(Path, sys.argv[1:])
    url = os.environ["BENCHMARK_DATABASE"].replace("+psycopg", "")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name in _TEXTS:
            cursor.adapters.register_loader(name, TextLoader)
        # Chunks off one answer: 0.9 us a row, where FETCH from a cursor of the server takes 1.3.
        rows = sum(1 for _ in cursor.stream(QUERY.format("%s"), (SUBJECT,), size=STEP))
    seal_payload(payload, out)
    sys.stdout.write(f"{rows}\n")


if __name__ == "__main__":
    main()
