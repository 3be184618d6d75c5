"""The keys that `--json` printed once stay: docs/api.md promises it, and others may be added."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.commands import Run
from tests.worlds import SUBJECT

KEPT: Mapping[str, list[str]] = json.loads(
    Path(__file__).with_name("json_keys.json").read_text(encoding="utf-8")
)


def keys_in(value: object, path: str = "") -> set[str]:
    """Every key of an object, with those of the objects in it, as `waiting[].why[].since`."""
    if isinstance(value, dict):
        below = [keys_in(held, f"{path}.{key}".lstrip(".")) for key, held in value.items()]
        return {f"{path}.{key}".lstrip(".") for key in value}.union(*below)
    if isinstance(value, list):
        return set().union(*(keys_in(held, f"{path}[]") for held in value))
    return set()


@pytest.fixture
def reference(run: Run) -> str:
    """A request with a note and an identifier."""
    opening = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    made = str(run(*opening, "--json", stdin=SUBJECT).json["reference"])
    noted = run("request", "note", made, "--text-file", "-", stdin="a note")
    assert noted.code == 0, noted.err
    return made


@pytest.mark.parametrize("command", KEPT)
def test_no_key_of_an_output_is_taken_away(command: str, run: Run, reference: str) -> None:
    shown = run(*(reference if word == "REFERENCE" else word for word in command.split()), "--json")
    assert shown.code == 0, shown.err
    assert set(KEPT[command]) - keys_in(shown.json) == set()


def test_the_list_has_three_commands() -> None:
    assert set(KEPT) == {"request show REFERENCE", "request list", "inbox"}
    assert all(len(keys) > 5 for keys in KEPT.values())
