"""What `request show` and `request list` say about a request, and the question before one is cancelled."""

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from dsar_export.wiring.desk import login_name
from tests.cli import test_requests
from tests.cli.commands import COMMAND, on_a_terminal
from tests.cli.test_requests import REVIEWER, Office, second_source
from tests.worlds import SUBJECT

office = test_requests.office
LONG_AGO: Final = (datetime.now(UTC) - timedelta(days=60)).date().isoformat()
OPEN: Final = ("request", "open", "--controller", "acme", "--identifiers-file", "-", "--right")


def references(office: Office, *options: str) -> list[str]:
    found = office.done("request", "list", *options)["requests"]
    assert isinstance(found, list)
    return [each["reference"] for each in found]


def test_accepted_gaps_and_the_reasons_of_decisions_are_shown(office: Office) -> None:
    second_source(office)
    reference = office.in_review()
    accept = ("request", "accept-gap", reference, "--source", "second", "--reason-file", "-")
    office.done(*accept, stdin="the server is lost", uid=REVIEWER)
    shown = office.run("request", "show", reference).out
    assert "accepted gaps  second\n" in shown
    assert "accept gap (second) by robin, " in shown
    assert ": the server is lost\n" in shown
    (gap,) = list(office.done("request", "show", reference)["accepted_gaps"])  # type: ignore[call-overload] # a list
    assert (gap["source"], gap["by"], gap["reason"]) == ("second", "robin", "the server is lost")
    office.done("request", "collect", "--now", reference, "--anew")
    assert "accepted gaps" not in office.run("request", "show", reference).out


def test_the_ground_of_a_refusal_and_an_overdue_answer_are_shown(office: Office) -> None:
    reference = str(office.done(*OPEN, "access", "--received", LONG_AGO, stdin=SUBJECT)["reference"])
    assert ", overdue\n" in office.run("request", "show", reference).out
    assert office.done("request", "show", reference)["overdue"] is True
    refuse = ("request", "refuse", reference, "--ground", "excessive", "--reason-file", "-")
    office.done(*refuse, stdin="the third one", uid=REVIEWER)
    shown = office.run("request", "show", reference).out
    assert "ground        excessive\n" in shown
    assert "refuse (excessive) by robin, " in shown
    assert "overdue" not in shown
    assert office.done("request", "show", reference)["overdue"] is False


def test_the_list_has_only_what_fits_every_option(office: Office) -> None:
    me = login_name(os.getuid())
    late = str(office.done(*OPEN, "access", "--received", LONG_AGO, stdin=SUBJECT)["reference"])
    both = office.opened(rights=("access", "portability"))
    verified = office.verified()
    ended = office.opened()
    office.done("request", "cancel", ended, "--yes")
    office.done("request", "assign", verified, me)
    everything = {late, both, verified}
    assert set(references(office)) == set(references(office, "--controller", "acme")) == everything
    assert references(office, "--overdue") == [late]
    assert references(office, "--right", "portability") == [both]
    assert references(office, "--state", "verified") == references(office, "--assigned-to", me) == [verified]
    assert set(references(office, "--state", "received", "--state", "cancelled")) == {late, both, ended}
    assert references(office, "--state", "received", "--assigned-to", me) == []
    assert references(office, "--assigned-to", "robin") == []
    table = office.run("request", "list", "--overdue").out
    assert (late in table, both in table) == (True, False)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--state", "verifyed"), "--state is one of received, verified, "),
        (("--right", "acess"), "--right is one of access, portability"),
        (("--controller", "acem"), "no controller 'acem' in the register; nearest valid name: acme"),
        (("--assigned-to", "robbin"), "nobody is called 'robbin' here; nearest valid name: robin"),
    ],
)
def test_an_option_that_nothing_can_fit_is_refused_with_what_is_allowed(
    office: Office, option: tuple[str, str], words: str
) -> None:
    finished = office.run("request", "list", *option)
    assert (finished.code, words in finished.err, finished.err.count("\n")) == (2, True, 1)


def test_nobody_cancels_without_being_asked_or_saying_yes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = office.opened()
    refused = office.run("request", "cancel", reference)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "nothing was changed" in refused.err
    assert "run it again with --yes" in refused.err
    assert office.state(reference) == "received"
    for name in ("DSAR_STATE", "DSAR_REGISTER"):
        monkeypatch.setenv(name, os.environ[name])
    command = [*COMMAND, "request", "cancel", reference]
    assert command[0] == sys.executable
    code, shown = on_a_terminal(command, "n", office.folder)
    assert (code, "go on? [y/N]:" in shown, "nothing was changed" in shown) == (2, True, True)
    assert on_a_terminal(command, "y", office.folder)[0] == 0
    assert office.state(reference) == "cancelled"
    again = office.run("request", "cancel", reference)
    assert (again.code, "possible now: " in again.err) == (2, True)
