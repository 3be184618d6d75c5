"""`doctor` finds each thing that does not fit, and says what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from dsar_export.model.mail import Mail, MailKind
from dsar_export.model.work import LEASE, Task, Work, WorkStep
from dsar_export.requests.database import writing
from dsar_export.requests.key_file import new_key_file
from dsar_export.requests.migrations import VERSION_TABLE
from dsar_export.requests.trail.table import TRAIL
from dsar_export.requests.work import ask, park, save_checkpoint
from dsar_export.requests.workers import show_worker
from dsar_export.settings import Settings
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.doctor import Check, Diagnosis, diagnose
from dsar_export.use_cases.post import post_mail
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.wiring.desk import premises_of
from tests.replacing import replace
from tests.sites import EVIDENCE, Site

ALL = {
    "modes", "database", "key file", "Draft store", "package store", "user account", "clock", "trail", "work",
    "Drafts", "packages", "orphans", "mail",
}  # fmt: skip


def diagnosis(site: Site) -> Diagnosis:
    return diagnose(replace(premises_of(site.settings), clock=lambda: site.now))


def problems(site: Site) -> list[tuple[str, str]]:
    return [(check.name, check.finding) for check in diagnosis(site).checks if not check.passed]


def finding(site: Site, name: str) -> str:
    return next(check.finding for check in diagnosis(site).checks if check.name == name)


def test_a_sound_installation_has_no_problem(site: Site) -> None:
    site.collected(site.desk())
    before = site.parts()
    found = diagnosis(site)
    assert found.passed
    assert {check.name for check in found.checks} == ALL
    assert site.parts() == before  # the probe is gone
    assert str(site.settings.drafts) in found.together
    assert found.apart == str(site.settings.keys)
    assert not any("@" in place for place in found.together)  # the URL may have a password


def test_a_missing_key_file_is_named_and_none_is_made(site: Site) -> None:
    site.settings.keys.unlink()
    ((name, text),) = problems(site)
    assert name == "key file"
    assert "keys.json is missing" in text
    assert not site.settings.keys.exists()


def test_another_key_file_is_found(site: Site) -> None:
    site.settings.keys.unlink()
    new_key_file(site.settings.keys)
    ((name, text),) = problems(site)
    assert (name, "not the key file of this database; restore the one" in text) == ("key file", True)


@pytest.mark.parametrize("mode", [0o604, 0o660])
def test_a_key_file_that_others_read_is_found(site: Site, mode: int) -> None:
    site.settings.keys.chmod(mode)
    ((name, text),) = problems(site)
    assert (name, f"is open to others (mode {mode:04o}); chmod 600" in text) == ("key file", True)


def test_a_file_that_is_open_to_everybody_is_found(site: Site) -> None:
    site.settings.anchor.chmod(0o644)
    assert problems(site) == [("modes", f"open to everybody: {site.settings.anchor}; chmod o= them")]


def test_a_store_that_is_not_writable_is_found(site: Site) -> None:
    site.settings.drafts.write_text("a file, where the folder should be")
    site.settings.drafts.chmod(0o600)
    ((name, text),) = problems(site)
    assert name == "Draft store"
    assert "drafts" in text


def test_a_clock_that_was_set_back_is_found(site: Site) -> None:
    site.opened(site.desk())
    site.now -= timedelta(hours=3)
    assert problems(site) == [("clock", "3:00:00 behind the newest entry of the trail; set it right")]


def test_a_broken_trail_is_found(site: Site) -> None:
    desk = site.desk()
    site.opened(desk)
    site.opened(desk)
    with writing(desk.engine) as connection:
        connection.execute(delete(TRAIL).where(TRAIL.c.number == 2))
    ((name, text),) = problems(site)
    assert name == "trail"
    assert "dsar-export database restored" in text


def test_work_that_was_left_half_done_is_found_after_its_lease(site: Site) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    prove_by_evidence(desk, site.register, reference, "call_back", EVIDENCE)

    class Dies:
        def began(self, _: WorkStep) -> None: ...
        def started(self, dataset: str) -> None:
            if dataset != "records":
                return
            desk.drafts.put(f"{reference}/1/data/more", [b"of the work that goes on"])
            assert problems(site) == []
            assert finding(site, "orphans").startswith("0 ")
            site.now += LEASE + timedelta(seconds=1)
            ((name, text),) = problems(site)
            assert (name, f"run `request collect {reference}`" in text) == ("work", True)
            with writing(desk.engine) as connection:
                show_worker(connection, "w", site.now)
            assert problems(site) == []  # it takes that up
            with writing(desk.engine) as connection:
                park(connection, reference, site.now, "OSError")
            assert [name for name, _ in problems(site)] == ["work"]

        def advanced(self, _: int) -> None: ...
        def finished(self, _: str, __: int) -> None: ...

    collect_request(desk, replace(site.services, progress=Dies()), reference)


def test_a_draft_that_is_missing_in_the_store_is_found(site: Site) -> None:
    desk = site.desk()
    reference = site.collected(desk)
    for name in site.parts(reference):
        desk.drafts.delete(name)
    assert problems(site) == [("Drafts", f"missing in the store: {reference}; restore it, or collect again")]


def test_a_package_that_is_missing_is_found(site: Site) -> None:
    desk = site.desk()
    reference = site.available(desk)
    assert diagnosis(site).passed
    (missing,) = desk.packages.names(f"{reference}-2-portability-")
    desk.packages.delete(missing)
    problem = f"missing in {desk.workspace}: {missing}; restore them from a backup"
    assert problems(site) == [("packages", problem)]


def test_parts_that_no_request_names_are_counted(site: Site) -> None:
    desk = site.desk()
    reference = site.collected(desk)
    assert finding(site, "orphans") == "0 Draft parts that no request names"
    desk.drafts.put(f"{reference}/7/data/records", [b"left by a crash"])
    desk.drafts.put("DSAR-20261122-ANOTHERR/1/ledger", [b"of a request that is gone"])
    assert diagnosis(site).passed
    assert finding(site, "orphans") == "2 Draft parts that no request names"
    with writing(desk.engine) as connection:
        ask(connection, Work(reference, Task.COLLECT, "ada", site.now, site.now))
        save_checkpoint(connection, reference, f"{reference}/7/again-1/ledger-1", "0" * 64)
    assert finding(site, "orphans") == "1 Draft parts that no request names"


def queued(site: Site) -> None:
    with site.desk().acting() as act:
        post_mail(act, Mail("sam@example.org", "s", "t", "en"), MailKind.LETTER, None)


def test_mail_that_waits_for_a_server_that_nobody_set_is_found(site: Site) -> None:
    advice = "no mail server is set (DSAR_SMTP_URL), so mail is kept until it expires"
    assert finding(site, "mail") == advice
    assert diagnosis(site).passed
    queued(site)
    assert problems(site) == [("mail", f"mails waiting: 1, but {advice}")]


def test_mail_that_nobody_sends_is_found(site: Site) -> None:
    queued(site)
    mail = {"smtp_url": "smtp://mail.example.org", "mail_from": "privacy@example.org"}
    site.settings = site.settings.model_copy(update=mail)
    assert (
        finding(site, "mail") == "mails waiting: 1; sent by mail.example.org, port 587, encryption: starttls"
    )
    site.now += timedelta(hours=2)
    assert problems(site) == [
        (
            "mail",
            "mails waiting for more than an hour: 1 (never tried); run `dsar-export mail send` from cron",
        )
    ]
    site.settings = site.settings.model_copy(update={"mail_from": None})
    ((name, text),) = problems(site)
    assert (name, "DSAR_MAIL_FROM is missing" in text) == ("mail", True)


def test_an_earlier_database_is_named_with_the_command_that_upgrades_it(site: Site) -> None:
    with writing(site.desk().engine) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    ((name, text),) = problems(site)
    assert (name, "upgraded by a newer program" in text) == ("database", True)


def test_a_user_account_that_is_nobodys_is_found(site: Site) -> None:
    premises = replace(premises_of(site.settings), uid=4711, clock=lambda: site.now)
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
        finding=f"no state at {tmp_path / 'state' / 'requests.db'}; `request open` makes one, or set DSAR_STATE; "
        "if one was lost, restore it",
    )
    assert not (tmp_path / "state").exists()
