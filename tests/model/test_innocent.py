"""Names that the register allows although they look like credentials."""

import pytest

from dsar_export.model.innocent import Innocents

ALLOWED = Innocents(["pin_code", "data/shipping/pin", "data/attachment/*/blurhash", "data/a~1b/c~0d", "a~1b"])


@pytest.mark.parametrize(
    "path",
    [
        "pin_code",
        "elsewhere/deep/pin_code",
        "data/shipping/pin",
        "data/attachment/*/blurhash",
    ],
)
def test_a_name_passes_anywhere_and_a_path_at_its_place(path: str) -> None:
    assert ALLOWED.at(path.split("/"))


@pytest.mark.parametrize(
    "path",
    [
        "pin",
        "other/shipping/pin",
        "data/pin",
        "data/shipping/pin/x",
        "data/attachment/blurhash",
        "pin_code/x",
    ],
)
def test_nothing_else_passes(path: str) -> None:
    assert not ALLOWED.at(path.split("/"))


def test_slashes_and_tildes_of_a_name_are_written_as_in_a_json_pointer() -> None:
    assert ALLOWED.at(["data", "a/b", "c~d"])
    assert ALLOWED.name("a/b")
