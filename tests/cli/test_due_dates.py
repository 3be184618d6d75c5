"""`request due`, `extend`, `pause` and `resume` as staff run them, and the due day in lists."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsar_export.use_cases.moments import moment_of
from tests.cli.commands import Run
from tests.worlds import SUBJECT

OPEN = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")


def opened(run: Run, received: str | None = None) -> str:
    when = () if received is None else ("--received", received)
    done = run(*OPEN, *when, "--json", stdin=SUBJECT)
    assert done.code == 0, done.err
    return str(done.json["reference"])


def register_toml(tmp_path: Path) -> Path:
    return tmp_path / "register" / "register.toml"


def test_each_step_is_a_sentence_then_comes_the_day(run: Run) -> None:
    reference = opened(run, "2026-01-29")
    done = run("request", "due", reference)
    assert done.code == 0
    assert done.out.splitlines() == [
        "The request was received on Thursday, 29 January 2026.",
        "One month after Thursday, 29 January 2026 is Saturday, 28 February 2026, the last day of that month.",
        "Saturday, 28 February 2026 is part of a weekend, so the next day counts.",
        "Sunday, 1 March 2026 is part of a weekend, so the next day counts.",
        "The answer is due on Monday, 2 March 2026.",
        "If more time is needed, the person must be informed of it and of the reasons by Monday, 2 March 2026.",
        "due  2026-03-02",
    ]
    assert done.err == ""


def test_in_britain_staff_are_warned_of_the_day_before(run: Run) -> None:
    done = run("request", "due", opened(run, "2026-02-04"))
    assert done.out.endswith("due  2026-03-04\n")
    assert done.err.startswith("dsar-export: warning: Some read the law so that")
    assert "Tuesday, 3 March 2026" in done.err


def test_the_sentences_come_in_the_language_that_was_asked_for(run: Run) -> None:
    reference = opened(run, "2026-02-04")
    assert (
        "Die Antwort ist am Mittwoch, 4. März 2026 fällig."
        in run("request", "due", reference, "--language", "de").out
    )
    assert "choose one of de, en, fr" in run("request", "due", reference, "--language", "nl").err


def test_the_object_has_every_step(run: Run) -> None:
    reference = opened(run, "2026-02-04")
    found = run("request", "due", reference, "--json").json
    steps = found.pop("steps")
    assert found == {
        "reference": reference,
        "due": "2026-03-04",
        "due_at_the_earliest": False,
        "start": "2026-02-04",
        "safe": "2026-03-03",
        "latest_to_extend": "2026-03-04",
        "overdue": True,
    }
    assert isinstance(steps, list)
    assert steps[1] == {
        "kind": "months",
        "day": "2026-03-04",
        "since": "2026-02-04",
        "ground": None,
        "count": 1,
        "sentence": "One month after Wednesday, 4 February 2026 is Wednesday, 4 March 2026.",
    }


def test_a_request_is_paused_resumed_and_extended(run: Run) -> None:
    reference = opened(run)
    plain = run("request", "show", reference, "--json").json["due"]
    paused = run("request", "pause", reference, "--ground", "clarification", "--json").json
    assert (paused["due"], paused["due_at_the_earliest"]) == (plain, True)
    assert f"due           from {plain}" in run("request", "show", reference).out
    assert run("request", "resume", reference, "--json").json["due_at_the_earliest"] is False
    done = run("request", "extend", reference, "--reason-file", "-", "--json", stdin="three archives")
    assert str(done.json["due"]) > str(plain)
    entries = run("trail", "show", reference, "--json").json["entries"]
    assert isinstance(entries, list)
    assert [e["action"] for e in entries] == ["open", "pause", "resume", "extend"]
    assert "three archives" not in str(entries)


@pytest.mark.parametrize(
    ("ground", "problem"),
    [("format", "never stops the clock"), ("holiday", "--ground is one of clarification, identity, fee")],
)
def test_another_ground_is_refused_in_one_line(ground: str, problem: str, run: Run) -> None:
    done = run("request", "pause", opened(run), "--ground", ground)
    assert done.code == 2
    assert problem in done.err
    assert done.err.count("\n") == 1


def test_an_extension_needs_a_reason_from_a_file_or_a_prompt(run: Run) -> None:
    assert "reason is missing" in run("request", "extend", opened(run)).err


def test_the_list_is_sorted_by_the_due_day_and_names_what_is_overdue(run: Run) -> None:
    today = datetime.now(UTC).date()
    last, first = opened(run), opened(run, "2026-02-04")
    middle = opened(run, str(today - timedelta(days=3)))
    listed = run("request", "list", "--json").json["requests"]
    assert isinstance(listed, list)
    order = [each["reference"] for each in listed]
    assert order[0] == first
    assert set(order[1:]) == {middle, last}
    assert listed[1]["due"] <= listed[2]["due"]
    assert "2026-03-04, overdue" in run("request", "list").out


def test_a_date_alone_is_a_day_of_the_controllers_place(run: Run, tmp_path: Path) -> None:
    file = register_toml(tmp_path)
    text = file.read_text(encoding="utf-8")
    place = {'country = "GB"': 'country = "FR"', "Europe/London": "America/Martinique", '"ENG"': '"972"'}
    for old, new in place.items():
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    reference = opened(run, "2026-02-10")
    assert run("request", "due", reference, "--json").json["start"] == "2026-02-10"
    assert " 2026-02-10 " in run("request", "list").out


def test_a_time_without_an_offset_is_in_the_zone_that_is_named() -> None:
    assert moment_of("2026-06-01") == datetime(2026, 6, 1, tzinfo=UTC)
    assert moment_of(None) is None


def test_without_the_part_of_the_country_requests_are_refused_and_check_names_the_choices(
    run: Run, tmp_path: Path
) -> None:
    reference = opened(run)
    file = register_toml(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('clock = { subdivision = "ENG" }\n', ""), encoding="utf-8")
    for arguments in (
        OPEN,
        ("request", "list"),
        ("request", "show", reference),
        ("request", "due", reference),
    ):
        done = run(*arguments, stdin=SUBJECT)
        assert done.code == 2
        assert "controllers.acme.clock.subdivision: " in done.err
        assert "SCT (Scotland)" in done.err
    checked = run("check", tmp_path / "register", "--json")
    assert checked.code == 1
    assert "controllers.acme.clock.subdivision" in checked.out


def test_without_a_register_a_request_is_shown_without_its_due_day(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = opened(run)
    monkeypatch.delenv("DSAR_REGISTER")
    assert run("request", "show", reference, "--json").json["due"] is None
