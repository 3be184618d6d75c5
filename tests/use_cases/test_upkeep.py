"""Upgrades of a database with requests in flight, and databases that were restored from a backup."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Table, delete, insert, inspect, select

from dsar_export.errors import DatabaseVersionError, NotPermittedError, StateError, WrongUseError
from dsar_export.model.mail import Mail, MailKind, MailState, Posted, Postmark, PostResult
from dsar_export.model.people import Person
from dsar_export.model.work import WorkStep
from dsar_export.requests import migrations
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation, epoch
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.migrations import upgrading
from dsar_export.requests.states import State
from dsar_export.requests.trail import Fault, entries
from dsar_export.use_cases.audit import trail_verdict
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.decide import approve, note
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.post import post_mail, send_waiting
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.upkeep import Upgrade, accept_restored, upgrade_database
from dsar_export.wiring.desk import open_earlier_installation
from tests.replacing import replace
from tests.sites import EVIDENCE, Site

LATER = Path(__file__).parent / "later_revision"
Rows = Mapping[Table, Sequence[Mapping[str, object]]]


@pytest.fixture
def later_program(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with one revision more: the site's database is an earlier one for it."""
    config = upgrading.config  # there is one revision only, so no database is older

    def with_later() -> Config:
        made = config()
        own = Path(upgrading.__file__).parent / "versions"
        made.set_main_option("path_separator", "newline")
        made.set_main_option("version_locations", f"{own}\n{LATER}")
        return made

    monkeypatch.setattr(upgrading, "config", with_later)
    monkeypatch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "0011"))


@contextmanager
def earlier(site: Site) -> Iterator[Installation]:
    installation = open_earlier_installation(site.settings)
    try:
        yield installation
    finally:
        installation.engine.dispose()


def upgraded(site: Site, uid: int) -> Upgrade:
    with earlier(site) as installation:
        return upgrade_database(installation, site.settings.anchor, uid, lambda: site.now)


def in_flight(site: Site, desk: Desk) -> list[str]:
    """Requests in several states; one was left half collected."""
    fresh, reviewed, approved, begun = (site.opened(desk), *(site.collected(desk) for _ in range(3)))
    approve(desk, site.register, approved)
    with pytest.raises(KeyboardInterrupt):
        collect_request(desk, replace(site.services, progress=Killed()), begun)
    return [fresh, reviewed, approved, begun]


class Killed:
    """Progress of a process that is stopped."""

    def began(self, _: WorkStep) -> None: ...
    def started(self, _: str) -> None:
        raise KeyboardInterrupt

    def advanced(self, _: int) -> None: ...
    def finished(self, _: str, __: int) -> None: ...


def columns(desk: Desk) -> set[str]:
    with reading(desk.engine) as connection:
        return {column["name"] for column in inspect(connection).get_columns("requests")}


def backup(desk: Desk) -> Rows:
    """Every row of every table, as a dump would have them."""
    with reading(desk.engine) as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in METADATA.sorted_tables
        }


def restore(desk: Desk, rows: Rows) -> None:
    with writing(desk.engine) as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(delete(table))
        for table in (table for table in METADATA.sorted_tables if rows[table]):
            connection.execute(insert(table), rows[table])


def last_entry(desk: Desk) -> Mapping[str, object]:
    with reading(desk.engine) as connection:
        return list(entries(connection))[-1].values


def test_an_upgrade_leaves_requests_in_flight_as_they_are(site: Site, request: pytest.FixtureRequest) -> None:
    before = site.desk()
    references = in_flight(site, before)
    states = [request_file(before, r).request.listed for r in references]
    request.getfixturevalue("later_program")
    with pytest.raises(DatabaseVersionError, match="run `dsar-export database upgrade`"):
        site.desk()
    assert upgraded(site, before.person.uid or 0) == Upgrade("0010", "0011")
    desk = site.desk()
    assert "later" in columns(desk)
    assert [request_file(desk, r).request.listed for r in references] == states
    assert draft_of(desk, request_file(desk, references[1]).request).page("records", 0, 1)
    collect_request(desk, site.services, references[3])
    assert last_entry(desk)["action"] == "submit"
    assert trail_verdict(desk).passed


def test_a_second_upgrade_has_nothing_to_do(site: Site, request: pytest.FixtureRequest) -> None:
    desk = site.desk()
    request.getfixturevalue("later_program")
    upgraded(site, desk.person.uid or 0)
    assert last_entry(desk)["action"] == "upgrade_database"
    seen = last_entry(desk)
    assert upgraded(site, desk.person.uid or 0) == Upgrade("0011", "0011")
    assert last_entry(desk) == seen


