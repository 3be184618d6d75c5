"""`--subject`: as one of which people somebody is answered, where a register has several kinds."""

from pathlib import Path

import pytest

from tests.cli import test_requests
from tests.cli.commands import VERIFIED, Finished, in_this_process
from tests.cli.test_requests import REVIEWER, Office
from tests.use_cases.firms import SAM, founded
from tests.worlds import SUBJECT

SEVERAL = "dsar-export: these identifiers fit several kinds of people; name one: customers, employees"
OPEN = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")


office = test_requests.office


@pytest.fixture
def firm(office: Office) -> Office:
    """The office with the register of a firm."""
    office.patch.setenv("DSAR_REGISTER", str(founded(office.folder).folder))
    return office


@pytest.mark.parametrize("command", [("identify",), ("export", "--right", "access", "--dry-run", *VERIFIED)])
def test_a_person_is_sought_among_the_kind_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    folder = founded(tmp_path).folder
    name, *rest = command

    def run(*more: str, stdin: str = SAM) -> Finished:
        given = (name, folder, "--controller", "acme", *rest, "--identifiers-file", "-", *more)
        return in_this_process(capsys, *given, stdin=stdin)

    refused = run()
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[-1] == SEVERAL
    named = run("--subject", "employees", "--json")
    assert (named.code, named.json["subject"]) == (0, "employees")
    assert "customer_id" not in named.out
    assert run("--json", stdin="customer_id=7").json["subject"] == "customers"
    assert run("--subject", "staff").code == 2


def test_a_request_is_opened_shown_and_corrected_with_its_kind_of_people(firm: Office) -> None:
    refused = firm.run(*OPEN, stdin=SAM)
    assert (refused.code, refused.err.splitlines()[-1]) == (2, SEVERAL)
    reference = str(firm.done(*OPEN, "--subject", "customers", stdin=SAM)["reference"])
    corrected = firm.done(
        "request", "correct", reference, "--identifiers-file", "-", "--subject", "employees", stdin=SAM
    )
    assert corrected["subject"] == "employees"
    assert "subject       employees\n" in firm.run("request", "show", reference).out
    (listed,) = list(firm.done("request", "list")["requests"])  # type: ignore[call-overload] # a list
    assert listed["subject"] == "employees"
    verify = ("request", "verify", reference, "--by-evidence", "known_address", "--evidence-file", "-")
    firm.done(*verify, stdin="seen")
    assert firm.done("request", "identify", reference)["subject"] == "employees"
    collected = firm.done("request", "collect", "--now", reference)
    assert (collected["state"], collected["unread"]) == ("in_review", [])
    datasets = firm.done("request", "review", reference)["datasets"]
    assert datasets == [{"name": "salaries", "read": 1}, {"name": "data_requests", "read": 0}]
    firm.done("request", "approve", reference, uid=REVIEWER)
    built = firm.done("request", "build", "--now", reference, "--write-passphrase", firm.folder / "p.txt")
    (package,) = list(built["packages"])  # type: ignore[call-overload] # a list
    assert package["subject"] == "employees"


def test_a_register_without_kinds_shows_none_and_refuses_a_name(office: Office) -> None:
    assert office.done("request", "show", office.opened())["subject"] is None
    refused = office.run(*OPEN, "--subject", "customers", stdin=SUBJECT)
    assert refused.code == 2
    assert "leave it out" in refused.err
    assert "subject  " not in office.run("request", "list").out
