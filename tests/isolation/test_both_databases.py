"""The same data in SQLite and in PostgreSQL gives the same payload."""

from pathlib import Path

import pytest

from dsar_export.demo import canary
from dsar_export.errors import SubjectAmbiguousError
from tests.isolation.organisation import Organisation, everything
from tests.isolation.test_everybody import CERTAIN, assert_whole, strange_marks
from tests.worlds import OpenPackage

pytestmark = pytest.mark.usefixtures("one_salt")


def payload(package: OpenPackage) -> dict[str, bytes]:
    return {name: body for name, body in package.members.items() if name.startswith("data/")}


@pytest.mark.parametrize("right", ["access", "portability"])
@pytest.mark.parametrize("somebody", CERTAIN[::11], ids=str)
def test_the_payload_is_the_same_byte_for_byte(
    somebody: tuple[int, str, str],
    right: str,
    storable: Organisation,
    on_postgres: Organisation,
    tmp_path: Path,
) -> None:
    number, company, customer = somebody
    who = f"customer_id={customer}"
    here = storable.package(tmp_path / "here", who, company=company, right=right)
    there = on_postgres.package(tmp_path / "there", who, company=company, right=right)
    assert payload(there) == payload(here)
    assert here.members["manifest-sha256.txt"] == there.members["manifest-sha256.txt"]
    assert strange_marks(number, company, everything(there)) == []
    if right == "access":
        assert_whole(storable, there, number, company)


def test_on_postgresql_too_a_person_who_may_be_two_is_asked_about(
    on_postgres: Organisation, tmp_path: Path
) -> None:
    for who in ("customer_id=C-61", "customer_id=C-33", "email=k.marlow@example.org", "customer_id=C-51"):
        with pytest.raises(SubjectAmbiguousError):
            on_postgres.package(tmp_path, who)
    package = on_postgres.package(tmp_path, "customer_id=C-33", chosen=("C-33",))
    assert canary(34, "devices").encode() not in everything(package)


def test_addresses_compare_alike_whatever_their_case_on_either(
    storable: Organisation, on_postgres: Organisation, tmp_path: Path
) -> None:
    for address in ("ALEX.FIELDING@EXAMPLE.ORG", "ZO\u00cb.OBrien@example.org"):
        packages = [o.package(tmp_path, f"email={address}") for o in (storable, on_postgres)]
        assert payload(packages[0]) == payload(packages[1])
        assert packages[0].json("email_events") != []
