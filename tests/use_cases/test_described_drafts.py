"""A Draft keeps the schemas that were made from a catalogue: what was approved is sent, whatever the catalogue says."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from dsar_export.demo import write_organisation
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.draft import PartFacts
from dsar_export.wiring import build_services
from tests.drafts import Drafting
from tests.use_cases.flaky import Flaky
from tests.worlds import OpenPackage, SilentProgress, open_package

PERSON = "email=alex.fielding@example.org"
HIRE = "hire_agreements"
FEEDBACK = "feedback"
CHANGES = {
    HIRE: (
        (
            'schema = "hire_agreements"',
            'origin = "observed"\ntitle = "Your hire agreements"\nperiod = "collected_at"',
        ),
        ('path = "/return/place"', 'path = "/return/place", type = "string"'),
        (
            'path = "/return/late_minutes"',
            'path = "/return/late_minutes", type = "integer", origin = "derived"',
        ),
        ('path = "/insurance/excess"', 'path = "/insurance/excess", type = "decimal"'),
    ),
    FEEDBACK: (
        ('schema = "feedback"', 'origin = "provided"'),
        ('column = "received_at"', 'column = "received_at", type = "date-time"'),
    ),
}


def described(folder: Path) -> Drafting:
    """The example organisation, whose register describes the fields of two datasets itself."""
    register = write_organisation(folder / "register", events=5).register
    for name, changes in CHANGES.items():
        file = register / "datasets" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")
    return Drafting(folder, build_services(register, SilentProgress()), PERSON)


def built(world: Drafting, ledger: PartFacts) -> OpenPackage:
    path = world.build(world.open(ledger))
    package = open_package(path)
    path.unlink()
    return package


def schema_in(package: OpenPackage, dataset: str = HIRE) -> dict[str, object]:
    document: dict[str, object] = json.loads(package.members[f"data/schemas/{dataset}.schema.json"])
    return document


def failing(world: Drafting, source: str) -> None:
    broken = Flaky(world.services.collectors[source], "snapshot", 10**9, SourceUnreadableError)
    world.services = replace(world.services, collectors={**world.services.collectors, source: broken})


def test_a_package_from_a_draft_has_the_schema_that_its_records_were_made_with(tmp_path: Path) -> None:
    world = described(tmp_path)
    _, facts = world.collect()
    (world.services.register.folder / "hire.db").unlink()  # a package from a Draft needs no source
    package = built(world, facts)
    assert len(package.json(HIRE)) > 0
    properties = schema_in(package)["properties"]
    assert isinstance(properties, dict)
    assert properties["price"]["x-currency-field"] == "currency"
    assert properties["returned_at"]["type"] == ["string", "null"]
    assert properties["agreement_id"]["type"] == "integer"
    assert properties["late_minutes"]["x-origin"] == "derived"


def test_a_source_that_is_read_later_completes_its_own_schema(tmp_path: Path) -> None:
    world = described(tmp_path)
    honest = world.services
    whole = schema_in(built(world, world.collect()[1]))
    failing(world, "hire")
    ledger, facts = world.collect(2)
    assert HIRE not in ledger.datasets
    unread = built(world, facts)
    assert "Your hire agreements" in str(json.loads(unread.members["datapackage.json"]))
    assert f"data/schemas/{HIRE}.schema.json" not in unread.members
    world.services = honest
    completed = world.complete(facts, 3)
    assert completed is not None
    assert schema_in(built(world, completed[1])) == whole


def test_records_that_are_carried_over_keep_their_schema_although_the_catalogue_changed(
    tmp_path: Path,
) -> None:
    world = described(tmp_path)
    honest = world.services
    failing(world, "hire")
    _, facts = world.collect()
    before = schema_in(built(world, facts), FEEDBACK)
    with closing(sqlite3.connect(honest.register.folder / "group.db")) as group, group:
        group.execute("ALTER TABLE feedback DROP COLUMN answer")
        group.execute("ALTER TABLE feedback ADD COLUMN answer INTEGER")
    world.services = honest
    completed = world.complete(facts)
    assert completed is not None
    package = built(world, completed[1])
    assert schema_in(package, FEEDBACK) == before
    assert package.json(HIRE)
    assert schema_in(built(world, world.collect(3)[1]), FEEDBACK) != before
