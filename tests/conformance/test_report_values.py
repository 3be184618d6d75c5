"""The demo person's report shows every value of the records in data/json, on at most sixty pages."""

import functools
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from dsar_export.demo import write_organisation
from dsar_export.language import formats
from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.sections.wording import MARKS
from tests.conformance.unpacked import DEMO_PERSON, exported
from tests.renderers.report_pdf.drawing.tagged import Tagged
from tests.worlds import OpenPackage, World, open_package

ZONE = "Europe/London"
FIRST = 500
"""Records of a dataset beyond these are in the files only."""
LONGEST = 600
"""A longer text is cut, with a mark."""
REFERENCES = {("order_lines", "order_id"), ("payments", "order_id"), ("web_sessions", "account_id")}
"""Fields that are not repeated, because the record stands with the one that it refers to."""
ELSEWHERE = re.compile("Therecordsareshownin“(.+?)”")
GATE = Gate(Fonts())


@functools.cache
def demo() -> OpenPackage:
    """The package of the demo person with as many events as `make demo` has."""
    with tempfile.TemporaryDirectory() as folder:
        write_organisation(Path(folder) / "register", events=2_000)
        return open_package(exported(World(Path(folder) / "register"), DEMO_PERSON))


@functools.cache
def report() -> Tagged:
    return Tagged(demo().members["report.pdf"])


@functools.cache
def sections() -> Mapping[str, str]:
    """The text of each section by its title, without blanks."""
    found: dict[str, list[str]] = {}
    title = ""
    for node in report().tree.walk():
        if node.tag in {"H2", "H3"}:
            title = squeezed(node.text)
            found.setdefault(title, [])
        elif not node.children and title:
            found[title].append(node.text)
    return {title: squeezed("".join(texts)) for title, texts in found.items()}


def test_the_report_has_at_most_sixty_pages() -> None:
    assert len(report().reader.pages) <= 60


def test_every_link_within_the_report_leads_to_a_place() -> None:
    jumps, places = report().jumps(), set(report().places())

    assert len(jumps) > 20
    assert {place for _, place in jumps} <= places


def test_every_value_is_shown_as_often_as_it_is_held() -> None:
    compared = 0
    for name, schema in schemas():
        text = section_text(name)
        records = json.loads(demo().members[f"data/json/{name}.json"])[:FIRST]
        for field, spec in schema["properties"].items():
            shown = Counter(filter(None, (expected(spec, record, field) for record in records)))
            for value, count in shown.items():
                once = (name, field) in REFERENCES or (len(shown) == 1 and count == len(records))
                least = 1 if once else count
                assert text.count(value) >= least, (name, field)
                compared += 1
    assert compared > 2_000


def test_what_the_report_leaves_out_is_little() -> None:
    left_out: Counter[str] = Counter()
    for name, schema in schemas():
        records = json.loads(demo().members[f"data/json/{name}.json"])
        left_out["beyond the first 500"] += len(records[FIRST:])
        for field, spec in schema["properties"].items():
            held = [record[field] for record in records[:FIRST] if record.get(field) is not None]
            if spec.get("x-masked"):
                left_out["masked"] += len(held)
            left_out["longer than 600"] += sum(
                isinstance(value, str) and len(value) > LONGEST for value in held
            )

    assert left_out["beyond the first 500"] == 1_500
    assert left_out["longer than 600"] == 0
    assert 0 < left_out["masked"] < 10


def schemas() -> Iterator[tuple[str, Any]]:
    for path, body in demo().members.items():
        if path.startswith("data/schemas/"):
            yield Path(path).name.removesuffix(".schema.json"), json.loads(body)


def section_text(name: str) -> str:
    """The text of a dataset's section, and of that with whose records its own are shown."""
    title = json.loads(demo().members[f"data/schemas/{name}.schema.json"])["title"]
    own = sections()[squeezed(title)]
    return own + "".join(sections()[parent] for parent in ELSEWHERE.findall(own))


def expected(spec: Any, record: Mapping[str, Any], field: str) -> str | None:
    """How a value is written in the report, without blanks; None if masked, missing, or a mark that does not apply."""
    value = record.get(field)
    if value is None or spec.get("x-masked") or (value is False and field in MARKS):
        return None
    titles = {
        str(code["const"]): code["title"] for code in spec.get("oneOf", ()) if code.get("const") is not None
    }
    return squeezed(GATE.clean(titles.get(str(value)) or _written(spec, record, value), LONGEST))


def _written(spec: Any, record: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else (("", each) for each in value)
        return "; ".join(f"{name}: {_inner(v)}" if name else _inner(v) for name, v in pairs) or "(empty)"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return _text(spec, record, value)
    return formats.number(value, "en-GB") if isinstance(value, float) else str(value)


def _text(spec: Any, record: Mapping[str, Any], value: str) -> str:
    if spec.get("format") == "date-time":  # the year may stand above
        return formats.moment(value, "en-GB", ZONE, year=False).partition(", ")[2]
    if spec.get("format") == "date":
        return formats.day_of_year(value, "en-GB")
    if spec.get("x-kind") == "decimal":
        currency = record.get(spec.get("x-currency-field", ""))
        return (
            formats.money(value, currency, "en-GB") if currency else formats.number(Decimal(value), "en-GB")
        )
    return value


def _inner(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
