"""No matter how alike people are, each gets all of their own rows and no others, or the export asks."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from dsar_export.demo import canary
from dsar_export.errors import SubjectAmbiguousError
from tests.isolation.organisation import Organisation, everything, move_to_postgres
from tests.isolation.perturbing import PEOPLE, Likeness, Somebody, email_of, likenesses, make_alike, only_some
from tests.isolation.test_everybody import assert_balanced, assert_whole, strange_marks, tables_of
from tests.worlds import OpenPackage
from tools.servers.postgres import PostgresServer

pytestmark = pytest.mark.usefixtures("one_salt")
TIMES: Final = int(os.environ.get("PROPERTY_TIMES", "1"))
"""How many times as many worlds the long form tries."""
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a world takes minutes
worlds = st.lists(likenesses, max_size=3)
rights = st.sampled_from(["access", "portability"])


@pytest.fixture(scope="session")
def few(storable: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    copied = storable.copy(tmp_path_factory.mktemp("few") / "organisation")
    only_some(copied)
    return copied


# The datasets whose rows name their owner by what a likeness makes equal: nobody can decide whose those rows are.
IN_DISPUTE: Mapping[str, frozenset[str]] = {
    "email": frozenset({"email_events"}),
    "phone": frozenset({"hire_agreements", "licence_checks"}),
    "device": frozenset({"devices", "web_sessions"}),
    "tablet": frozenset({"devices", "web_sessions"}),
}
SAME_ADDRESS = {"same", "upper", "space"}
"""The forms in which an address is still equal; other likenesses are the same in any form."""


def must_be_asked_about(organisation: Organisation, likeness: Likeness) -> frozenset[Somebody]:
    """The people whom one likeness makes one person to a company, before it is made."""
    one, other = likeness.one, likeness.other
    equal = likeness.kind != "email" or likeness.form in SAME_ADDRESS
    if likeness.kind == "email" and likeness.form == "homoglyph":
        equal = "a" not in email_of(organisation, other)
    asked = one.company == other.company and likeness.kind not in {"name", "tablet"} and equal
    return frozenset({one, other} if asked else ())


def assert_each_gets_their_own_or_is_asked(
    organisation: Organisation,
    alike: Sequence[Likeness],
    right: str,
    read_from: Organisation,
    out: Path,
    expected: frozenset[Somebody] | None,
) -> None:
    """Exports from `read_from`, which has the same rows as `organisation`; the latter counts them.

    `expected` are the people who must be asked about, and nobody else; None if several likenesses make that unknown.
    """
    # Compared by number, because one person has the same address at every company.
    involved = {
        p.number for likeness in alike if likeness.kind != "name" for p in (likeness.one, likeness.other)
    }
    in_dispute = frozenset[str]().union(*(IN_DISPUTE.get(likeness.kind, ()) for likeness in alike))
    asked_about = set[Somebody]()
    for somebody in PEOPLE:
        try:
            package = _package(read_from, somebody, right, out)
        except SubjectAmbiguousError:
            asked_about.add(somebody)
            package = _package(read_from, somebody, right, out, chosen=True)
            assert_rows_read(organisation, package, somebody, in_dispute)
        else:
            assert_rows_read(organisation, package, somebody)
            if right == "access":
                assert_whole(organisation, package, somebody.number, somebody.company)
        _assert_sound(package, somebody)
    assert {somebody.number for somebody in asked_about} <= involved
    assert expected is None or asked_about == expected


def assert_rows_read(
    organisation: Organisation,
    package: OpenPackage,
    somebody: Somebody,
    in_dispute: frozenset[str] = frozenset(),
) -> None:
    """Asserts under either right that all of a person's rows were read, each once; of those in dispute, no more."""
    for outcome in assert_balanced(package):
        name = outcome["dataset"]
        marks = {table: canary(somebody.number, table, somebody.company) for table in tables_of(name)}
        held = sum(organisation.rows_with(mark, table) for table, mark in marks.items())
        assert outcome["read"] == held or (name in in_dispute and outcome["read"] < held), name


def expected_questions(organisation: Organisation, alike: Sequence[Likeness]) -> frozenset[Somebody] | None:
    """Who must be asked about; None if several likenesses may add up."""
    harmful = [likeness for likeness in alike if likeness.kind != "name"]
    if len(harmful) > 1:
        return None
    return must_be_asked_about(organisation, harmful[0]) if harmful else frozenset()


def _package(
    read_from: Organisation, somebody: Somebody, right: str, out: Path, *, chosen: bool = False
) -> OpenPackage:
    ids = (somebody.id,) if chosen else ()
    who = f"customer_id={somebody.id}"
    return read_from.package(out, who, company=somebody.company, right=right, chosen=ids)


def _assert_sound(package: OpenPackage, somebody: Somebody) -> None:
    assert strange_marks(somebody.number, somebody.company, everything(package)) == []
    assert_balanced(package)


HIRER = next(p for p in PEOPLE if (p.number, p.company) == (17, "GB"))
# A phone number that belonged to somebody else for a moment.
TWICE = [Likeness("phone", PEOPLE[0], HIRER, "same"), Likeness("phone", PEOPLE[0], PEOPLE[2], "same")]
ABROAD = next(p for p in PEOPLE if p.company == "DE")


@settings(max_examples=4 * TIMES, deadline=None, phases=PHASES)
@given(alike=worlds, right=rights)
@example(alike=[Likeness("phone", HIRER, ABROAD, "same")], right="access")  # the hire desk knows them by it
@example(alike=TWICE, right="access")
@example(alike=[Likeness("email", PEOPLE[0], PEOPLE[2], "upper")], right="portability")
@example(alike=[Likeness("email", PEOPLE[0], PEOPLE[2], "homoglyph")], right="portability")
@example(alike=[Likeness("merge", PEOPLE[3], PEOPLE[4], "same")], right="access")
def test_any_of_several_people_gets_their_own_rows_or_is_asked_about(
    alike: list[Likeness], right: str, few: Organisation
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = few.copy(Path(folder) / "organisation")
        expected = expected_questions(world, alike)
        make_alike(world, alike)
        assert_each_gets_their_own_or_is_asked(world, alike, right, world, Path(folder) / "out", expected)


@settings(max_examples=2 * TIMES, deadline=None, phases=PHASES)
@given(alike=worlds, right=rights)
def test_on_postgresql_too(
    alike: list[Likeness], right: str, few: Organisation, postgres: PostgresServer
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres.database("group") as group,
        postgres.database("hire") as hire,
    ):
        world = few.copy(Path(folder) / "organisation")
        expected = expected_questions(world, alike)
        make_alike(world, alike)
        moved = world.copy(Path(folder) / "moved")
        move_to_postgres(moved, {"group.db": group, "hire.db": hire})
        assert_each_gets_their_own_or_is_asked(world, alike, right, moved, Path(folder) / "out", expected)
