"""The schema of a dataset's records, as the register maps it."""

from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.schema import FieldKind, Origin
from dsar_export.normalising.mapped_schema import mapped_schema
from tests.export.rows import dataset, register
from tests.replacing import replace


def test_a_dataset_may_have_a_title_of_its_own_where_several_share_a_schema() -> None:
    shared = register().schemas["records"]
    titled = mapped_schema(replace(dataset(), title="What the desk wrote"), shared)
    assert (titled.title, titled.document["title"]) == ("What the desk wrote", "What the desk wrote")
    assert mapped_schema(dataset(), shared).title == shared.title


def test_a_code_that_is_kept_is_a_text_of_the_fields_origin() -> None:
    codes = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    fields = {
        "whole": FieldMapping(column="whole", codes_from=codes, origin=Origin.DERIVED),
        "text": FieldMapping(column="text", codes_from=replace(codes, keep_code=False)),
    }
    mapped = mapped_schema(replace(dataset(), fields=fields), register().schemas["records"])
    assert mapped.field_names == ("text", "whole", "whole_code")
    (code,) = (f for f in mapped.fields if f.name == "whole_code")
    assert (code.kind, code.origin, code.nullable, code.required) == (
        FieldKind.TEXT,
        Origin.DERIVED,
        True,
        True,
    )
    assert (code.code_of, code.masked) == ("A field", False)
    properties = mapped.document["properties"]
    assert isinstance(properties, dict)
    assert properties["whole_code"] == {
        "title": "A field, as a code",
        "description": "The code that our system holds. What it means stands beside it.",
        "type": ["string", "null"],
        "x-origin": "derived",
    }
    assert mapped.document["required"] == ["text", "whole", "whole_code"]


def test_a_time_that_is_the_same_for_every_row_has_no_stored_text_beside_it() -> None:
    constant = FieldMapping(value="2024-01-01T00:00:00", zone="Europe/London")
    mapped = mapped_schema(replace(dataset(), fields={"at": constant}), register().schemas["records"])
    assert mapped.field_names == ("at",)


def test_a_code_of_a_masked_field_is_masked_too() -> None:
    codes = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    shared = register().schemas["records"]
    masked = replace(shared, fields=tuple(replace(f, masked=f.name == "whole") for f in shared.fields))
    fields = {"whole": FieldMapping(column="whole", codes_from=codes), "text": FieldMapping(column="text")}
    mapped = mapped_schema(replace(dataset(), fields=fields), masked)
    assert {f.name: f.masked for f in mapped.fields} == {"text": False, "whole": True, "whole_code": True}


def test_every_field_of_a_record_is_required_also_those_beside_it() -> None:
    fields = {
        "at": FieldMapping(column="at", zone="Europe/London"),
        "text": FieldMapping(column="text", zone="Europe/London"),  # no time, so nothing stands beside
        "record_id": FieldMapping(column="id"),
    }
    mapped = mapped_schema(replace(dataset(), fields=fields), register().schemas["records"])
    assert {f.name: f.required for f in mapped.fields} == dict.fromkeys(
        ("record_id", "text", "at", "at_as_stored"), True
    )
    assert mapped.document["required"] == ["record_id", "text", "at", "at_as_stored"]
    assert {f.name: f.stands_beside for f in mapped.fields if f.stands_beside} == {"at_as_stored": "A field"}


def test_a_schema_may_have_no_field_of_a_period() -> None:
    shared = register().schemas["records"]
    document = {name: value for name, value in shared.document.items() if name != "x-period-field"}
    mapped = mapped_schema(dataset(), replace(shared, document=document, period_field=None))
    assert (mapped.period_field, "x-period-field" in mapped.document) == (None, False)
