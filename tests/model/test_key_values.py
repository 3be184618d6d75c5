"""Columns that name the values of another column: recognised by their names, or declared in the register."""

from collections.abc import Mapping

import pytest

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.key_values import key_columns, names_values
from tests.export.rows import with_fields

PAIRS = """
configkey configvalue, propertyname propertyvalue, configKey configvalue,
meta_key meta_value, option_name option_value, key value, name value, setting value, attribute
attribute_value, attribute value, field_name old_value, field new_value, setting_key value, key setting_value,
config_key config_val, name value_text, propertyName propertyValue, attribute_code value, type value, code
value_int, schlüssel wert, Schluessel Wert, clé valeur, clave valor, chiave valore, sleutel waarde, klíč
hodnota, klucz wartość, nyckel värde
"""
NO_PAIRS = """
configkey settingvalue, key interval, name interval, monkey interval,
name total_value, product_name value, country_code value, id value, name data, api_key name, value value,
product_key total_value, name valuation, key key, keyboard value, monkey value
"""


def _pairs(text: str) -> list[list[str]]:
    return [pair.split() for pair in text.split(",")]


@pytest.mark.parametrize(("key", "value"), _pairs(PAIRS))
def test_names_of_a_key_and_its_value_are_known_as_such(key: str, value: str) -> None:
    assert names_values(key, value)


@pytest.mark.parametrize(("key", "value"), _pairs(NO_PAIRS))
def test_names_of_other_columns_are_no_pair(key: str, value: str) -> None:
    assert not names_values(key, value)


def keys(fields: Mapping[str, str], **key_values: str) -> Mapping[str, list[str]]:
    mapped = {name: FieldMapping(column=column) for name, column in fields.items()}
    return {
        value: list(found) for value, found in key_columns(with_fields(mapped, key_values=key_values)).items()
    }


def test_a_pair_is_known_by_its_columns_or_by_its_fields() -> None:
    assert keys({"text": "meta_key", "phone": "meta_value"}) == {"meta_value": ["meta_key"]}
    assert keys({"name": "k", "value": "v"}) == {"v": ["k"]}
    assert keys({"text": "text", "phone": "phone"}) == {}


def test_a_value_may_have_several_names() -> None:
    assert keys({"text": "key", "phone": "name", "raw": "value"}) == {"value": ["key", "name"]}


def test_a_pair_in_the_register_overrules_the_names() -> None:
    fields = {"text": "meta_key", "phone": "meta_value"}
    assert keys(fields, meta_value="kind_of_it") == {"meta_value": ["kind_of_it"]}
    assert keys(fields, meta_value="") == {"meta_value": []}
    assert keys({"phone": "what"}, what="which") == {"what": ["which"]}
