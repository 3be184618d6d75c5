"""Where a request is while somebody looks on, and what leads to its packages."""

from datetime import timedelta

import pytest

from dsar_export.errors import NotPermittedError
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.requests.database import writing
from dsar_export.requests.download_links import LASTS, MOST_DOWNLOADS
from dsar_export.requests.states import State
from dsar_export.requests.work import park
from dsar_export.use_cases.links import made_links, revoke
from dsar_export.use_cases.standing import handed_out, standing
from tests.use_cases.offices import WEB, Office
from tests.use_cases.workbenches import Workplace


def test_work_goes_on_until_it_is_done_or_parked(office: Office) -> None:
    place = Workplace(office)
    reference = place.asked()
    seen = standing(office.desk("aud"), reference)
    assert (seen.state, seen.goes_on, seen.somebody_works) == (State.VERIFIED, True, False)
    with writing(office.installation.engine) as connection:
        park(connection, reference, office.now, "source main does not answer")
    assert not standing(office.desk("aud"), reference).goes_on
    place.ask(reference)
    place.perform()
    seen = standing(office.desk("aud"), reference)
    assert (seen.state, seen.attempt, seen.work, seen.goes_on) == (State.IN_REVIEW, 1, None, False)


def test_links_are_shown_while_they_count(office: Office) -> None:
    reference, other = office.approved(), office.approved()
    for each in (reference, other):
        with office.built("ray", each):
            pass
        with office.desk("ada").acting() as act:
            assert len(made_links(act, each, "ada", WEB, None)) == 1
    found = handed_out(office.desk("aud"), reference)
    assert not found.passphrase_waits
    assert list(found.links) == [Right.ACCESS]
    link = found.links[Right.ACCESS]
    assert (link.used, link.left, link.expires_at - link.made_at) == (0, MOST_DOWNLOADS, LASTS)
    revoke(office.desk("ada"), reference)
    assert handed_out(office.desk("aud"), reference).links == {}
    assert handed_out(office.desk("aud"), other).links
    office.now += LASTS + timedelta(seconds=1)
    assert handed_out(office.desk("aud"), other).links == {}


def test_neither_is_for_another_controller(office: Office) -> None:
    reference = office.verified()
    for look in (standing, handed_out):
        with pytest.raises(NotPermittedError, match=Role.AGENT.value):
            look(office.desk("bea"), reference)
