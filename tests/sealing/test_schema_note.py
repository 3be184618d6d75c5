"""A schema that ships explains that it describes one record, and names the keywords of our own."""

from dsar_export.sealing.schema_note import with_note
from schemas import BUILT_IN, SUFFIX, read_schema

ONE_RECORD = "This schema describes one record; the file in data/json is an array of such records."


def test_the_note_names_every_keyword_that_json_schema_does_not_define() -> None:
    note = with_note(read_schema(BUILT_IN / f"bank_accounts{SUFFIX}"))["$comment"]
    assert note == (
        f"{ONE_RECORD} JSON Schema does not define these keywords, so declare them to a validator in strict "
        "mode: x-masked, x-origin, x-period-field."
    )


def test_keywords_are_found_at_any_depth_and_names_and_values_of_the_data_are_none() -> None:
    deep = {
        "type": "object",
        "properties": {"x-name": {"oneOf": [{"const": {"x-value": 1}}, {"x-deep": True}]}},
    }
    schema = {
        "properties": {"a": {"items": deep}},
        "$defs": {"x-defined": {"x-kind": "text"}},
        "enum": [{"x-e": 1}],
    }
    assert str(with_note(schema)["$comment"]).endswith("strict mode: x-deep, x-kind.")


def test_a_schema_without_keywords_of_our_own_has_the_first_sentence_only() -> None:
    assert with_note({"type": "object"}) == {"type": "object", "$comment": ONE_RECORD}


def test_a_comment_that_a_schema_has_already_stays_in_front() -> None:
    assert with_note({"$comment": "Ours.", "title": "T"}) == {"$comment": f"Ours. {ONE_RECORD}", "title": "T"}


def test_the_note_is_the_only_change_and_follows_the_schemas_address() -> None:
    document = dict(read_schema(BUILT_IN / f"orders{SUFFIX}"))
    noted = with_note(document)
    assert list(noted)[:3] == ["$schema", "$id", "$comment"]
    assert {key: value for key, value in noted.items() if key != "$comment"} == document
