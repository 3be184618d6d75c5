"""A wrong register is refused with the file, the key and the correction."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dsar_export.demo import write_organisation
from dsar_export.errors import RegisterError
from dsar_export.register.hints import location, nearest
from dsar_export.wiring import register_in
from tests.worlds import World
from tools.editor_schemas import SHAPES, editor_schema

ROOT = Path(__file__).parents[2]


def world(
    tmp_path: Path, *, register: tuple[str, str] = ("", ""), dataset: tuple[str, str] = ("", "")
) -> World:
    """The small world with one text of a file replaced by another."""
    made = World(tmp_path / "register")
    assert register[0] in made.register_text
    assert dataset[0] in made.dataset_text
    made.register_text = made.register_text.replace(*register, 1)
    made.dataset_text = made.dataset_text.replace(*dataset, 1)
    return made.write(())


def refusal(made: World) -> str:
    """Why the register is refused, without the numbers of lines."""
    return re.sub(r"(?m)^(R/\S+\.toml):\d+:", r"\1:", refusal_with_lines(made))


def refusal_with_lines(made: World) -> str:
    with pytest.raises(RegisterError) as caught:
        register_in(made.folder)
    return str(caught.value).replace(str(made.folder), "R")


def test_the_small_world_is_read_whole(tmp_path: Path) -> None:
    register = register_in(world(tmp_path).folder)
    (dataset,) = register.datasets
    assert (dataset.name, dataset.place.order_by) == ("records", ("id",))
    (key,) = dataset.subject_keys
    assert (key.column, key.identifier) == ("customer_id", "customer_id")
    assert register.identifier_kinds == {"email", "customer_id"}
    assert register.datasets_of("acme") == (dataset,)
    assert register.datasets_of("another") == ()
    assert location(register, dataset) == str(register.folder / "datasets" / "records.toml")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("notice =", "notise =", "notise: unknown key; ~ notice"),
        ("kind =", "kynd =", "sources.main.kynd: unknown key; ~ kind"),
        ("note =", "noet =", "sources.main.left_out.customers.noet: unknown key; ~ note"),
        (
            'kind = "sql_database"',
            'kind = "sql_database"\nat_most = 0',
            "sources.main: at_most is 1 or more; leave it out for no limit",
        ),
        ("contact =", "kontact =", "controllers.acme.kontact: unknown key; ~ contact"),
        ("{ name = \"ICO\"", "{ nam = \"ICO\"", "controllers.acme.authority.nam: unknown key; ~ name"),
        ("leads_to =", "leadsto =", "links.0.leadsto: unknown key; ~ leads_to"),
        ("id = \"records\"", "ide = \"records\"", "promises.0.ide: unknown key; ~ id"),
        ("notice = \"notice of 2026-01-01\"", "", "notice: this key is missing; add it"),
        ("url = \"sqlite:///main.db\"", "", "sources.main.url: this key is missing; add it"),
        ("controllers = [\"acme\"]", "controllers = \"acme\"", "sources.main.controllers: "),
        ("reason = \"not_personal\"", "reason = \"boring\"", "sources.main.left_out.customers.reason: "),
        ("match = \"casefold\"", "match = \"fuzzy\"", "links.0.match: "),
        ("version = \"2026-11-01\"", "version = 7", "version: input should be a valid string"),
        ("version = \"2026-11-01\"", "version = ", "not TOML: "),
        ("datasets = [\"records\"]", "datasets = [\"records\", \"records\"]", "datasets: a dataset is listed twice"),
        ("datasets = [\"records\"]", "datasets = []", "datasets: 'records' has a file but is not listed; list it here"),
            ],
)  # fmt: skip
def test_a_mistake_in_the_register_is_reported_with_file_and_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    problem = problem.replace("~", "nearest valid name:")
    assert refusal(world(tmp_path, register=(old, new))).startswith(f"R/register.toml: {problem}")


def test_a_dataset_that_is_listed_without_a_file_is_refused(tmp_path: Path) -> None:
    listed = ('datasets = ["records"]', 'datasets = ["records", "other"]')
    assert refusal(world(tmp_path, register=listed)).startswith("R/datasets/other.toml: no such file")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("order_by =", "order =", "order: unknown key; nearest valid name: order_by"),
        ("storage_period =", "retention =", "retention: unknown key; "),
        ("_keys]]\ncolumn", "_keys]]\ncolum", "subject_keys.0.colum: unknown key; nearest valid name: column"),
        ("{ column = \"at\", zone", "{ column = \"at\", zoen", "fields.at.zoen: unknown key; nearest valid name: zone"),
        ("{ column = \"day\" }", "{ }", "fields.day: one of column and value is needed"),
        ("{ column = \"day\" }", "{ column = \"day\", value = \"x\" }", "fields.day: column and value exclude"),
        ("{ column = \"amount\" }", "{ column = \"amount\", unit = \"1/3\" }", "fields.amount: unit must be "),
        ("order_by = [\"id\"]", "order_by = []", "order_by needs at least one column"),
        ("order_by =", "query = \"SELECT 1\"\norder_by =", "query and key need each other"),
        ("name = \"records\"", "name = \"other\"", "name: expected 'records', the name of the file"),
        ("schema = \"records\"", "schema = \"recordz\"", "schema: there is no schema 'recordz'; nearest"),
        ("table = \"records\"", "", "table: this key is missing; add it"),
        ("table = \"records\"", "table = [", "not TOML: "),
    ],
)  # fmt: skip
def test_a_mistake_in_a_datasets_file_is_reported_with_file_and_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    refused = refusal(world(tmp_path, dataset=(old, new)))
    assert refused.startswith("R/datasets/records.toml: ")
    assert problem in refused.splitlines()[0]


def test_an_unknown_key_is_reported_before_the_missing_one_that_it_misspells(tmp_path: Path) -> None:
    first, second = refusal(world(tmp_path, register=("notice =", "notise ="))).splitlines()
    assert "notise: unknown key" in first
    assert second == "R/register.toml: notice: this key is missing; add it, or list it under undecided"


def test_all_mistakes_of_all_files_come_together_with_their_lines(tmp_path: Path) -> None:
    made = world(
        tmp_path,
        register=('match = "casefold"', 'match = "fuzzy"\nvalid = { sinse = "x" }'),
        dataset=('{ column = "day" }', '{ colum = "day" }'),
    )
    made.dataset_text = made.dataset_text.replace("order_by =", "order =").replace(
        "storage_period =", "retention ="
    )
    made.register_text = made.register_text.replace("notice =", "notise =")
    made.write(())
    refused = refusal_with_lines(made).splitlines()
    places = dict(line.split(": ")[:2][::-1] for line in refused)
    texts = {"register.toml": made.register_text, "datasets/records.toml": made.dataset_text}
    assert set(places) == {
        "notise", "notice", "links.0.match", "links.0.valid.sinse",
        "fields.day.colum", "order", "order_by", "retention", "storage_period",
    }  # fmt: skip
    for key, place in places.items():
        _, _, rest = place.partition("R/")
        name, _, line = rest.partition(":")
        shown = texts[name].splitlines()[int(line) - 1] if line else ""
        assert (
            (key.rpartition(".")[2] in shown) if line else key in {"notice", "order_by", "storage_period"}
        ), place


def test_a_link_is_found_at_its_own_line(tmp_path: Path) -> None:
    made = world(tmp_path)
    made.register_text = made.register_text.replace('leads_to_column = "email"', 'leads_to_colum = "email"')
    made.write(())
    lines, refused = made.register_text.splitlines(), refusal_with_lines(made)
    line = next(n for n, text in enumerate(lines, start=1) if text.startswith("leads_to_colum ="))
    assert f"R/register.toml:{line}: links.1.leads_to_colum: unknown key" in refused
    table = len(lines) - lines[::-1].index("[[links]]")
    assert f"R/register.toml:{table}: links.1.leads_to_column: this key is missing; add it" in refused


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_a_dataset_that_windows_can_not_unpack_is_refused(tmp_path: Path, name: str) -> None:
    made = world(tmp_path, dataset=('name = "records"', f'name = "{name}"'))
    assert "Windows has no files of this name" in refusal(made)


def test_an_unknown_schema_is_answered_with_what_to_do(tmp_path: Path) -> None:
    refused = refusal(world(tmp_path, dataset=('schema = "records"', 'schema = "rentals"')))
    assert refused.endswith("; or write schemas/rentals.schema.json in the register's folder")


def test_a_dataset_that_nobody_lists_is_refused(tmp_path: Path) -> None:
    made = world(tmp_path)
    (made.folder / "datasets" / "stray.toml").write_text("", encoding="utf-8")
    assert refusal(made) == "R/register.toml: datasets: 'stray' has a file but is not listed; list it here"


def test_a_folder_without_a_register_is_refused(tmp_path: Path) -> None:
    made = World(tmp_path / "none")
    assert refusal(made) == "R/register.toml: no such file; a register is a folder with a register.toml"


def test_a_file_that_is_no_text_is_refused_without_its_content(tmp_path: Path) -> None:
    made = world(tmp_path)
    (made.folder / "register.toml").write_bytes(b"\xff\xfeSECRET")
    assert refusal(made) == "R/register.toml: can't be read (it is not UTF-8; save it in UTF-8)"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s.pop("title"), "/title: must be a non-empty text"),
        (lambda s: s.update(additionalProperties=True), "/additionalProperties: must be false"),
        (lambda s: s.update({"x-period-field": "nowhere"}), "/x-period-field: must name a property"),
        (lambda s: s.update(required="record_id"), "/required: must be an array"),
        (lambda s: s["properties"]["day"].pop("x-origin"), "/properties/day/x-origin: must be one of "),
        (lambda s: s["properties"]["day"].update({"x-origin": "guessed"}), "/properties/day/x-origin: must be one of "),
        (lambda s: s["properties"]["day"].update(type=["string", "integer"]), "/properties/day/type: must be"),
        (lambda s: s["properties"]["day"].update({"x-kind": "colour"}), "/properties/day/x-kind: must be one of "),
        (lambda s: s["properties"]["day"].update(type="colour"), "/properties/day/type: unknown"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_schema_is_reported_with_file_and_json_pointer(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    made = world(tmp_path)
    path = made.folder / "schemas" / "records.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert refusal(made).startswith(f"R/schemas/records.schema.json: {problem}")


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff"])
def test_a_schema_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    made = world(tmp_path)
    (made.folder / "schemas" / "records.schema.json").write_bytes(content)
    assert refusal(made).startswith("R/schemas/records.schema.json: ")


def test_the_nearest_name_is_one_or_all() -> None:
    assert nearest("ordrs", ["orders", "profile"]) == "nearest valid name: orders"
    assert nearest("xyz", ["orders", "profile"]) == "valid names: orders, profile"
    assert nearest("xyz", []) == "valid names: none"


@pytest.mark.parametrize("name", SHAPES)
def test_the_editors_schema_is_generated_from_the_code(name: str) -> None:
    path = ROOT / "schemas" / "register" / f"{name}.schema.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept.pop("$id", None)
    assert kept == editor_schema(name)


@pytest.mark.parametrize("name", SHAPES)
def test_the_editors_schema_is_a_json_schema_that_explains_every_key_it_can(name: str) -> None:
    schema = editor_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("folder", ["demo", "shop"])
def test_the_registers_that_we_ship_fit_the_editors_schemas(tmp_path: Path, folder: str) -> None:
    if folder == "demo":
        write_organisation(tmp_path, events=1)
    home = tmp_path if folder == "demo" else ROOT / "examples" / "shop" / "register"
    files = {"register": [home / "register.toml"], "dataset": sorted((home / "datasets").glob("*.toml"))}
    assert files["dataset"]
    for name, paths in files.items():
        validator = Draft202012Validator(editor_schema(name))
        for path in paths:
            with path.open("rb") as file:
                # TOML has dates, JSON has them as text.
                content = json.loads(json.dumps(tomllib.load(file), default=str))
            assert [e.json_path for e in validator.iter_errors(content)] == [], path.name
