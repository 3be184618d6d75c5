"""Codes that a live table explains, from the register to the package."""

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from dsar_export.errors import RegisterError
from dsar_export.inspection import inspect_package
from dsar_export.model.request import Right
from tests.register_check.changed import EXPLAINED, problems, replaced
from tests.worlds import PASSPHRASE, OpenPackage, World

TEXT = 'text = { column = "text" }'
TABLE = 'table = "kinds", code = "code", meaning = "meaning"'
KEPT = f'text = {{ column = "text", codes_from = {{ {TABLE}, keep_code = true }} }}'
DERIVED = KEPT.replace("} }", '}, origin = "derived" }')


def world(folder: Path, *codes: tuple[str, str], field: str = KEPT) -> World:
    """Three rows of the subject and one of a stranger, with codes."""
    made = World(folder / "register")
    made.dataset_text = replaced(made.dataset_text, (TEXT, field))
    made.write([{"text": "A"}, {"text": "7.0"}, {}], [{"text": "B"}])
    made.run("CREATE TABLE kinds (code TEXT, meaning TEXT)")
    for code, meaning in codes:
        made.run("INSERT INTO kinds VALUES (?, ?)", code, meaning)
    return made


MEANINGS = (("A", "Pay by card"), ("7", "Pay at the door"), ("B", "CANARY"))


def many(made: World) -> World:
    """The same with a code table that is too large to be read whole."""
    made.run(
        "INSERT INTO kinds WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
        "SELECT 1000000 + i, 'another' FROM n"
    )
    return made


def report(package: OpenPackage) -> str:
    pages = PdfReader(io.BytesIO(package.members["report.pdf"])).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("large", ["a table of a few codes", "a table of more than ten thousand"])
def test_the_code_stands_beside_its_meaning_in_json_csv_schema_and_report(tmp_path: Path, large: str) -> None:
    made = world(tmp_path, *MEANINGS)
    package = (many(made) if "thousand" in large else made).package()
    expected = [("Pay by card", "A"), ("Pay at the door", "7.0"), (None, None)]
    assert [(r["text"], r["text_code"]) for r in package.json()] == expected
    assert [(r["text"], r["text_code"]) for r in package.csv()] == [(a or "", b or "") for a, b in expected]
    schema = json.loads(package.members["data/schemas/records.schema.json"])
    assert schema["properties"]["text_code"]["type"] == ["string", "null"]
    assert "text_code" in schema["required"]
    assert "A field, as a code" in report(package)
    assert "CANARY" not in str(package.members["data/json/records.json"])
    assert inspect_package(package.path, PASSPHRASE).findings == ()


def test_a_field_that_is_not_portable_takes_its_code_with_it(tmp_path: Path) -> None:
    made = world(tmp_path, *MEANINGS, field=DERIVED)
    made.dataset_text = replaced(made.dataset_text, EXPLAINED)
    (made.folder / "datasets" / "records.toml").write_text(made.dataset_text, encoding="utf-8")
    package = made.package(right=Right.PORTABILITY)
    assert not {"text", "text_code"} & set(package.json()[0])
    left_out = json.loads(package.members["datapackage.json"])["dsar"]["fields_left_out"]
    assert {f["field"] for f in left_out} == {"text", "text_code"}
    assert "text_code" not in package.members["data/schemas/records.schema.json"].decode()


def test_a_field_that_is_portable_has_its_code(tmp_path: Path) -> None:
    package = world(tmp_path, *MEANINGS).package(right=Right.PORTABILITY)
    assert [r["text_code"] for r in package.json()] == ["A", "7.0", None]


def test_more_codes_than_are_looked_up_stop_the_export_with_a_next_step(tmp_path: Path) -> None:
    made = many(world(tmp_path, *MEANINGS))
    made.insert("C-1", ({"text": f"PRIVATE {n}"} for n in range(10_000)))
    assert problems(made) == []
    with pytest.raises(
        RegisterError, match=r"more than 10000 different codes occur .*without codes_from"
    ) as caught:
        made.export()
    assert "PRIVATE" not in str(caught.value)
    assert not made.out.exists() or not list(made.out.iterdir())