def test_an_upgrade_by_somebody_unknown_leaves_the_database_as_it_was(
    site: Site, request: pytest.FixtureRequest
) -> None:
    desk = site.desk()
    request.getfixturevalue("later_program")
    with pytest.raises(NotPermittedError, match="the user account 4711 is nobody's here"):
        upgraded(site, 4711)
    assert "later" not in columns(desk)
    with earlier(site) as installation:
        assert migrations.revision(installation.engine) == "0010"


def test_an_upgrade_waits_for_a_process_at_work(site: Site, request: pytest.FixtureRequest) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    prove_by_evidence(desk, site.register, reference, "call_back", EVIDENCE)

    class Meanwhile(Killed):
        def started(self, _: str) -> None:
            request.getfixturevalue("later_program")
            with pytest.raises(StateError, match=f"works on {reference}; upgrade when it has ended"):
                upgraded(site, desk.person.uid or 0)

    collect_request(desk, replace(site.services, progress=Meanwhile()), reference)
    assert "later" not in columns(desk)


def test_a_restored_database_goes_on_in_a_new_epoch(site: Site) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    kept = backup(desk)
    note(desk, reference, "lost with the newer database")
    restore(desk, kept)
    verdict = trail_verdict(desk)
    assert (verdict.fault, verdict.number) == (Fault.CUT_OFF, 2)
    with reading(desk.engine) as connection:
        before = epoch(connection)
    assert accept_restored(desk, verdict) == 0
    with reading(desk.engine) as connection:
        assert epoch(connection) != before
    entry = last_entry(desk)
    assert (entry["action"], entry["reason_code"]) == ("restore_database", "cut_off")
    assert trail_verdict(desk).passed
    note(desk, reference, "it goes on")
    assert trail_verdict(desk).entries == 3


class Recording:
    """A sender that takes every mail."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, mail: Mail, _: Postmark) -> PostResult:
        self.texts.append(mail.text)
        return PostResult(Posted.SENT)


def test_mail_that_was_sent_after_the_backup_waits_for_a_decision_and_no_code_goes_out_again(
    site: Site,
) -> None:
    desk, sender = site.desk(), Recording()
    reference = site.opened(desk)
    with desk.acting() as act:
        for kind in (MailKind.CODE, MailKind.LETTER):
            post_mail(act, Mail("sam@example.org", "s", kind.value, "en"), kind, reference)
    kept = backup(desk)
    assert send_waiting(desk, sender, 9).ended == {MailState.SENT: 2}
    restore(desk, kept)
    with pytest.raises(WrongUseError, match="database restored"):
        send_waiting(desk, sender, 9)
    accept_restored(desk, trail_verdict(desk))
    with reading(desk.engine) as connection:
        ended = [entry.values for entry in entries(connection) if entry.values["action"] == "end_mail"]
    assert [(entry["reference"], entry["controller"], entry["details"]) for entry in ended] == [
        (reference, "acme", {"mail_kind": "code", "mail_state": "perhaps_sent"})
    ]
    assert trail_verdict(desk).passed
    site.now += timedelta(minutes=5)
    assert send_waiting(desk, sender, 9).ended == {MailState.SENT: 1}
    assert sorted(sender.texts) == ["code", "letter", "letter"]
    (code,) = request_file(desk, reference).unsent_mails
    assert (code.kind, code.state, code.failure) == (MailKind.CODE, MailState.PERHAPS_SENT, "restored")


def test_parts_from_after_the_backup_are_in_nobodys_way(site: Site) -> None:
    desk = site.desk()
    reference = site.collected(desk)
    kept = backup(desk)
    collect_request(desk, site.services, reference)
    later = site.parts(reference)
    assert {name.split("/")[1] for name in later} == {"2"}
    restore(desk, kept)
    assert accept_restored(desk, trail_verdict(desk)) == 1
    ledger = collect_request(desk, site.services, reference)
    assert ledger is not None
    assert ledger.attempt == 3
    listed = request_file(desk, reference).request.listed
    assert (listed.state, listed.attempt) == (State.IN_REVIEW, 3)


def test_only_an_administrator_accepts_a_restored_database(site: Site) -> None:
    desk = site.desk()
    verdict = trail_verdict(desk)
    with reading(desk.engine) as connection:
        before = epoch(connection)
    with pytest.raises(NotPermittedError, match="robin is no administrator"):
        accept_restored(replace(desk, person=Person("robin", None)), verdict)
    with reading(desk.engine) as connection:
        assert epoch(connection) == before
