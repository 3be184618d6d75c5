"""Conservation: for any cells, every row is written or kept beside, and every cell can be recovered."""

import base64
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dsar_export.errors import ConservationError
from dsar_export.export.digest import Digester
from dsar_export.export.pipeline import Subject, count_dataset, seal_dataset
from dsar_export.export.plan import DatasetPlan
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.interfaces import Snapshot
from dsar_export.model.identity import Identity, Reached
from dsar_export.model.outcome import RecordLines
from dsar_export.model.request import Identifier, Right
from dsar_export.model.source import CHUNK_ROWS
from dsar_export.sealing.members import Rendered, Rendering
from dsar_export.sealing.writer import Sealer
from dsar_export.wiring import build_services
from tests.export.every_kind import BECAME, MORE, SOURCES, Row, anything, fitting, must_be_kept_beside
from tests.worlds import (
    NOON,
    PASSPHRASE,
    MoreField,
    OpenPackage,
    SilentProgress,
    World,
    hostile_cells,
    without_documents,
)

SLOW = settings(deadline=None, max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
TAGS = {"bytes that are not UTF-8": "surrogateescape", "text with lone surrogates": "surrogatepass"}

rows = st.lists(
    st.fixed_dictionaries({name: st.none() | cells | anything for name, cells in fitting.items()}),
    min_size=1,
    max_size=8,
)


@contextmanager
def small_world(
    subject: Sequence[Mapping[str, object]], more: Mapping[str, MoreField] = MappingProxyType({})
) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "register", more=more).write(subject, [{"text": "a stranger's"}])
        world.services = without_documents(world.build())
        yield world


def stored_cells(world: World) -> list[dict[str, object]]:
    """The subject's rows as the database stores them; undecodable bytes of a text become lone surrogates."""
    with closing(sqlite3.connect(world.database)) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        names = ", ".join(world.columns)
        found = database.execute(f"SELECT id, {names} FROM records WHERE customer_id = 'C-1' ORDER BY id")
        return [dict(zip(("record_id", *world.columns), cells, strict=True)) for cells in found]


def is_as_stored(cell: object, exported: object) -> bool:
    """Whether a value that fits no field is the stored cell itself, or tagged where JSON has no such value."""
    return _same_tagged(cell, exported) or (type(cell), repr(cell)) == (type(exported), repr(exported))


def _same_tagged(cell: object, exported: object) -> bool:
    if not isinstance(exported, dict) or not {"$number", "$base64"} & set(exported):
        return False
    if "$number" in exported:
        return bool(repr(cell) == exported["$number"])
    raw = base64.b64decode(exported["$base64"])
    return cell == (raw if exported["$was"] == "bytes" else raw.decode("utf-8", TAGS[str(exported["$was"])]))


def assert_conserved(world: World, package: OpenPackage) -> None:
    stored, records, kept = stored_cells(world), package.json(), package.kept_beside()
    outcome = package.outcome()
    assert outcome["read"] == len(stored) == len(records) + len(kept)
    assert (outcome["written"], outcome["nonconforming"], outcome["withheld"]) == (len(records), len(kept), 0)
    places = [str(cells["record_id"]) for cells in stored]
    by_id = {str(record["record_id"]): (record, frozenset[str]()) for record in records}
    for row in kept:
        values, reasons = row["values"], row["reasons"]
        assert isinstance(values, dict)
        assert isinstance(reasons, list)
        assert int(str(row["row"])) == places.index(values["record_id"]) + 1
        assert values["record_id"] not in by_id
        by_id[values["record_id"]] = values, frozenset(r["field"].removeprefix("/") for r in reasons)
    for cells in stored:
        assert_cells_conserved(cells, *by_id[str(cells["record_id"])])


def assert_cells_conserved(cells: Row, record: Row, unfit: frozenset[str]) -> None:
    """Asserts that each cell became what its field must hold, and an unfit one stayed itself."""
    for name in BECAME.keys() & record.keys():
        cell, exported = cells[SOURCES[name]], record[name]
        if cell is None:
            assert exported is None, (name, exported)
        elif exported is None:
            assert name in {"details", "items"}, (name, cell)
            assert json.loads(str(cell)) is None, cell  # JSON's own null
        elif name not in unfit or not is_as_stored(cell, exported):
            assert BECAME[name](cell, exported, cells), (name, cell, exported)
        if f"{name}_as_stored" in record and name not in unfit:
            beside = cell if must_be_kept_beside(name, cells) else None
            assert record[f"{name}_as_stored"] == beside, (name, cell)


