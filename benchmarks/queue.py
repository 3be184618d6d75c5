"""`python -m benchmarks.queue [TURNS]`: what the queue adds to a request of 2,000 rows of three datasets.

Asked for, collected and built by a worker, in turn with the same stages alone, on SQLite with `synchronous=FULL`.
Prints medians of processor milliseconds as JSON, after two turns that are not counted; TURNS is 6 if it is not given.
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.events import ACCOUNTS, COLUMNS, subject_rows
from benchmarks.office import Office
from dsar_export.model.request import Identifier
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.use_cases.build import built_package, open_draft, with_kept_register
from dsar_export.use_cases.collect import Collection, DraftPlace, collect_draft
from dsar_export.use_cases.collect_request import subject_request
from dsar_export.use_cases.earlier_requests import with_earlier_requests
from dsar_export.wiring import parts_of

_DATASETS: Final = ("usage_events", "more_events", "other_events")
_ROWS: Final = 2000
_UNCOUNTED: Final = 2
_REGISTER: Final = Path(__file__).parent / "register"
_CONTROLLER: Final = "teapots"
_PERSON: Final = Identifier("email", ACCOUNTS[0][1])


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"BENCHMARK_DATABASE": f"sqlite:///{_filled(folder)}", "DSAR_PROCESSES": "1"}
        office = Office(_written(folder / "register"), folder / "state")
        for turn in range(_UNCOUNTED + turns):
            measured = _measured(office)
            for stage, milliseconds in measured.items() if turn >= _UNCOUNTED else ():
                found.setdefault(stage, []).append(milliseconds)
    json.dump({stage: round(median(turns), 1) for stage, turns in found.items()}, sys.stdout)


def _measured(office: Office) -> dict[str, float]:
    """The processor milliseconds of one request by a worker, and of its stages alone."""
    reference = office.verified(_CONTROLLER, _PERSON)
    took = {
        "ask to collect": _took(lambda: office.ask_to_collect(reference)),
        "collect": _took(office.perform),
    }
    office.approve(reference)
    took |= {
        "ask to build": _took(lambda: office.ask_to_build(reference)),
        "build": _took(office.perform),
    }
    together, alone = sum(took.values()), _took(lambda: _alone(office, reference))
    return {**took, "by a worker": together, "the stages alone": alone, "more": together - alone}


def _alone(office: Office, reference: str) -> None:
    desk, services, request = office.desk, office.services(), office.request(reference)
    own = with_earlier_requests(services, desk.engine, desk.vault, request.listed)
    asked, place = subject_request(desk, request), DraftPlace(desk.drafts, new_draft_key())
    ledger, part = collect_draft(Collection(own, asked, place, 1000))
    draft = open_draft(place, part.name, part.sha256, reference)
    package = desk.workspace / "alone.zip"
    built_package(with_kept_register(services, draft, parts_of()), asked, draft, office.order(), package)
    package.unlink()
    for name in desk.drafts.names(f"{reference}/{ledger.attempt}/"):
        desk.drafts.delete(name)


def _took(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return 1000 * (time.process_time() - began)


def _filled(folder: Path) -> Path:
    """A source with the rows of the subject, spread over the datasets."""
    file = folder / "events.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL)")
        database.executemany("INSERT INTO accounts VALUES (?, ?)", ACCOUNTS)
        rows = list(subject_rows(_ROWS))
        for number, name in enumerate(_DATASETS):
            database.execute(f"CREATE TABLE {name} ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
            marks = ", ".join("?" * len(COLUMNS))
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[number :: len(_DATASETS)])  # noqa: S608 - a name of this module
        database.commit()
    return file


def _written(folder: Path) -> Path:
    """The benchmark's register with three datasets instead of one."""
    shutil.copytree(_REGISTER, folder)
    register, dataset = folder / "register.toml", folder / "datasets" / "usage_events.toml"
    text = register.read_text(encoding="utf-8").replace('["usage_events"]', json.dumps(_DATASETS))
    register.write_text(text, encoding="utf-8")
    for name in _DATASETS[1:]:
        text = dataset.read_text(encoding="utf-8").replace('name = "usage_events"', f'name = "{name}"')
        text = text.replace('table = "usage_events"', f'table = "{name}"')
        (folder / "datasets" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
