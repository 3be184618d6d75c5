"""A source that can't be read is a gap that somebody accepts, never an empty list."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.package import ReportChoices
from dsar_export.use_cases.export_once import count_only
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.wiring import build_services
from tests.drafts import Drafting
from tests.use_cases.flaky import Flaky
from tests.worlds import PASSPHRASE, OpenPackage, SilentProgress, export_package, open_package

DEMO_PERSON = "email=alex.fielding@example.org"
HIRE = ("hire_agreements", "licence_checks")


def demo(folder: Path) -> Drafting:
    write_organisation(folder / "register", events=20)
    return Drafting(folder, build_services(folder / "register", SilentProgress()), DEMO_PERSON)


def without(world: Drafting, database: str) -> Drafting:
    (world.folder / "register" / database).write_bytes(b"this is no database")
    return world


def exported(world: Drafting) -> ExportResult:
    order = PackageOrder(world.folder / "out", PASSPHRASE, ReportChoices("en"), gaps_accepted=True)
    return export_package(world.services, world.request, order)


def opened(result: ExportResult) -> OpenPackage:
    assert result.package is not None
    return open_package(result.package)


def test_an_unreadable_source_stops_the_export_unless_its_gap_is_accepted(tmp_path: Path) -> None:
    world = without(demo(tmp_path), "hire.db")
    with pytest.raises(SourceUnreadableError) as raised:
        world.export()
    assert raised.value.source == "hire"
    assert not list(tmp_path.rglob("*.zip"))


def test_an_accepted_gap_is_stated_and_never_an_empty_list(tmp_path: Path) -> None:
    world = without(demo(tmp_path), "hire.db")
    package = opened(exported(world))
    for dataset in HIRE:
        assert f"data/json/{dataset}.json" not in package.members
        assert f"data/csv/{dataset}.csv" not in package.members
    facts = json.loads(package.members["datapackage.json"])["dsar"]
    assert {g["dataset"] for g in facts["gaps"]} >= set(HIRE)
    answers = {p["answer"] for p in facts["promises"] if set(p.get("datasets", ())) & set(HIRE)}
    assert answers == {"not_obtained"}
    assert len(package.json("orders")) == 33


def test_a_dry_run_counts_what_can_be_read(tmp_path: Path) -> None:
    world = without(demo(tmp_path), "hire.db")
    result = count_only(world.services, world.request, gaps_accepted=True)
    read = {answer.dataset.name: answer.outcome.read for answer in result.datasets}
    assert read["orders"] == 33
    assert read["hire_agreements"] == 0
    assert {gap.dataset for gap in result.gaps} >= set(HIRE)


def test_identifiers_that_an_unreadable_source_may_know_are_a_gap_of_the_datasets_that_need_them(
    tmp_path: Path,
) -> None:
    world = without(demo(tmp_path), "group.db")
    order = PackageOrder(
        tmp_path / "out",
        PASSPHRASE,
        ReportChoices("en"),
        nothing_held_confirmed=True,
        gaps_accepted=True,
    )
    result = export_package(world.services, world.request, order)
    needing = {gap.dataset for gap in result.gaps if "further identifiers" in str(gap.reason)}
    assert needing == set(HIRE)


def test_nobody_is_not_the_answer_while_a_source_could_not_be_read(tmp_path: Path) -> None:
    world = without(demo(tmp_path), "group.db")
    with pytest.raises(SourceUnreadableError, match="'group' could not be"):
        exported(world)


def test_no_package_is_made_if_no_source_can_be_read(tmp_path: Path) -> None:
    world = without(without(demo(tmp_path), "hire.db"), "group.db")
    with pytest.raises(SourceUnreadableError, match="no source"):
        exported(world)
    assert not list(tmp_path.rglob("*.zip"))


def test_a_draft_holds_the_gap_and_its_package_states_it(tmp_path: Path) -> None:
    world = without(demo(tmp_path), "hire.db")
    ledger, facts = world.collect()
    assert not set(HIRE) & set(ledger.datasets)
    from_draft = open_package(world.build(world.open(facts)))
    at_once = opened(exported(world))
    assert from_draft.members == at_once.members


@pytest.mark.parametrize("place", ["snapshot", "probe", "chunks", "midway"])
def test_a_source_that_fails_anywhere_is_left_out_whole(tmp_path: Path, place: str) -> None:
    world = demo(tmp_path)
    failing = Flaky(world.services.collectors["hire"], place, 99, SourceUnreadableError)
    world.services = replace(world.services, collectors={**world.services.collectors, "hire": failing})
    package = opened(exported(world))
    assert failing.opened
    assert not [name for name in package.members for dataset in HIRE if name.endswith(f"json/{dataset}.json")]
    assert len(package.json("orders")) == 33