def assert_same_in_csv(package: OpenPackage) -> None:
    records, table = package.json(), package.csv()
    assert len(records) == len(table)
    for record, line in zip(records, table, strict=True):
        assert {name: _from_csv(name, line[name]) for name in record} == {
            name: "" if cell is None else cell for name, cell in record.items()
        }


def _from_csv(name: str, cell: str) -> object:
    """The value of a CSV cell, read as the documentation of the CSV describes."""
    if cell and name in {"details", "items"}:
        return json.loads(cell)
    if cell and name in {"whole", "number", "octets"}:
        return float(cell) if set(cell) & set(".e") else int(cell)
    if cell and name == "flag":
        return {"true": True, "false": False}[cell]
    return re.sub("\\A'(?='*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])", "", cell)


@SLOW
@given(rows)
def test_every_row_and_every_cell_is_conserved_and_json_equals_csv(
    cells: list[dict[str, object]],
) -> None:
    with small_world(cells, MORE) as world:
        package = world.package()
        assert_conserved(world, package)
        assert_same_in_csv(package)


@settings(SLOW, max_examples=10)
@given(st.lists(st.fixed_dictionaries(dict(fitting)), min_size=1, max_size=5))
def test_rows_that_fit_are_mostly_written_so_that_the_property_is_meaningful(
    cells: list[dict[str, object]],
) -> None:
    with small_world(cells, MORE) as world:
        package = world.package()
        assert_conserved(world, package)
        reasons = {r["rule"] for row in package.kept_beside() for r in row["reasons"]}  # type: ignore[attr-defined] # a list
        assert reasons <= {
            "integer",  # as text of more than 19 digits
            "integer of 64 bits",  # as text
            "finite number",
            "date and time with an offset of whole minutes",
        }


def test_a_time_of_each_kind_is_the_moment_that_its_zone_says() -> None:
    hour = "2024-10-27 01:30:00.250"
    cells: dict[str, object] = {
        "at": hour, "at_utc": hour, "at_offset": f"{hour}+0200", "at_late": "2024-11-03 01:30", "at_there": hour,
        "there": "Asia/Tokyo", "seconds": -1, "milliseconds": 1730000000007,
    }  # fmt: skip
    with small_world([cells], MORE) as world:
        package = world.package()
        assert_conserved(world, package)
        (record,) = package.json()
        assert {name: record[name] for name in MORE if name in cells} | {"at": record["at"]} == {
            "at": "2024-10-27T01:30:00.250+01:00",
            "at_utc": "2024-10-27T01:30:00.250Z",
            "at_offset": "2024-10-27T01:30:00.250+02:00",
            "at_late": "2024-11-03T01:30:00-05:00",
            "at_there": "2024-10-27T01:30:00.250+09:00",
            "seconds": "1969-12-31T23:59:59Z",
            "milliseconds": "2024-10-27T03:33:20.007Z",
        }
        beside = {name: record[f"{name}_as_stored"] for name in ("at", "at_late", "at_there")}
        assert beside == {"at": hour, "at_late": "2024-11-03 01:30", "at_there": None}


