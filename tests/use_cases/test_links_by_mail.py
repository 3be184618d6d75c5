"""Links go by mail to where a person was reached before, or to an agent; whoever lost one gets another."""

from datetime import timedelta

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.model.intake import Mandate
from dsar_export.model.mail import MailKind
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.use_cases.downloads import may_go_on, start_download
from tests.use_cases.offices import START
from tests.use_cases.parcels import FIRST, PASSPHRASE, SECOND, WEB_PERSON, Parcels, ask, lost
from tests.worlds import World


def test_another_link_goes_where_the_last_one_went_and_replaces_it_when_it_is_used(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    lost(parcels, f" {reference.lower()} ")
    mail = parcels.mails()[-1]
    assert (mail.to, mail.kind, len(parcels.mails())) == (FIRST, MailKind.LINK, 2)
    desk = parcels.desk(WEB_PERSON)
    under_way = start_download(desk, token)
    assert under_way is not None
    assert start_download(desk, mail.tokens[0]) is not None
    assert start_download(desk, token) is None
    assert not may_go_on(desk, under_way)
    assert start_download(desk, mail.tokens[0]) is not None


def test_whoever_knows_nothing_but_the_reference_disturbs_nobody(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    desk = parcels.desk(WEB_PERSON)
    under_way = start_download(desk, token)
    assert under_way is not None
    for _ in range(5):
        lost(parcels, reference)
    assert may_go_on(desk, under_way)
    assert start_download(desk, token) is not None
    asked = [mail.tokens[0] for mail in parcels.mails()[1:]]
    assert start_download(desk, asked[0]) is not None
    assert start_download(desk, token) is None
    assert start_download(desk, asked[-1]) is not None
    assert [start_download(desk, each) for each in (token, *asked[:-1])] == [None] * 3


def test_a_link_to_one_package_leaves_those_to_the_other(parcels: Parcels) -> None:
    parcels.reached(FIRST)
    reference = parcels.ready(rights=(Right.ACCESS, Right.PORTABILITY))
    first = parcels.send(reference)
    lost(parcels, reference)
    desk, second = parcels.desk(WEB_PERSON), parcels.mails()[-1].tokens
    assert start_download(desk, second[0]) is not None
    assert start_download(desk, first[0]) is None
    assert start_download(desk, first[1]) is not None


def test_what_staff_send_replaces_all_at_once(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    lost(parcels, reference)
    asked = parcels.mails()[-1].tokens[0]
    parcels.send(reference)
    assert [start_download(parcels.desk(WEB_PERSON), each) for each in (token, asked)] == [None, None]


def test_three_a_day(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, _ = linked
    for _ in range(5):
        lost(parcels, reference)
    assert len(parcels.mails()) == 1 + 3
    parcels.set_clock(timedelta(days=1, seconds=1))
    lost(parcels, reference)
    assert len(parcels.mails()) == 1 + 4


def test_so_many_an_hour_over_all_requests(
    parcels: Parcels, linked: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsar_export.requests.download_links.AGAIN_PER_HOUR", 2)
    other = parcels.ready()
    parcels.send(other)
    for _ in range(2):
        lost(parcels, linked[0])
    lost(parcels, other)
    assert len(parcels.mails()) == 2 + 2


@pytest.mark.parametrize("reference", ["", "DSAR-20261122-AAAAAAAA", "\ud800", "x" * 10_000, "%", "\x00"])
def test_of_a_reference_that_nobody_has_nothing_comes(
    parcels: Parcels, linked: tuple[str, str], reference: str
) -> None:
    before = parcels.office.rows()
    lost(parcels, reference)
    assert parcels.office.rows() == before
    assert linked


@pytest.mark.parametrize("state", [s for s in State if s not in {State.AVAILABLE, State.DELIVERED}])
def test_of_a_request_without_packages_nothing_comes(
    parcels: Parcels, linked: tuple[str, str], state: State
) -> None:
    parcels.change_row(linked[0], state=state)
    before = parcels.office.rows()
    lost(parcels, linked[0])
    assert parcels.office.rows() == before


def test_a_request_that_never_had_a_link_gets_none(parcels: Parcels) -> None:
    parcels.reached(FIRST)
    lost(parcels, parcels.ready())
    assert parcels.mails() == []


def test_an_address_that_is_no_longer_on_file_gets_none(parcels: Parcels, linked: tuple[str, str]) -> None:

    World(parcels.register).run("DELETE FROM reach WHERE address = ?", FIRST)
    lost(parcels, linked[0])
    assert len(parcels.mails()) == 1
    assert parcels.actions(linked[0])[-1] == "no_contact_for_link"


def test_links_go_to_proven_contacts_alone(parcels: Parcels) -> None:
    parcels.reached(FIRST)
    with pytest.raises(WrongUseError, match="no address on file"):
        parcels.send(parcels.ready(proven=False))
    assert parcels.mails() == []


def test_the_mail_is_text_and_a_page_and_has_no_passphrase(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    (mail,) = parcels.mails()
    assert reference in mail.text
    assert mail.html.count(token) == 2
    for text in (mail.text, mail.html):
        assert PASSPHRASE not in text
        assert "C-1" not in text
        assert FIRST not in text
        assert text.index("open.html") < text.index("7-Zip")


def test_an_agent_gets_the_link_while_the_mandate_holds(parcels: Parcels) -> None:
    parcels.reached(FIRST, SECOND)
    mandate = Mandate("Agent & Co", until=START + timedelta(days=2))
    reference = parcels.ready(mandate=mandate)
    with pytest.raises(WrongUseError, match="name the agent's address"):
        parcels.send(reference)
    with pytest.raises(WrongUseError, match="exactly one address"):
        parcels.send(reference, agent_address="a@example.org, b@example.org")
    (token,) = parcels.send(reference, agent_address="agent@example.com")
    assert parcels.mails()[-1].to == "agent@example.com"
    assert not ask(parcels, token)  # no code goes to the person whom an agent acts for
    parcels.send(reference)  # the address is kept with the mandate
    lost(parcels, reference)
    assert [mail.to for mail in parcels.mails()] == ["agent@example.com"] * 3
    parcels.set_clock(timedelta(days=3))
    lost(parcels, reference)
    with pytest.raises(WrongUseError, match="mandate ended"):
        parcels.send(reference)
    assert len(parcels.mails()) == 3
