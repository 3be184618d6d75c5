"""What people ask for in vain is for staff: in the inbox and in the request, until it was sent or given out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dsar_export.errors import SourceUnreadableError
from dsar_export.model.inbox import Why
from dsar_export.requests.codes import PER_HOUR
from dsar_export.use_cases.downloads import start_download
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.unsent import Awaited
from tests.use_cases.flaky import Flaky
from tests.use_cases.parcels import FIRST, SECOND, WEB_PERSON, Parcels, ask, lost
from tests.worlds import World

REASONS = {Why.PASSPHRASE_CODE_NOT_SENT, Why.LINK_NOT_SENT}


def reasons(parcels: Parcels, by: str = "ada") -> set[Why]:
    found = inbox(parcels.desk(by), parcels.services.register)
    return {each.why for item in found for each in item.waiting} & REASONS


def shown(parcels: Parcels, reference: str) -> dict[Awaited, str]:
    return {awaited: each.why for awaited, each in request_file(parcels.desk(), reference).unsent.items()}


def without_sources(parcels: Parcels) -> Services:
    broken = Flaky(parcels.services.collectors["main"], "snapshot", 99, SourceUnreadableError)
    return replace(parcels.services, collectors={**parcels.services.collectors, "main": broken})


def _too_often(parcels: Parcels, token: str) -> None:
    for _ in range(PER_HOUR + 1):
        ask(parcels, token)


def _without_another_address(parcels: Parcels, token: str) -> None:
    World(parcels.register).run("DELETE FROM reach WHERE address = ?", SECOND)
    ask(parcels, token)


CODES: dict[str, Callable[[Parcels, str], object]] = {
    "no_other_contact": _without_another_address,
    "too_many_codes": _too_often,
    "passphrase_code_failed": lambda parcels, token: ask(parcels, token, without_sources(parcels)),
}


@pytest.mark.parametrize("why", CODES)
def test_a_code_for_the_passphrase_that_was_not_sent_waits_for_agents(
    parcels: Parcels, linked: tuple[str, str], why: str
) -> None:
    reference, token = linked
    CODES[why](parcels, token)
    assert reasons(parcels) == {Why.PASSPHRASE_CODE_NOT_SENT}
    assert reasons(parcels, "ray") == set()
    assert shown(parcels, reference) == {Awaited.PASSPHRASE_CODE: why}
    with revealed(parcels.desk(), reference):
        pass
    assert (reasons(parcels), shown(parcels, reference)) == (set(), {})


def test_it_waits_no_longer_once_a_code_is_sent(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    CODES["passphrase_code_failed"](parcels, token)
    parcels.set_clock(timedelta(hours=2))
    ask(parcels, token)
    assert (reasons(parcels), shown(parcels, reference)) == (set(), {})


def _without_the_address(parcels: Parcels, reference: str) -> None:
    World(parcels.register).run("DELETE FROM reach WHERE address = ?", FIRST)
    lost(parcels, reference)


LINKS: dict[str, Callable[[Parcels, str], object]] = {
    "no_contact_for_link": _without_the_address,
    "link_failed": lambda parcels, reference: lost(parcels, reference, without_sources(parcels)),
}


@pytest.mark.parametrize("why", LINKS)
@pytest.mark.parametrize("ends", ["sent", "used"])
def test_a_link_that_was_not_sent_waits_for_agents(
    parcels: Parcels, linked: tuple[str, str], why: str, ends: str
) -> None:
    reference, token = linked
    LINKS[why](parcels, reference)
    assert reasons(parcels) == {Why.LINK_NOT_SENT}
    assert shown(parcels, reference) == {Awaited.LINK: why}
    if ends == "sent":
        parcels.send(reference)
    else:
        assert start_download(parcels.desk(WEB_PERSON), token) is not None
    assert (reasons(parcels), shown(parcels, reference)) == (set(), {})
