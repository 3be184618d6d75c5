"""Every row that a source returns must match the link's `where`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from dsar_export.errors import RegisterError
from dsar_export.identities.links import LinkReader
from dsar_export.interfaces import Snapshot
from dsar_export.model.identity import Reached
from dsar_export.model.link import Link
from dsar_export.model.request import Identifier
from dsar_export.model.source import LinkRow
from tests.collectors.sources import LINK
from tests.export.rows import register

SAM = Reached(Identifier("email", "sam@example.org"))
OF_CUSTOMERS = replace(LINK, where={"owner_type": "customer"})


class Returned:
    """A snapshot that returns these rows for whatever link."""

    def __init__(self, *rows: LinkRow) -> None:
        self._rows = rows

    def resolve(self, _link: Link, _keys: object, _tenants: object) -> Iterator[LinkRow]:
        yield from self._rows


def followed(*rows: LinkRow, link: Link = OF_CUSTOMERS) -> list[str]:
    reader = LinkReader(register(), "acme", {"main": cast(Snapshot, Returned(*rows))}, {})
    return [reached.identifier.value for reached in reader.follow(link, [SAM])]


def test_a_row_that_matches_the_where_is_followed() -> None:
    assert followed(LinkRow("Sam@example.org", "C-1", held=("customer",))) == ["C-1"]


@pytest.mark.parametrize("held", [("employee",), (None,), ("Customer",), ()])
def test_a_row_that_does_not_match_the_where_stops_the_export(held: tuple[object, ...]) -> None:
    with pytest.raises(RegisterError, match="does not match its where") as caught:
        followed(LinkRow("sam@example.org", "PRIVATE", held=held))
    assert "PRIVATE" not in str(caught.value)


def test_a_row_of_another_identifier_stops_the_export() -> None:
    with pytest.raises(RegisterError, match="more loosely"):
        followed(LinkRow("robin@example.org", "PRIVATE", held=("customer",)))


def test_bytes_are_their_hexadecimal() -> None:
    assert followed(LinkRow("sam@example.org", b"\x01\x88", held=("customer",))) == ["0188"]
