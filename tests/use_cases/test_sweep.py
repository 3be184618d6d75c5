"""A sweep removes what a killed process left, and nothing that somebody needs."""

import pytest
from sqlalchemy import delete, func, select

from dsar_export.errors import StaleError
from dsar_export.model.request import Right
from dsar_export.requests.database import writing
from dsar_export.requests.installation import SWEEPS_WAIT
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.audit import trail_verdict
from dsar_export.use_cases.sweep import package_name, sweep
from dsar_export.use_cases.upkeep import accept_restored
from tests.use_cases.offices import CallingProgress, Office

UNKNOWN = "DSAR-20260101-00000000"


def leave(office: Office, reference: str, attempt: int) -> set[str]:
    """What a process left in one attempt: a part, an unfinished one, and packages of this and an earlier version."""
    folder = office.folder / "drafts" / reference / str(attempt)
    folder.mkdir(parents=True, exist_ok=True)
    office.packages.mkdir(exist_ok=True)
    packages = [office.packages / package_name(reference, attempt, right) for right in Right]
    earlier = office.packages / f"{reference}-{attempt}-access.zip"  # as an earlier version named it
    left = [folder / "ledger", folder / ".unfinished-01", *packages, earlier]
    for file in left:
        file.write_bytes(b"ciphertext")
    return {str(file.relative_to(office.folder)) for file in left}


def test_what_no_row_names_is_swept(office: Office) -> None:
    reference = office.approved(rights=tuple(Right))
    with office.built("ray", reference):
        pass
    named = office.files().keys()
    assert len(named) == 5 + 2
    leave(office, reference, 7)
    sweep(office.desk("ada"))
    assert office.files().keys() == named


def test_what_somebody_works_on_stays_even_if_the_lease_has_ended(office: Office) -> None:
    reference = office.verified()

    def dies() -> None:
        raise StaleError

    with pytest.raises(StaleError):
        office.collect("ada", reference, CallingProgress(dies))
    left = {name for name in leave(office, reference, 1) if name.startswith("drafts/")}
    sweep(office.desk("ada"))
    assert office.files().keys() == left


def test_what_belongs_to_no_request_stays(office: Office) -> None:
    left = leave(office, UNKNOWN, 1)
    (office.packages / f"{UNKNOWN}.zip").write_bytes(b"of an export at once")
    sweep(office.desk("ada"))
    assert office.files().keys() == {*left, f"packages/{UNKNOWN}.zip"}


def test_nothing_is_swept_while_the_trail_does_not_go_on_from_its_anchor(office: Office) -> None:
    """As when an older database was restored, whose rows do not name what was made after the backup."""
    left = leave(office, office.verified(), 7)
    with writing(office.installation.engine) as connection:
        last = select(func.max(TRAIL.c.number)).scalar_subquery()
        connection.execute(delete(TRAIL).where(TRAIL.c.number == last))
    sweep(office.desk("ada"))
    assert office.files().keys() == left


def test_after_a_restored_database_was_accepted_sweeps_wait_some_days(office: Office) -> None:
    left = leave(office, office.verified(), 7)
    desk = office.desk("fay")
    accept_restored(desk, trail_verdict(desk))
    sweep(desk)
    assert office.files().keys() == left
    office.now += SWEEPS_WAIT
    sweep(desk)
    assert office.files() == {}
