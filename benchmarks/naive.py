"""The naive way, and the oracle: `python -m benchmarks.naive OUT` writes an encrypted ZIP with both members.

It uses ORM rows, jsonschema, json.dumps, DictWriter and pyzipper.writestr. It shares no code with the product, and its
members must equal the product's byte for byte; so it is written to be simple, not fast.
"""

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final
from uuid import UUID

import pyzipper
from jsonschema import Draft202012Validator
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks.declared import UsageEvent
from benchmarks.events import COLUMNS, SUBJECT
from benchmarks.members import CSV_MEMBER, JSON_MEMBER

Record = dict[str, object]

_SCHEMA: Final = Path(__file__).with_name("register") / "schemas" / "usage_events.schema.json"
_TEXTS: Final = ("event_id", "event", "ip_address", "user_agent", "details")
_FORMULA_STARTS: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def main() -> None:
    out, passphrase_file = map(Path, sys.argv[1:])
    with Session(create_engine(os.environ["BENCHMARK_DATABASE"])) as session:
        wanted = select(UsageEvent).where(UsageEvent.account_id == SUBJECT)
        events = session.scalars(wanted.order_by(UsageEvent.account_id, UsageEvent.id)).all()
        records = [{name: _plain(name, getattr(event, name)) for name in COLUMNS} for event in events]
    _validate(records)
    with pyzipper.AESZipFile(out / "naive.zip", "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        archive.setpassword(passphrase_file.read_bytes())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr(JSON_MEMBER, _json(records))
        archive.writestr(CSV_MEMBER, _csv(records))


def _plain(name: str, cell: object) -> object:
    if name in {"occurred_at", "received_at"} and isinstance(cell, str):
        cell = datetime.fromisoformat(cell)
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    if isinstance(cell, UUID | IPv4Address | Decimal):
        return str(cell)
    return cell


def _validate(records: Iterable[Record]) -> None:
    document = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    validator = Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for record in records:
        validator.validate(record)


def _json(records: Sequence[Record]) -> bytes:
    lines = [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in records]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _csv(records: Sequence[Record]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: _cell(name, cell) for name, cell in record.items()})
    return text.getvalue().encode()


def _cell(name: str, cell: object) -> object:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if name in _TEXTS and isinstance(cell, str) and cell.lstrip("'").startswith(tuple(_FORMULA_STARTS)):
        return f"'{cell}"
    return cell


if __name__ == "__main__":
    main()
