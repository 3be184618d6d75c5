"""No matter how alike people are, each gets all of their own rows and no others, or the export asks."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from dsar_export.errors import SubjectAmbiguousError
from tests.isolation.organisation import Organisation, everything, move_to_postgres
from tests.isolation.perturbing import PEOPLE, Likeness, Somebody, likenesses, make_alike, only_some
from tests.isolation.test_everybody import assert_balanced, assert_whole, strange_marks
from tests.worlds import OpenPackage
from tools.servers.postgres import PostgresServer

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a world takes minutes
worlds = st.lists(likenesses, max_size=3)
rights = st.sampled_from(["access", "portability"])


@pytest.fixture(scope="session")
def few(storable: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    copied = storable.copy(tmp_path_factory.mktemp("few") / "organisation")
    only_some(copied)
    return copied


def assert_each_gets_their_own_or_is_asked(
    organisation: Organisation, alike: Sequence[Likeness], right: str, read_from: Organisation, out: Path
) -> None:
    """Exports from `read_from`, which has the same rows as `organisation`; the latter counts them."""
    # A tablet that was handed on raises no question unless something else changes too.
    harmless = {"name", "tablet"} if len(alike) == 1 else {"name"}
    changed = [likeness for likeness in alike if likeness.kind not in harmless]
    # Compared by number, because one person has the same address at every company.
    involved = {p.number for likeness in changed for p in (likeness.one, likeness.other)}
    asked_about: list[Somebody] = []
    for somebody in PEOPLE:
        try:
            package = _package(read_from, somebody, right, out)
        except SubjectAmbiguousError:
            asked_about.append(somebody)
            package = _package(read_from, somebody, right, out, chosen=True)
            _assert_sound(package, somebody)
        else:
            _assert_sound(package, somebody)
            if right == "access":
                assert_whole(organisation, package, somebody.number, somebody.company)
    assert {somebody.number for somebody in asked_about} <= involved


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


@settings(max_examples=8, deadline=None, phases=PHASES)
@given(alike=worlds, right=rights)
@example(alike=[Likeness("phone", HIRER, ABROAD, "same")], right="access")  # the hire desk knows them by it
@example(alike=TWICE, right="access")
def test_any_of_several_people_gets_their_own_rows_or_is_asked_about(
    alike: list[Likeness], right: str, few: Organisation
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = few.copy(Path(folder) / "organisation")
        make_alike(world, alike)
        assert_each_gets_their_own_or_is_asked(world, alike, right, world, Path(folder) / "out")


@settings(max_examples=3, deadline=None, phases=PHASES)
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
        make_alike(world, alike)
        moved = world.copy(Path(folder) / "moved")
        move_to_postgres(moved, {"group.db": group, "hire.db": hire})
        assert_each_gets_their_own_or_is_asked(world, alike, right, moved, Path(folder) / "out")
