"""`request evidence`, `figures` and `inbox` as staff run them."""

import csv
import io
import json
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dsar_export.wiring.desk import login_name
from tests.cli.commands import COMMAND, Finished, in_this_process, on_a_terminal
from tests.worlds import SUBJECT, World, open_package

ROOT = Path(__file__).parents[2]
Run = Callable[..., Finished]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command of an office in London, in which one person does everything."""
    World(tmp_path / "register").write([{"text": "MARKER one"}, {"text": "two"}])

    def ran(*arguments: object, stdin: str = "") -> Finished:
        return in_this_process(capsys, *arguments, stdin=stdin)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DSAR_REGISTER", str(tmp_path / "register"))
        patch.setenv("DSAR_STATE", str(tmp_path / "state"))
        roles = [word for role in ("agent", "reviewer", "auditor") for word in ("--add", role)]
        ran("people", "roles", login_name(os.getuid()), "--controller", "*", *roles)
        yield ran


def opened(run: Run, days_ago: int = 0) -> str:
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date()
    when = ("--received", day) if days_ago else ()
    arguments = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    return str(run(*arguments, *when, "--json", stdin=SUBJECT).json["reference"])


def built(run: Run, tmp_path: Path) -> tuple[str, Path]:
    """The reference of a request with its package."""
    reference = opened(run)
    run(
        "request",
        "verify",
        reference,
        "--by-evidence",
        "known_address",
        "--evidence-file",
        "-",
        stdin="MARKER seen",
    )
    run("request", "collect", "--now", reference)
    run("request", "approve", reference)
    done = run("request", "build", "--now", reference, "--write-passphrase", tmp_path / "passphrase")
    assert done.code == 0, done.err
    (package,) = (tmp_path / "state" / "packages").glob("*.zip")
    return reference, package


# request evidence


def test_evidence_is_a_text_for_people_and_an_object_for_machines(run: Run, tmp_path: Path) -> None:
    reference, _ = built(run, tmp_path)
    text = run("request", "evidence", reference).out
    for line in (
        f"Evidence about request {reference}",
        "verify, P1 (administrator, agent, auditor, reviewer); evidence kind known_address",
        "by known address, P1",
        "The answer is due on ",
        ", in time",
        "records: 2 read, 2 written, 0 withheld, 0 kept beside",
        "keyed hash of the manifest inside ",
    ):
        assert line in text
    done = run("request", "evidence", reference, "--json")
    schema = json.loads((ROOT / "docs" / "evidence.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(done.json)
    assert "MARKER" not in text + done.out


def test_evidence_goes_to_a_new_file_and_is_verified_from_there(run: Run, tmp_path: Path) -> None:
    reference, file = opened(run), tmp_path / "evidence.json"
    assert run("request", "evidence", reference, "--out", file, "--json").json == {
        "reference": reference,
        "file": str(file),
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run("request", "evidence", reference, "--out", file, "--json")
    assert (again.code, "new file only" in again.err) == (2, True)
    done = run("request", "evidence", reference, "--verify", file)
    assert done.code == 0
    assert "timeline      as it was, and it has gone on" in done.out
    document = json.loads(file.read_text(encoding="utf-8"))
    document["request"]["received_at"] = "2026-01-01T00:00:00+00:00"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = run("request", "evidence", reference, "--verify", file, "--json")
    assert (done.code, done.json["passed"]) == (1, False)
    assert {"part": "request", "verdict": "differs"} in list(done.json["parts"])  # type: ignore[call-overload] # a list
    assert "compare the parts that differ" in run("request", "evidence", reference, "--verify", file).err


def test_a_text_can_be_written_to_a_file_but_not_verified(run: Run, tmp_path: Path) -> None:
    reference, file = opened(run), tmp_path / "evidence.txt"
    assert run("request", "evidence", reference, "--out", file).code == 0
    assert file.read_text(encoding="utf-8").startswith(f"Evidence about request {reference}\n")
    for unfit in (file, tmp_path / "missing"):
        assert run("request", "evidence", reference, "--verify", unfit).code == 2


def test_evidence_that_could_not_be_written_leaves_no_file_and_no_entry(run: Run, tmp_path: Path) -> None:
    reference = opened(run)
    assert run("request", "evidence", reference, "--out", tmp_path / "missing" / "file").code == 6
    other, unknown = tmp_path / "other", "DSAR-20260101-00000000"
    assert run("request", "evidence", unknown, "--out", other).code == 2
    assert not other.exists()
    entries = run("trail", "show", reference, "--json").json["entries"]
    assert [e["action"] for e in entries] == ["open"]  # type: ignore[attr-defined] # a list


def test_a_manifest_out_of_a_package_is_recognised(run: Run, tmp_path: Path) -> None:
    reference, package = built(run, tmp_path)
    passphrase = (tmp_path / "passphrase").read_text(encoding="ascii").strip()
    manifest = tmp_path / "tagmanifest-sha256.txt"
    manifest.write_bytes(open_package(package, passphrase).members[manifest.name])
    assert run("request", "evidence", reference, "--manifest", manifest, "--json").json == {
        "reference": reference,
        "passed": True,
        "rights": ["access"],
    }
    manifest.write_text("another", encoding="ascii")
    done = run("request", "evidence", reference, "--manifest", manifest)
    assert (done.code, "no package of" in done.err) == (1, True)
    both = run("request", "evidence", reference, "--manifest", manifest, "--verify", manifest)
    assert (both.code, "exclude each other" in both.err) == (2, True)


# figures


def test_figures_come_as_a_table_without_a_picture_where_there_is_no_terminal(run: Run) -> None:
    opened(run)
    opened(run, days_ago=99)
    lines = run("figures").out.splitlines()
    heads = (
        "received in time late open overdue median days refused cancelled nothing held gaps accepted extended"
    )
    assert " ".join(lines[0].split()) == heads
    assert lines[2].split() == ["all", "2", "0", "0", "2", "1", "0", "0", "0", "0", "0"]
    assert [line.split()[0] for line in lines[3:5]] == ["acme", "access"]
    assert lines[-1] == "No request was ever purged: the figures are complete."
    assert not set("█░#") & set("".join(lines))


def test_figures_in_csv_have_a_row_for_each_controller_right_and_month(run: Run) -> None:
    opened(run)
    opened(run, days_ago=99)
    done = run("figures", "--csv")
    assert done.out.count("\r\n") == done.out.count("\n") == 3
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["controller"], row["rights"], row["received"], row["median_days"]) for row in rows] == [
        ("acme", "access", "1", "")
    ] * 2
    assert "complete" in done.err


def test_figures_as_an_object_have_every_group(run: Run) -> None:
    opened(run)
    today = datetime.now(UTC).date()
    found = run("figures", "--since", today - timedelta(days=1), "--until", today, "--json").json
    assert list(found) == [
        *("since", "until", "total", "by_controller", "by_rights", "by_month", "cells", "left_out", "purged"),
        "complete_since",
    ]
    assert found["since"] == str(today - timedelta(days=1))
    assert run("figures", "--until", "2020-01-01", "--json").json["cells"] == []


@pytest.mark.parametrize(
    "arguments", [("--csv", "--json"), ("--since", "yesterday"), ("--until", "2026-13-01")]
)
def test_wrong_options_of_figures_are_refused_in_one_line(arguments: tuple[str, ...], run: Run) -> None:
    done = run("figures", *arguments)
    assert (done.code, done.err.count("\n"), done.out) == (2, 1, "")


def test_on_a_terminal_there_is_a_picture_in_what_characters_it_has(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(run)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("TERM", "xterm")
    code, shown = on_a_terminal([*COMMAND, "figures"], "", tmp_path)
    assert code == 0
    assert f"{'o' * 60} 1" in shown
    assert "o open" in shown


# inbox


def test_the_inbox_has_what_waits_with_the_command_that_goes_on(run: Run) -> None:
    assert run("inbox").out == "nothing waits for you\n"
    fresh, late = opened(run), opened(run, days_ago=99)
    lines = run("inbox").out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == [late, fresh]
    assert "overdue, to verify" in lines[2]
    assert lines[2].endswith(f"dsar-export request verify {late}")
    waiting = run("inbox", "--json").json["waiting"]
    assert isinstance(waiting, list)
    assert [item["reference"] for item in waiting] == [late, fresh]
    assert waiting[1] == {
        "reference": fresh,
        "controller": "acme",
        "why": [
            {
                "reason": "to_verify",
                "since": str(datetime.now(UTC).date()),
                "command": f"dsar-export request verify {fresh}",
            }
        ],
        "due": waiting[1]["due"],
        "due_at_the_earliest": False,
        "assigned_to": None,
        "command": f"dsar-export request verify {fresh}",
    }


def test_the_sentences_of_the_due_day_are_in_the_language_of_the_authority(run: Run) -> None:
    reference = opened(run)
    shown = run("request", "evidence", reference, "--language", "de")
    assert (shown.code, "Der Antrag ist am " in shown.out) == (0, True)
    limit = run("request", "evidence", reference, "--language", "fr", "--json").json["time_limit"]
    assert isinstance(limit, dict)
    assert (limit["language"], limit["sentences"][0][:10]) == ("fr", "La demande")
    usual = run("request", "evidence", reference, "--json").json["time_limit"]
    assert isinstance(usual, dict)
    assert (usual["language"], usual["sentences"][0][:11]) == ("en-GB", "The request")
    assert (
        "no sentences in 'nl'; choose one of de, en, fr"
        in run("request", "evidence", reference, "--language", "nl").err
    )