def test_every_hostile_text_arrives_byte_for_byte() -> None:
    with small_world(
        [{"text": text, "details": json.dumps({text: text})} for text in hostile_cells()]
    ) as world:
        package = world.package()
        assert [record["text"] for record in package.json()] == list(hostile_cells())
        assert [record["details"] for record in package.json()] == [{t: t} for t in hostile_cells()]
        assert_same_in_csv(package)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_number_in_json_keeps_its_digits_and_csv_has_its_value(
    processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_PROCESSES", processes)
    monkeypatch.setattr("dsar_export.sealing.apart.parent.FEW_BYTES", 10)
    prices = '{"price": 2.50, "rates": [0.10, 1e3], "digits": 2.5}'
    with small_world([{"details": prices}, {"details": prices, "flag": "unfit"}]) as world:
        package = world.package()
        assert (
            b'"details":{"price":2.50,"rates":[0.10,1E+3],"digits":2.5}'
            in package.members["data/json/records.json"]
        )
        assert package.csv()[0]["details"] == '{"price":2.5,"rates":[0.1,1000.0],"digits":2.5}'
        assert b'"price":2.50' in package.members["data/nonconforming/records.json"]


def test_undecodable_text_is_kept_beside_with_its_bytes() -> None:
    with small_world([{"text": "fine"}, {"text": "x"}]) as world:
        world.run("UPDATE records SET text = CAST(x'66ff66' AS TEXT) WHERE text = 'x'")
        package = world.package()
        assert [record["text"] for record in package.json()] == ["fine"]
        (kept,) = package.kept_beside()
        assert kept["values"]["text"] == {"$base64": "Zv9m", "$was": "bytes that are not UTF-8"}  # type: ignore[index] # a mapping
        assert_conserved(world, package)


@pytest.mark.parametrize("rows_held", [CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 4 * CHUNK_ROWS + 7])
def test_rows_of_several_chunks_are_conserved_in_their_order(rows_held: int) -> None:
    cells = [{"text": f"t{n}", "whole": "x" if n % 97 == 5 else n} for n in range(rows_held)]
    with small_world(cells) as world:
        package = world.package()
        assert_conserved(world, package)
        assert [r["text"] for r in package.json()] == [c["text"] for c in cells if c["whole"] != "x"]


@pytest.mark.parametrize("depth", [100, 250, 251, 252, 253, 254, 255, 300, 2000])
@pytest.mark.parametrize("flag", [None, "unfit"])
def test_json_of_any_depth_is_conserved(depth: int, flag: str | None) -> None:
    with small_world([{"details": '{"a":' * depth + "1" + "}" * depth, "flag": flag}]) as world:
        package = world.package()
        assert package.outcome()["read"] == 1
        members: list[object] = [*package.json(), *(row["values"] for row in package.kept_beside())]
        assert json.dumps(members).count("a") >= depth


def test_a_number_with_an_endless_exponent_stops_no_export() -> None:
    with small_world([{"details": '{"a": 1e-99999999999999999999}'}]) as world:
        assert_conserved(world, world.package())


def test_a_dry_run_counts_what_an_export_writes() -> None:
    cells = [{"text": "=1", "at": "2024-10-27 01:30:00"}, {"whole": "x"}, {"at": "2026-01-01T00:00:00Z"}]
    with small_world(cells) as world, opened(world) as (subject, plan):
        counted = count_dataset(subject, plan, SilentProgress())
        folder = world.folder.parent / "w"
        folder.mkdir()
        renderers = world.build().renderers
        sealed = seal_dataset(subject, plan, renderers, Sealer(folder, PASSPHRASE), SilentProgress())
        assert counted.digest == sealed.digest
        assert (counted.outcome.read, counted.outcome.reasons) == (3, sealed.outcome.reasons)
        assert (sealed.outcome.csv_cells_changed, sealed.outcome.times_kept_beside) == (1, 1)


@contextmanager
def opened(world: World) -> Iterator[tuple[Subject, DatasetPlan]]:
    services = build_services(world.folder, SilentProgress())
    plan = services.plans.of("acme", Right.ACCESS, NOON.date())["records"]
    identity = Identity((Reached(Identifier("customer_id", "C-1")),))
    snapshot: Snapshot
    with services.collectors["main"].snapshot() as snapshot:
        yield Subject(identity, {"main": snapshot}, {}), plan


class ForgetfulDigester(Digester):
    """Loses the last record of each chunk."""

    def add(self, chunk: ReleasedChunk) -> None:
        chunk.records.pop()
        super().add(chunk)


def test_a_chunk_that_is_lost_on_its_way_into_members_stops_the_export() -> None:
    def forgetful(rendering: Rendering, chunks: Iterator[RecordLines], sealer: Sealer) -> Rendered:
        return rendering.render(list(chunks)[1:], sealer)

    with small_world([{"text": "one"}, {"whole": "x"}]) as world:
        services = world.build()
        world.services = replace(services, renderers=replace(services.renderers, seal_members=forgetful))
        with pytest.raises(ConservationError, match="1 rows kept beside were released, but 0 and 0 sealed"):
            world.export()


def test_sums_that_do_not_agree_stop_the_export_and_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with small_world([{"text": "one"}, {"text": "two"}]) as world:
        monkeypatch.setattr("dsar_export.export.plan.Digester", ForgetfulDigester)
        with pytest.raises(ConservationError, match="2 rows were read, but 1 written"):
            world.export()
        assert list(world.out.iterdir()) == []


class StoppingProgress(SilentProgress):
    """Fails after the first chunk, like a full disk or a signal."""

    def advanced(self, rows: int) -> None:
        raise KeyboardInterrupt


def test_an_interruption_in_the_middle_leaves_nothing() -> None:
    with small_world([{"text": "one"}]) as world:
        services = world.build()
        world.services = replace(services, progress=StoppingProgress())
        with pytest.raises(KeyboardInterrupt):
            world.export()
        assert list(world.out.iterdir()) == []


def test_the_same_data_give_the_same_payload_and_the_same_manifest() -> None:
    with small_world([{"text": t, "details": '{"b": 1, "a": 2}'} for t in hostile_cells()]) as world:
        first, second = world.package(), world.package()
        assert first.path != second.path
        for name in first.members:
            if name.startswith("data/") or name == "manifest-sha256.txt":
                assert first.members[name] == second.members[name], name
