"""Building a request: rows say which packages count, and whatever fails, there are no others."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from dsar_export.errors import NotPermittedError, NotWritableError, StaleError, WrongUseError
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Right, SubjectRequest
from dsar_export.requests.states import State
from dsar_export.requests.trail import entries
from dsar_export.use_cases import decide
from dsar_export.use_cases.collect_request import subject_request
from dsar_export.use_cases.earlier_requests import with_earlier_requests
from dsar_export.use_cases.package import PackageOrder
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import LEASE_ENDS, CallingProgress, Office
from tests.worlds import PASSPHRASE, SilentProgress, export_package, open_package

BOTH = tuple(Right)
IN_THE_SECOND = 4  # each package has three datasets, the one of earlier requests too
NEVER = 99
EACH = pytest.mark.parametrize("rights", [(Right.ACCESS,), BOTH], ids=["one right", "both rights"])


class BrokenError(Exception):
    """What no use case expects."""


def packages(office: Office) -> list[str]:
    return sorted(path.name for path in office.packages.glob("*"))


def short(names: Sequence[str | None]) -> list[str]:
    """Without what nobody can guess."""
    return [re.sub(r"-[0-9a-f]{32}\.zip$", ".zip", str(name)) for name in names]


def named(office: Office, reference: str) -> list[str | None]:
    return [package.file for package in office.published(reference)]


def members(office: Office, reference: str) -> Mapping[Right, Mapping[str, bytes]]:
    return {
        package.right: open_package(office.packages / str(package.file)).members
        for package in office.published(reference)
    }


def at_once(office: Office, request: SubjectRequest) -> Mapping[str, bytes]:
    """The members of a package that is exported without a Draft."""
    order = PackageOrder(office.folder / f"at-once-{request.right}", PASSPHRASE, ReportChoices("en"))
    desk, services = office.desk("ada"), office.with_progress(SilentProgress())
    own = with_earlier_requests(services, desk.engine, desk.vault, office.listed(request.reference))
    package = export_package(own, request, order).package
    assert package is not None
    return open_package(package).members


def test_a_request_of_both_rights_gets_the_package_of_each_under_one_approval(office: Office) -> None:
    reference = office.approved(rights=BOTH)
    with office.built("ray", reference):
        pass
    assert office.listed(reference).state is State.AVAILABLE
    assert short(named(office, reference)) == [f"{reference}-2-access.zip", f"{reference}-2-portability.zip"]
    assert packages(office) == named(office, reference)
    built, asked = members(office, reference), subject_request(office.desk("ada"), stored(office, reference))
    for right in BOTH:
        expected = at_once(office, replace(asked, right=right))
        assert built[right]["manifest-sha256.txt"] == expected["manifest-sha256.txt"]
    assert "data/json/extras.json" in built[Right.ACCESS]
    assert "data/json/extras.json" not in built[Right.PORTABILITY]
    assert "data/json/records.json" in built[Right.PORTABILITY]


def test_the_trail_names_each_package_with_its_right_and_hash(office: Office) -> None:
    reference = office.approved(rights=BOTH)
    with office.built("ray", reference):
        pass
    with office.desk("ada").looking() as act:
        found = [(e.values["action"], e.values["details"]) for e in entries(act.connection)]
    assert [d for action, d in found if action == "open"] == [
        {"rights": "access,portability", "channel": "email"}
    ]
    assert [d for action, d in found if action == "publish"] == [
        {"right": package.right, "package": package.sha256, "gaps": 0}
        for package in office.published(reference)
    ]


def test_both_rights_are_approved_by_the_stricter_policy(office: Office) -> None:
    """Access takes four eyes here, and portability any reviewer; `kim` collected."""
    alone, both = (office.verified(rights=rights) for rights in ((Right.PORTABILITY,), BOTH))
    for reference in (alone, both):
        office.collect("kim", reference)
    decide.approve(office.desk("kim"), office.services.register, alone)
    with pytest.raises(NotPermittedError, match="had no part in it"):
        decide.approve(office.desk("kim"), office.services.register, both)


def test_what_fails_in_the_second_package_leaves_no_first_one(office: Office) -> None:
    reference, passphrase = office.approved(rights=BOTH), office.folder / "passphrase"

    def breaks() -> None:
        assert f"{reference}-2-access.zip" in short(packages(office))
        assert not passphrase.exists()  # a kill here would leave it beside a package that does not count
        raise BrokenError

    progress = CallingProgress(breaks, IN_THE_SECOND)
    with pytest.raises(BrokenError), office.built("ray", reference, progress, passphrase):
        pass
    assert office.listed(reference).state is State.FAILED
    assert packages(office) == []
    assert named(office, reference) == []
    with office.built("ray", reference, file=passphrase):
        assert passphrase.read_text(encoding="ascii").strip() == PASSPHRASE
    assert packages(office) == named(office, reference)
    assert short(packages(office)) == [f"{reference}-3-{right}.zip" for right in BOTH]


@EACH
def test_packages_that_rows_name_stay_whatever_fails_afterwards(
    office: Office, rights: tuple[Right, ...]
) -> None:
    """The anchor is written after the commit, when the passphrase was shown: without packages, all would be lost."""
    reference = office.approved(rights=rights)
    with pytest.raises(NotWritableError, match="What you did is done"), office.built("ray", reference):  # noqa: PT012 - what the block does
        office.anchor.with_name(f"{office.anchor.name}.lock").unlink()
        office.anchor.with_name(f"{office.anchor.name}.lock").mkdir()
    assert office.listed(reference).state is State.AVAILABLE
    assert packages(office) == named(office, reference)


@pytest.mark.parametrize("when", ["early", "between the packages", "late"])
def test_an_attempt_that_lost_the_request_does_not_touch_the_packages_of_another(
    office: Office, when: str
) -> None:
    """Whether it lost it while the passphrase was shown, or before it put its own packages in place."""
    rights = (Right.ACCESS,) if when == "early" else BOTH
    reference = office.approved(rights=rights)

    def take_over() -> None:
        office.now += LEASE_ENDS
        with office.built("ada", reference):
            pass

    number = {"early": 1, "between the packages": IN_THE_SECOND, "late": NEVER}[when]
    progress = CallingProgress(take_over, number)
    with pytest.raises(StaleError), office.built("ray", reference, progress):  # noqa: PT012 - what the block does
        if when == "late":
            take_over()
    published = office.published(reference)
    assert packages(office) == named(office, reference)
    assert short(packages(office)) == [f"{reference}-3-{right}.zip" for right in rights]
    for package in published:
        content = (office.packages / str(package.file)).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package.sha256


@EACH
def test_a_request_that_is_cancelled_while_its_passphrase_is_shown_has_no_package(
    office: Office, rights: tuple[Right, ...]
) -> None:
    reference = office.approved(rights=rights)
    with pytest.raises(StaleError), office.built("ray", reference):
        decide.cancel(office.desk("ada"), reference)
    assert office.files() == {}
    assert office.published(reference) == ()


def test_a_passphrase_file_that_exists_is_refused_before_anything_changes(office: Office) -> None:
    reference, before = office.approved(), office.rows()
    with pytest.raises(WrongUseError, match="exists"), office.built("ray", reference, file=office.anchor):
        pass
    assert {**before, "trail": office.rows()["trail"]} == office.rows()
    assert office.listed(reference).state is State.APPROVED
