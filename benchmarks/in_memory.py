"""The usual approach of other tools: `python -m benchmarks.in_memory OUT` keeps everything in memory.

It uses a list of dicts, json.dumps, DictWriter and zipfile, without validation, hashes, encryption or a report.
"""

import csv
import io
import json
import os
import sys
import zipfile
from pathlib import Path

from sqlalchemy import create_engine, select

from benchmarks.declared import UsageEvent
from benchmarks.events import COLUMNS, SUBJECT
from benchmarks.members import CSV_MEMBER, JSON_MEMBER


def main() -> None:
    with create_engine(os.environ["BENCHMARK_DATABASE"]).connect() as connection:
        table = UsageEvent.__table__
        wanted = select(table).where(table.c.account_id == SUBJECT).order_by(table.c.account_id, table.c.id)
        records = [dict(row) for row in connection.execute(wanted).mappings()]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(records)
    with zipfile.ZipFile(Path(sys.argv[1]) / "in_memory.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(JSON_MEMBER, json.dumps(records, default=str))
        archive.writestr(CSV_MEMBER, text.getvalue())


if __name__ == "__main__":
    main()
