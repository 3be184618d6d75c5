"""`doctor` finds each thing that does not fit, and says what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from dsar_export.requests.database import writing
from dsar_export.requests.key_file import new_key_file
from dsar_export.requests.migrations import VERSION_TABLE
from dsar_export.requests.trail.table import TRAIL
from dsar_export.settings import Settings
from dsar_export.use_cases.collect_request import LEASE, collect_request
from dsar_export.use_cases.doctor import Check, Diagnosis, diagnose
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.wiring.desk import premises_of
from tests.offices import EVIDENCE, Office
from tests.replacing import replace

ALL = {
    "modes", "database", "key file", "Draft store", "user account", "clock", "trail", "work", "Drafts", "orphans",
}  # fmt: skip


def diagnosis(office: Office) -> Diagnosis:
    return diagnose(replace(premises_of(office.settings), clock=lambda: office.now))


def problems(office: Office) -> list[tuple[str, str]]:
    return [(check.name, check.finding) for check in diagnosis(office).checks if not check.passed]


def finding(office: Office, name: str) -> str:
    return next(check.finding for check in diagnosis(office).checks if check.name == name)


def test_a_sound_installation_has_no_problem(office: Office) -> None:
    office.collected(office.desk())
    before = office.parts()
    found = diagnosis(office)
    assert found.passed
    assert {check.name for check in found.checks} == ALL
    assert office.parts() == before  # the probe is gone
    assert str(office.settings.drafts) in found.together
    assert found.apart == str(office.settings.keys)
    assert not any("@" in place for place in found.together)  # the URL may have a password


def test_a_missing_key_file_is_named_and_none_is_made(office: Office) -> None:
    office.settings.keys.unlink()
    ((name, text),) = problems(office)
    assert name == "key file"
    assert "keys.json is missing" in text
    assert not office.settings.keys.exists()


def test_another_key_file_is_found(office: Office) -> None:
    office.settings.keys.unlink()
    new_key_file(office.settings.keys)
    ((name, text),) = problems(office)
    assert (name, "not the key file of this database; restore the one" in text) == ("key file", True)


@pytest.mark.parametrize("mode", [0o604, 0o660])
def test_a_key_file_that_others_read_is_found(office: Office, mode: int) -> None:
    office.settings.keys.chmod(mode)
    ((name, text),) = problems(office)
    assert (name, f"is open to others (mode {mode:04o}); chmod 600" in text) == ("key file", True)


def test_a_file_that_is_open_to_everybody_is_found(office: Office) -> None:
    office.settings.anchor.chmod(0o644)
    assert problems(office) == [("modes", f"open to everybody: {office.settings.anchor}; chmod o= them")]


def test_a_store_that_is_not_writable_is_found(office: Office) -> None:
    office.settings.drafts.write_text("a file, where the folder should be")
    office.settings.drafts.chmod(0o600)
    ((name, text),) = problems(office)
    assert name == "Draft store"
    assert "drafts" in text


def test_a_clock_that_was_set_back_is_found(office: Office) -> None:
    office.opened(office.desk())
    office.now -= timedelta(hours=3)
    assert problems(office) == [("clock", "3:00:00 behind the newest entry of the trail; set it right")]


def test_a_broken_trail_is_found(office: Office) -> None:
    desk = office.desk()
    office.opened(desk)
    office.opened(desk)
    with writing(desk.engine) as connection:
        connection.execute(delete(TRAIL).where(TRAIL.c.number == 2))
    ((name, text),) = problems(office)
    assert name == "trail"
    assert "dsar-export database restored" in text


def test_work_that_was_left_half_done_is_found_after_its_lease(office: Office) -> None:
    desk = office.desk()
    reference = office.opened(desk)
    prove_by_evidence(desk, office.register, reference, "call_back", EVIDENCE)

    class Dies:
        def started(self, _: str) -> None:
            desk.drafts.put(f"{reference}/1/data/more", [b"of the work that goes on"])
            assert problems(office) == []
            assert finding(office, "orphans").startswith("0 ")
            office.now += LEASE + timedelta(seconds=1)
            ((name, text),) = problems(office)
            assert (name, f"run `request collect {reference}`" in text) == ("work", True)

        def advanced(self, _: int) -> None: ...
        def finished(self, _: str, __: int) -> None: ...

    collect_request(desk, replace(office.services, progress=Dies()), reference)


def test_a_draft_that_is_missing_in_the_store_is_found(office: Office) -> None:
    desk = office.desk()
    reference = office.collected(desk)
    for name in office.parts(reference):
        desk.drafts.delete(name)
    assert problems(office) == [
        ("Drafts", f"missing in the store: {reference}; restore it, or collect again")
    ]


def test_parts_that_no_request_names_are_counted(office: Office) -> None:
    desk = office.desk()
    reference = office.collected(desk)
    assert finding(office, "orphans") == "0 Draft parts that no request names"
    desk.drafts.put(f"{reference}/7/data/records", [b"left by a crash"])
    desk.drafts.put("DSAR-20261122-ANOTHERR/1/ledger", [b"of a request that is gone"])
    assert diagnosis(office).passed
    assert finding(office, "orphans") == "2 Draft parts that no request names"


def test_an_earlier_database_is_named_with_the_command_that_upgrades_it(office: Office) -> None:
    with writing(office.desk().engine) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    ((name, text),) = problems(office)
    assert (name, "upgraded by a newer program" in text) == ("database", True)


def test_a_user_account_that_is_nobodys_is_found(office: Office) -> None:
    premises = replace(premises_of(office.settings), uid=4711, clock=lambda: office.now)
    assert [c.name for c in diagnose(premises).checks if not c.passed] == ["user account"]


def test_a_path_that_can_not_be_looked_at_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / ('x' * 300)}"
    found = diagnose(premises_of(Settings(state=tmp_path / "state", database_url=url)))
    findings = {c.name: c.finding for c in found.checks if not c.passed}
    assert findings.keys() == {"modes", "database", "key file"}
    assert findings["database"].endswith("can't be read: file name too long")
    assert findings["modes"].endswith("can't be read: file name too long")


def test_where_no_database_is_none_is_made(tmp_path: Path) -> None:
    found = diagnose(premises_of(Settings(state=tmp_path / "state")))
    assert [c.name for c in found.checks if not c.passed] == ["database", "key file"]
    assert found.checks[1] == Check(
        "database",
        passed=False,
        finding=f"{tmp_path / 'state' / 'requests.db'} does not exist; if one was lost, restore it; "
        "if there was none, any command about requests makes it",
    )
    assert not (tmp_path / "state").exists()
