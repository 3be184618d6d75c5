"""What was handed out is taken back and built again; whichever of two steps comes first, the other is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dsar_export.errors import StateError, WrongUseError
from dsar_export.model.inbox import Why
from dsar_export.model.mail import MailKind
from dsar_export.model.request import Right
from dsar_export.requests.database import reading
from dsar_export.requests.download_links import LASTS, REMIND_AFTER
from dsar_export.requests.download_tables import DOWNLOADS, LINKS, RETIRED_PACKAGES
from dsar_export.requests.packages import all_packages_of
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.downloads import may_go_on, start_download
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.figures import figures
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.look_up import requests_here
from dsar_export.use_cases.purge import purge
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.reminding import remind
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.sweep import packages_on_disk
from dsar_export.use_cases.waiting_packages import waiting_packages
from tests.use_cases.offices import Office
from tests.use_cases.parcels import FIRST, PASSPHRASE, SECOND, WEB_PERSON, Parcels, lost
from tests.worlds import World

UNFETCHED = timedelta(days=91)


def test_packages_are_built_again_from_the_same_draft_and_approval(office: Office) -> None:
    reference = office.approved()
    with office.built("ada", reference):
        pass
    (first,) = office.published(reference)
    before = office.listed(reference)
    reissue(office.desk("ada"), reference)
    waits = office.listed(reference)
    assert waits.state is State.APPROVED
    assert (waits.draft, waits.approved_by) == (before.draft, before.approved_by)
    assert (office.published(reference), list(office.packages.glob("*"))) == ((), [])
    with office.built("ada", reference):
        pass
    (second,) = office.published(reference)
    assert second.attempt > first.attempt
    with reading(office.installation.engine) as connection:
        proofs = all_packages_of(connection, reference)
    assert [proof.sha256 for proof in proofs] == [first.sha256, second.sha256]
    assert [proof.manifest_hmac for proof in proofs].count(None) == 0
    assert [proof.file for proof in proofs] == [None, second.file]


def test_without_its_draft_a_request_is_collected_and_approved_anew(office: Office) -> None:
    reference = office.approved()
    with office.built("ada", reference):
        pass
    for name in office.drafts.names(""):
        office.drafts.delete(name)
    reissue(office.desk("ada"), reference, anew=True)
    listed = office.listed(reference)
    assert (listed.state, listed.approved_by) == (State.VERIFIED, None)
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), office.services.register, reference)
    with office.built("ada", reference):
        pass
    assert office.listed(reference).state is State.AVAILABLE


def test_all_that_was_handed_out_is_void(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    started = start_download(parcels.desk(WEB_PERSON), token)
    assert started is not None
    reissue(parcels.desk(), reference)
    assert not may_go_on(parcels.desk(WEB_PERSON), started)
    with pytest.raises(WrongUseError, match="no passphrase"), revealed(parcels.desk(), reference):
        pass
    parcels.publish(reference)
    assert start_download(parcels.desk(WEB_PERSON), token) is None
    (again,) = parcels.send(reference)
    assert start_download(parcels.desk(WEB_PERSON), again) is not None


def test_purge_and_reissue_exclude_each_other_in_both_orders(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, _ = linked
    other = parcels.ready()
    parcels.set_clock(UNFETCHED)
    reissue(parcels.desk(), other)
    done = purge(parcels.desk("fay"), parcels.services.register)
    assert done.expired == (reference,)
    assert parcels.state(other) is State.APPROVED
    with pytest.raises(StateError, match="possible now: nothing"):
        reissue(parcels.desk(), reference)
    assert parcels.state(reference) is State.EXPIRED


def test_a_request_that_changes_while_a_purge_looks_is_not_expired(
    parcels: Parcels, linked: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, _ = linked
    parcels.set_clock(UNFETCHED)

    def meanwhile(desk: object) -> object:
        monkeypatch.undo()
        reissue(parcels.desk(), reference)
        return packages_on_disk(parcels.desk())

    monkeypatch.setattr("dsar_export.use_cases.purge.packages_on_disk", meanwhile)
    assert purge(parcels.desk("fay"), parcels.services.register).expired == ()
    assert parcels.state(reference) is State.APPROVED


def test_what_nobody_fetched_ends_without_passphrase_links_and_later_objects(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    parcels.set_clock(UNFETCHED)
    purge(parcels.desk("fay"), parcels.services.register)
    assert parcels.actions(reference)[-1] == "expire"
    assert start_download(parcels.desk(WEB_PERSON), token) is None
    with parcels.desk("aud").looking() as act:
        assert read_request(act.connection, reference, parcels.desk().vault).passphrase_sealed is None
    parcels.set_clock(timedelta(days=31))
    purge(parcels.desk("fay"), parcels.services.register)
    assert list(parcels.office.packages.glob("*")) == []
    assert parcels.actions(reference)[-1] == "erase_draft"
    parcels.set_clock(timedelta(days=4 * 366))
    purge(parcels.desk("fay"), parcels.services.register)
    with reading(parcels.office.installation.engine) as connection:
        for table in (LINKS, DOWNLOADS, RETIRED_PACKAGES):
            assert connection.execute(select(table)).all() == []


# Reminders


def test_a_person_is_reminded_once_of_a_link_that_nobody_used(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    services = parcels.services
    assert remind(parcels.desk(), lambda: services) == 0
    parcels.set_clock(REMIND_AFTER)
    assert [remind(parcels.desk(), lambda: services) for _ in range(2)] == [1, 0]
    mail = parcels.mails()[-1]
    assert (mail.to, mail.kind, mail.tokens) == (FIRST, MailKind.REMINDER, [])
    assert reference in mail.text
    assert token not in mail.text + mail.html
    assert parcels.actions(reference)[-1] == "remind"
    lost(parcels, reference)  # it says how to get another link
    assert parcels.mails()[-1].kind is MailKind.LINK


def test_a_person_who_asked_for_another_link_is_reminded_of_that_one(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    parcels.set_clock(timedelta(days=3))
    lost(parcels, linked[0])
    counts = []
    for _ in range(3):
        parcels.set_clock(timedelta(days=2))
        counts.append(remind(parcels.desk(), lambda: parcels.services))
    assert counts == [0, 0, 1]


def test_nobody_is_reminded_of_what_was_fetched_revoked_or_is_over(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    _, token = linked
    assert start_download(parcels.desk(WEB_PERSON), token) is not None
    revoked, over = parcels.ready(), parcels.ready()
    for each in (revoked, over):
        parcels.send(each)
    revoke(parcels.desk(), revoked)
    sent = len(parcels.mails())
    parcels.set_clock(LASTS)
    assert remind(parcels.desk(), lambda: parcels.services) == 0
    assert len(parcels.mails()) == sent


def test_an_address_that_is_gone_gets_no_reminder(parcels: Parcels, linked: tuple[str, str]) -> None:
    World(parcels.register).run("DELETE FROM reach WHERE address = ?", FIRST)
    parcels.set_clock(REMIND_AFTER)
    assert [remind(parcels.desk(), lambda: parcels.services) for _ in range(2)] == [0, 0]
    assert parcels.actions(linked[0])[-1] == "no_contact_for_link"
    assert SECOND not in {mail.to for mail in parcels.mails()}


# Due dates and figures


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize(("days", "fate"), [(0, "answered_in_time"), (40, "answered_late")])
def test_a_request_was_answered_when_its_packages_were_available_first(
    parcels: Parcels, days: int, fate: str, *, anew: bool
) -> None:
    parcels.set_clock(timedelta(days=days))
    reference, register = parcels.ready(), parcels.services.register
    before = figures(parcels.desk("aud"), register).total
    assert getattr(before, fate) == 1
    parcels.set_clock(timedelta(days=60))
    reissue(parcels.desk(), reference, anew=anew)
    found = {each.why for item in inbox(parcels.desk("kim"), register) for each in item.waiting}
    assert found == {Why.TO_COLLECT if anew else Why.TO_BUILD}
    (listed,) = requests_here(parcels.desk(), register)
    assert not listed.overdue
    assert due_of(parcels.desk(), register, reference).overdue == (days > 0)  # as it was then
    assert figures(parcels.desk("aud"), register).total == before
    parcels.publish(reference)
    assert figures(parcels.desk("aud"), register).total == before


# What staff see


def test_staff_see_packages_links_and_whether_a_passphrase_waits(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    parcels.ready(rights=(Right.PORTABILITY,))
    start_download(parcels.desk(WEB_PERSON), token)
    first, second = waiting_packages(parcels.desk("ray"))
    if first.package.reference != reference:
        first, second = second, first
    assert first.link is not None
    assert (first.link.left, first.passphrase_waits, second.link) == (2, True, None)
    with revealed(parcels.desk(), reference) as passphrase:
        assert passphrase == PASSPHRASE
    assert {p.package.reference: p.passphrase_waits for p in waiting_packages(parcels.desk())}[
        reference
    ] is False
    assert waiting_packages(parcels.desk("bea")) == waiting_packages(parcels.desk("nia")) == ()
