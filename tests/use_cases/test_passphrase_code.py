"""The passphrase is revealed once, to whoever has the link and reads another address of the person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.model.delivery import CodePurpose, PassphraseWay
from dsar_export.model.mail import MailKind
from dsar_export.requests.codes import LASTS, PER_HOUR, TRIES
from dsar_export.requests.database import writing
from dsar_export.requests.download_tables import LINKS
from dsar_export.requests.states import State
from dsar_export.requests.tables import CODES
from dsar_export.use_cases.codes import prove_by_code
from dsar_export.use_cases.downloads import offered, start_download
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.passphrase_code import (
    revealed_by_code,
)
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.services import Services
from tests.use_cases.flaky import Flaky
from tests.use_cases.offices import START
from tests.use_cases.parcels import FIRST, PASSPHRASE, SECOND, WEB_PERSON, Parcels, ask, lost, reveal


def with_ways(services: Services, *ways: PassphraseWay) -> Services:
    """The same register, in which passphrases are revealed on other ways."""
    register = services.register
    acme = replace(register.organisation.controllers["acme"], passphrase_by=ways)
    controllers = {**register.organisation.controllers, "acme": acme}
    organisation = replace(register.organisation, controllers=controllers)
    return replace(services, register=replace(register, organisation=organisation))


def test_a_code_to_the_other_address_reveals_it_once(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    assert parcels.mails()[-1].to == FIRST
    assert ask(parcels, token)
    mail = parcels.mails()[-1]
    assert (mail.to, mail.kind) == (SECOND, MailKind.CODE)
    assert reveal(parcels, token, f" {mail.code[:3]} {mail.code[3:]}") == PASSPHRASE
    assert reveal(parcels, token, mail.code) is None
    with pytest.raises(WrongUseError, match="shown already"), revealed(parcels.desk(), reference):
        pass
    assert parcels.actions(reference)[-3:] == ["send_passphrase_code", "reveal", "wrong_passphrase_code"]
    assert not ask(parcels, token)
    offer = offered(parcels.desk(WEB_PERSON), parcels.services.register, token)
    assert offer is not None
    assert offer.passphrase_ways == ()


def test_it_stays_if_showing_it_fails(parcels: Parcels, linked: tuple[str, str]) -> None:
    _, token = linked
    ask(parcels, token)
    code = parcels.mails()[-1].code
    with pytest.raises(OSError, match="gone"), revealed_by_code(parcels.desk(WEB_PERSON), token, code):
        raise OSError("gone")
    assert reveal(parcels, token, code) == PASSPHRASE


def test_it_is_revealed_also_once_all_downloads_have_started(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    _, token = linked
    for _ in range(3):
        assert start_download(parcels.desk(WEB_PERSON), token) is not None
    assert ask(parcels, token)
    assert reveal(parcels, token, parcels.mails()[-1].code) == PASSPHRASE


def test_five_wrong_codes_make_it_void(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    ask(parcels, token)
    code = parcels.mails()[-1].code
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for guess in (wrong, "", "x" * 1000, "\ud800", wrong):
        assert reveal(parcels, token, guess) is None
    assert reveal(parcels, token, code) is None
    assert parcels.actions(reference).count("wrong_passphrase_code") == TRIES + 1


Voids = dict[str, Callable[[Parcels, str], object]]
VOIDS: Voids = {
    "late": lambda parcels, _: parcels.set_clock(LASTS),
    "link revoked": lambda parcels, reference: revoke(parcels.desk(), reference),
    "reissued": lambda parcels, reference: reissue(parcels.desk(), reference),
    "another link": lambda parcels, reference: parcels.send(reference),
    "clock set back": lambda parcels, _: parcels.set_clock(-timedelta(minutes=1)),
}


@pytest.mark.parametrize("how", VOIDS)
def test_a_right_code_reveals_nothing(parcels: Parcels, linked: tuple[str, str], how: str) -> None:
    reference, token = linked
    ask(parcels, token)
    code = parcels.mails()[-1].code
    VOIDS[how](parcels, reference)
    assert reveal(parcels, token, code) is None


def test_a_code_that_went_where_the_link_went_reveals_nothing(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    """As if the link had been sent once more, to the address that a code went to before."""
    _, token = linked
    ask(parcels, token)
    newest = select(CODES.c.contact_index).where(CODES.c.purpose == CodePurpose.REVEAL).scalar_subquery()
    with writing(parcels.office.installation.engine) as connection:
        connection.execute(update(LINKS).values(contact_index=newest))
    assert reveal(parcels, token, parcels.mails()[-1].code) is None


def test_a_code_for_one_purpose_does_nothing_for_the_other(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    ask(parcels, token)
    code = parcels.mails()[-1].code
    parcels.change_row(reference, state=State.RECEIVED)
    with pytest.raises(WrongUseError, match="does not count"):
        prove_by_code(parcels.desk(), parcels.services.register, reference, code)
    parcels.change_row(reference, state=State.AVAILABLE)
    assert reveal(parcels, token, code) == PASSPHRASE


ALIKE = ["Sam@Example.org", "sam+news@example.org", "SAM+a+b@example.org"]


@pytest.mark.parametrize("others", [[], *([each] for each in ALIKE), ALIKE])
def test_without_another_mailbox_nothing_is_sent_and_the_answer_is_the_same(
    parcels: Parcels, others: list[str]
) -> None:
    parcels.reached(FIRST, *others)
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    sent = len(parcels.mails())
    assert ask(parcels, token)
    assert len(parcels.mails()) == sent
    assert parcels.actions(reference)[-1] == "no_other_contact"


def test_an_address_of_late_gets_no_code(parcels: Parcels) -> None:
    parcels.reached(FIRST)
    parcels.reached(SECOND, since=START - timedelta(hours=1))
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    ask(parcels, token)
    assert parcels.actions(reference)[-1] == "no_other_contact"


def test_what_the_register_does_not_name_is_no_way(parcels: Parcels, linked: tuple[str, str]) -> None:
    _, token = linked
    services = with_ways(parcels.services, PassphraseWay.STAFF, PassphraseWay.POST)
    offer = offered(parcels.desk(WEB_PERSON), services.register, token)
    assert offer is not None
    assert offer.passphrase_ways == (PassphraseWay.STAFF, PassphraseWay.POST)
    assert not ask(parcels, token, services)


def test_codes_to_one_person_are_limited(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    for _ in range(PER_HOUR + 1):
        assert ask(parcels, token)
    assert [mail.kind for mail in parcels.mails()].count(MailKind.CODE) == PER_HOUR
    assert parcels.actions(reference)[-1] == "too_many_codes"


def test_a_source_that_fails_is_for_staff_alone(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    broken = Flaky(parcels.services.collectors["main"], "snapshot", 99, SourceUnreadableError)
    collectors = {**parcels.services.collectors, "main": broken}
    assert ask(parcels, token, replace(parcels.services, collectors=collectors))
    assert parcels.actions(reference)[-1] == "passphrase_code_failed"


def everything_that_mail_allows(parcels: Parcels, reference: str, mailbox: str) -> list[str]:
    """Tries every link and every code of one mailbox, asks for more of both, and does it again; what it revealed."""
    found = []
    for _ in range(4):
        mails = parcels.mails(mailbox)
        codes = [mail.code for mail in mails if mail.kind is MailKind.CODE]
        for token in [token for mail in mails for token in mail.tokens]:
            ask(parcels, token)
            if (started := start_download(parcels.desk(WEB_PERSON), token)) is not None:
                assert started  # the package, which is encrypted
            found += [shown for code in codes if (shown := reveal(parcels, token, code)) is not None]
        lost(parcels, reference)
    return found


@pytest.mark.parametrize("mailbox", [FIRST, SECOND])
@pytest.mark.parametrize("addresses", [(FIRST,), (FIRST, SECOND), (SECOND, FIRST)])
def test_whoever_reads_all_mail_of_one_address_ends_without_data(
    parcels: Parcels, addresses: tuple[str, ...], mailbox: str
) -> None:
    parcels.reached(*addresses)
    reference = parcels.ready()
    parcels.send(reference)
    assert everything_that_mail_allows(parcels, reference, mailbox) == []
    assert PASSPHRASE not in "".join(mail.text + mail.html for mail in parcels.mails())
    with revealed(parcels.desk(), reference) as passphrase:  # the person calls, and staff know them
        assert passphrase == PASSPHRASE
