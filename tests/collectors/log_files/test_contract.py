"""A folder of log files keeps the contract of all collectors, in every format."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.model.comparison import Match
from dsar_export.model.link import Link
from dsar_export.model.source import CHUNK_ROWS, LinkRow, Selection
from dsar_export.testing import CollectorCase, assert_contract
from tests.collectors.log_files.logs import collector, dataset, objects, visit

ROWS = [
    (
        f"C-{1 + n % 2}",
        "PRIVATE é " + "x" * (1 << 20) if n // 2 in {300, *range(310, 320)} else f"PRIVATE {n}",
    )
    for n in range(6 * CHUNK_ROWS)
]
PEOPLE = [
    {"id": "C-1", "email": "Sam@Example.org"},
    {"id": "C-2", "email": "robin@example.org"},
    {"id": "C-3"},
]
LINK = Link(
    given="email",
    leads_to="customer_id",
    source="logs",
    at=LogLines(files="people.log", format=LogFormat.NDJSON),
    given_column="email",
    leads_to_column="id",
    match=Match.CASEFOLD,
)


def ndjson(rows: list[tuple[str, str]]) -> bytes:
    return objects(visit(*row) for row in rows)


def json_array(rows: list[tuple[str, str]]) -> bytes:
    return json.dumps([visit(*row) for row in rows], indent=1).encode()


def csv_rows(rows: list[tuple[str, str]]) -> bytes:
    return ("user.id,what\r\n" + "".join(f'"{owner}","{what}"\r\n' for owner, what in rows)).encode()


def access(rows: list[tuple[str, str]]) -> bytes:
    escaped = [(owner, what.replace("é", "\\xC3\\xA9")) for owner, what in rows]
    return "".join(f'{owner} - - "{what}"\n' for owner, what in escaped).encode()


WRITTEN: Mapping[LogFormat, Callable[[list[tuple[str, str]]], bytes]] = {
    LogFormat.NDJSON: ndjson,
    LogFormat.JSON_ARRAY: json_array,
    LogFormat.CSV: csv_rows,
    LogFormat.NGINX: access,
}


@pytest.mark.parametrize("form", WRITTEN)
def test_reading_keeps_the_contract(tmp_path: Path, form: LogFormat) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    write, is_access = WRITTEN[form], form is LogFormat.NGINX
    cut = 2 * CHUNK_ROWS
    (folder / "app.log.2.gz").write_bytes(gzip.compress(write(ROWS[:cut])))
    (folder / "app.log").write_bytes(write(ROWS[cut:]))
    (folder / "people.log").write_bytes(objects(PEOPLE))
    header = 1 if form is LogFormat.CSV else 0
    at = LogLines(files="app*.log*", format=form, log_format='$user - - "$what"' if is_access else None)
    held = dataset(at, "user" if is_access else "user.id")

    def change() -> None:
        with (folder / "app.log").open("ab") as file:
            file.write(ndjson([("C-1", "later")]))

    def state() -> object:
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}

    assert_contract(
        CollectorCase(
            collector=lambda: collector(folder),
            broken=lambda: collector(tmp_path / "gone"),
            selection=Selection(held, (("C-1",),)),
            rows=[
                (owner, None, (n if n < cut else n - cut) + 1 + header, what)
                for n, (owner, what) in enumerate(ROWS)
                if owner == "C-1"
            ],
            link=LINK,
            given=frozenset({"sam@example.org"}),
            linked=[LinkRow("Sam@Example.org", "C-1")],
            change=change,
            state=state,
            private=("PRIVATE", "sam@example.org", "C-1"),
        )
    )
