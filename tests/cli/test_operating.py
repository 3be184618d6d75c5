"""The commands of administrators, as they run them: tables, objects, and one line for each wrong use."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from dsar_export.requests import database
from dsar_export.requests.database import writing
from dsar_export.requests.migrations import VERSION_TABLE, newest_revision
from dsar_export.use_cases.audit import trail_entries
from tests.cli.commands import Finished, dsar, here, on_a_terminal
from tests.sites import Site, site_in

ROOT = Path(__file__).parents[2]
UNTIL = "2099-12-31"


@pytest.fixture
def at_sqlite(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, None) as site:
        yield site


def run(site: Site, *arguments: object, stdin: str = "") -> Finished:
    """In this process, which keeps no connection to a server when the command has ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", partial(create_engine, poolclass=NullPool))
        return here(*arguments, stdin=stdin, cwd=site.folder, env=environment(site))


def environment(site: Site) -> dict[str, str]:
    url = site.settings.database_url
    found = {"DSAR_STATE": str(site.settings.state), "DSAR_REGISTER": str(site.folder / "register")}
    return found if url is None else {**found, "DSAR_DATABASE_URL": url}


def ended_long_ago(site: Site, days: int) -> str:
    """A request that was cancelled so many days before the real time, which commands use."""
    site.now -= timedelta(days=days)
    reference = site.cancelled(site.desk())
    site.now += timedelta(days=days)
    return reference


def test_doctor_shows_checks_and_what_to_back_up(site: Site) -> None:
    done = run(site, "doctor")
    assert done.code == 0, done.out
    assert "trail" in done.out
    assert "back up together, at one time:\n" in done.out
    assert done.out.endswith(f"{site.settings.keys}\n")
    found = run(site, "doctor", "--json").json
    assert found["passed"] is True
    assert found["back_up"] == {
        "together": [
            "the database of DSAR_DATABASE_URL"
            if site.settings.database_url
            else str(site.settings.state / "requests.db"),
            *map(str, (site.settings.anchor, site.settings.drafts, site.settings.packages)),
        ],
        "apart": str(site.settings.keys),
    }


def test_doctor_ends_with_one_if_there_is_a_problem(site: Site) -> None:
    site.settings.keys.chmod(0o644)
    done = run(site, "doctor")
    assert done.code == 1
    assert "problem" in done.out
    assert done.err == ""
    found = run(site, "doctor", "--json")
    assert (found.code, found.json["passed"]) == (1, False)


def test_keys_are_rotated_and_earlier_ones_dropped(site: Site) -> None:
    site.collected(site.desk())
    done = run(site, "keys", "rotate", "--json")
    assert (done.code, done.json["values"], done.json["earlier_keys"]) == (0, 4, 2)
    shown = run(site, "keys", "rotate", "--drop-old")
    assert shown.code == 0
    assert "earlier keys    0 in the key file" in shown.out
    assert run(site, "trail", "verify").code == 0


def test_an_auditor_verifies_the_trail_with_the_key_alone(site: Site) -> None:
    site.opened(site.desk())
    assert run(site, "keys", "trail", "--out", "key.txt").code == 0
    key = site.folder / "key.txt"
    assert key.stat().st_mode & 0o777 == 0o600
    assert run(site, "trail", "export", "--out", "trail.ndjson").code == 0
    files = [ROOT / "docs" / "verify_trail.py", site.folder / "trail.ndjson", key]
    verifier = [sys.executable, *map(str, files)]
    verified = subprocess.run(verifier, capture_output=True, text=True, check=True)
    assert verified.stdout == "2 entries, each follows the one before\n"
    again = run(site, "keys", "trail", "--out", "key.txt")
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert run(site, "keys", "trail", "--out", "other.txt", "--json").json == {"file": "other.txt"}


def test_a_hold_is_placed_shown_and_ended(site: Site) -> None:
    reference = site.opened(site.desk())
    placed = run(site, "hold", reference, "--until", UNTIL, "--reason-file", "-", stdin="a lawsuit\n")
    assert (placed.code, placed.out) == (0, f"reference  {reference}\nhold       until {UNTIL} 23:59 GMT\n")
    assert f"{UNTIL} 23:59 GMT" in run(site, "request", "show", reference).out
    ended = run(site, "hold", reference, "--end", "--json")
    assert ended.json == {"reference": reference, "hold_until": None}
    assert "hold until" not in run(site, "request", "show", reference).out


def test_the_reason_of_a_hold_is_asked_for_on_a_terminal(
    at_sqlite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = at_sqlite.opened(at_sqlite.desk())
    for name, value in environment(at_sqlite).items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "dsar_export", "hold", reference, "--until", UNTIL]
    code, shown = on_a_terminal(command, "a lawsuit", at_sqlite.folder)
    assert code == 0, shown
    assert "reason:" in shown


