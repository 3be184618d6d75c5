"""Building a request: the row says which package counts, and whatever fails, there is no other."""

import hashlib

import pytest

from dsar_export.errors import NotWritableError, StaleError, WrongUseError
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from tests.use_cases.offices import LEASE_ENDS, CallingProgress, Office
from tests.worlds import SilentProgress


def packages(office: Office) -> list[str]:
    return sorted(path.name for path in office.packages.glob("*"))


def test_a_package_that_the_row_names_stays_whatever_fails_afterwards(office: Office) -> None:
    """The anchor is written after the commit, when the passphrase was shown: without the package, all would be lost."""
    reference = office.approved()
    with pytest.raises(NotWritableError, match="What you did is done"), office.built("ray", reference):  # noqa: PT012 - what the block does
        office.anchor.with_name(f"{office.anchor.name}.lock").unlink()
        office.anchor.with_name(f"{office.anchor.name}.lock").mkdir()
    assert office.listed(reference).state is State.AVAILABLE
    assert packages(office) == [office.listed(reference).package]


@pytest.mark.parametrize("late", [True, False])
def test_an_attempt_that_lost_the_request_does_not_touch_the_package_of_another(
    office: Office, *, late: bool
) -> None:
    """Whether it lost it while the passphrase was shown, or before it put its own package in place."""
    reference = office.approved()

    def take_over() -> None:
        office.now += LEASE_ENDS
        with office.built("ada", reference):
            pass

    progress = SilentProgress() if late else CallingProgress(take_over)
    with pytest.raises(StaleError), office.built("ray", reference, progress):  # noqa: PT012 - what the block does
        if late:
            take_over()
    listed = office.listed(reference)
    assert packages(office) == [listed.package]
    (package,) = office.packages.glob("*")
    assert hashlib.sha256(package.read_bytes()).hexdigest() == listed.package_sha256


def test_a_request_that_is_cancelled_while_its_passphrase_is_shown_has_no_package(office: Office) -> None:
    reference = office.approved()
    with pytest.raises(StaleError), office.built("ray", reference):
        decide.cancel(office.desk("ada"), reference)
    assert office.files() == {}


def test_a_passphrase_file_that_exists_is_refused_before_anything_changes(office: Office) -> None:
    reference, before = office.approved(), office.rows()
    with pytest.raises(WrongUseError, match="exists"), office.built("ray", reference, file=office.anchor):
        pass
    assert {**before, "trail": office.rows()["trail"]} == office.rows()
    assert office.listed(reference).state is State.APPROVED