def test_purge_shows_first_what_it_then_erases(site: Site) -> None:
    erased, held = ended_long_ago(site, 40), ended_long_ago(site, 41)
    run(site, "hold", held, "--until", UNTIL, "--reason-file", "-", stdin="a lawsuit")
    planned = run(site, "purge", "--dry-run", "--json").json
    assert planned == {
        "dry_run": True, "drafts": [erased], "requests": [], "trail_entries": 0, "held": [held],
        "complained_about": [],
        "expired": [],
    }  # fmt: skip
    done = run(site, "purge")
    assert done.code == 0
    assert "Drafts and packages" in done.out
    assert f"kept by a hold: {held}" in done.out
    assert run(site, "purge", "--json").json == {**planned, "dry_run": False, "drafts": []}
    assert {name.split("/")[0] for name in site.parts()} == {held}


def test_a_current_database_needs_no_upgrade(site: Site) -> None:
    done, newest = run(site, "database", "upgrade"), newest_revision()
    assert (done.code, done.out) == (0, f"nothing to do: the tables are those of this version ({newest})\n")
    assert run(site, "database", "upgrade", "--json").json == {"before": newest, "after": newest}


def test_a_restored_database_is_shown_first_and_then_accepted(site: Site) -> None:
    site.opened(site.desk())
    site.settings.anchor.unlink()
    shown = run(site, "database", "restored")
    assert (shown.code, "anchor" in shown.out, "run it again with --yes" in shown.err) == (2, True, True)
    assert run(site, "trail", "verify").code == 1
    accepted = run(site, "database", "restored", "--yes", "--json").json
    assert accepted["trail_before"] == {"passed": False, "entries": 1, "fault": "anchor_missing"}
    assert run(site, "trail", "verify").code == 0
    assert "accepted" in run(site, "database", "restored", "--yes").out


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["hold", "{reference}"], "name either --until with a reason, or --end"),
        (["hold", "{reference}", "--until", UNTIL, "--end"], "name either --until"),
        (["hold", "{reference}", "--end", "--reason-file", "-"], "name either --until"),
        (["hold", "{reference}", "--end"], "is on no hold; nothing was changed"),
        (["hold", "{reference}", "--until", "tomorrow"], "a time has the form 2026-05-31"),
        (["hold", "{reference}", "--until", "2020-01-01", "--reason-file", "-"], "ends in the future"),
        (["hold", "{reference}", "--until", UNTIL], "name a file with it, or - for standard input"),
        (["hold", "{reference}", "--until", UNTIL, "--reason-file", "gone.txt"], "gone.txt: can't be read"),
        (["hold", "DSAR-20260101-00000000", "--end"], "no request has the reference"),
        (["purge", "--register", "nowhere"], "nowhere/register.toml: no such file"),
        (["keys", "rotate", "--drop-old"], "no earlier keys; nothing was changed"),
        (["keys", "trail"], "--out is missing"),
        (["keys"], "a command is missing; dsar-export keys has rotate, trail"),
        (["database", "restored"], "run it again with --yes"),
        (["doctor", "extra"], "a word too many; dsar-export doctor takes nothing and options"),
    ],
)
def test_a_wrong_use_has_one_line_and_changes_nothing(
    at_sqlite: Site, arguments: list[str], advice: str
) -> None:
    desk = at_sqlite.desk()
    reference = at_sqlite.opened(desk)
    entries = trail_entries(desk)
    done = run(at_sqlite, *(a.format(reference=reference) for a in arguments), stdin="a lawsuit")
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert advice in done.err
    assert trail_entries(desk) == entries


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/requests"])
def test_doctor_refuses_what_is_no_database_of_ours(url: str, tmp_path: Path) -> None:
    done = dsar("doctor", cwd=tmp_path, env={"DSAR_DATABASE_URL": url})
    text = done.err + done.out
    assert (done.code, "DSAR_DATABASE_URL" in text) == (2 if url == "nonsense" else 1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_program_is_refused_by_all_but_doctor(at_sqlite: Site) -> None:
    with writing(at_sqlite.desk().engine) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    for arguments in (["purge"], ["database", "upgrade"], ["keys", "rotate"]):
        done = run(at_sqlite, *arguments)
        assert (done.code, "upgraded by a newer program" in done.err) == (2, True)
    found = run(at_sqlite, "doctor", "--json")
    assert found.code == 1
    assert "upgraded by a newer program" in json.dumps(found.json)
