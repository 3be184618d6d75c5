"""Links are asked for what their rows may hold, followed as the register compares kinds, and checked row by row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

import pytest

from dsar_export.errors import RegisterError
from dsar_export.identities.links import Kinds, LinkReader, closure
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Comparison, Match, Strength
from dsar_export.model.identity import Reached
from dsar_export.model.link import Link
from dsar_export.model.periods import ALWAYS
from dsar_export.model.place import LinkTable
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.model.source import LinkRow
from dsar_export.model.subject_key import SubjectKey
from tests.export.rows import dataset, register
from tests.identities.linked import span
from tests.replacing import replace

SAM, C1 = Identifier("email", "Sam@Example.org"), Identifier("customer_id", "C-1")
UUID = "00FF" * 8


def link(given: str = "customer_id", leads_to: str = "email", **more: object) -> Link:
    made = Link(
        given=given,
        leads_to=leads_to,
        source="main",
        at=LinkTable(table="customers"),
        given_column=given,
        leads_to_column=leads_to,
    )
    return replace(made, **more)


def with_links(*links: Link, keys: Sequence[SubjectKey] = (), tenants: Sequence[str] = ()) -> Register:
    """The small world's register with other links, subject keys and companies of its source."""
    made = register()
    source = replace(made.organisation.sources["main"], tenants={"acme": tuple(tenants), "other": ("fr",)})
    organisation = replace(made.organisation, links=links, sources={"main": source})
    of = replace(dataset(), subject_keys=tuple(keys)) if keys else dataset()
    return replace(made, organisation=organisation, datasets=(of,))


class Rows:
    """A source with the rows of its links; it remembers what it was asked for."""

    def __init__(self, rows: Mapping[Link, Iterable[LinkRow]]) -> None:
        self._rows = rows
        self.asked: list[tuple[Sequence[str], tuple[str | int, ...]]] = []

    def resolve(self, of: Link, values: Sequence[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        self.asked.append((values, tenants))
        yield from self._rows.get(of, ())


def reader_of(
    of: Register,
    rows: Mapping[Link, Iterable[LinkRow]],
    undecided: Callable[[Identifier], bool] = lambda _: False,
) -> tuple[LinkReader, Rows]:
    source = Rows(rows)
    return LinkReader(of, "acme", {"main": cast(Snapshot, source)}, {}, undecided), source


# How kinds compare


def test_a_kind_is_compared_as_loosely_as_any_link_or_key_compares_it() -> None:
    phone = SubjectKey(column="phone", identifier="phone", match=Match.E164, region="GB")
    hashed = SubjectKey(column="h", identifier="email", match=Match.HMAC, hmac_key="env:KEY")
    kinds = Kinds(with_links(link("phone", "customer_id"), link(), keys=(phone, hashed)), "acme")
    assert kinds.comparison("phone") == Comparison(Match.E164, "GB")
    assert kinds.comparison("email") == Comparison(Match.CASEFOLD)  # a hash is of one case
    assert kinds.comparison("customer_id") == Comparison()
    assert kinds.folded(Identifier("phone", "020 7946 0018")) == Identifier("phone", "+442079460018")
    assert kinds.folded(SAM) == Identifier("email", "sam@example.org")
    assert kinds.folded(C1) == C1


def test_an_identifier_is_nobodys_if_it_is_blank_or_listed_as_nobodys() -> None:
    guests = SubjectKey(column="customer_id", identifier="customer_id", nobody=("0", "GUEST"))
    kinds = Kinds(with_links(link(), keys=(guests,)), "acme")
    for value, nobodys in {
        "": True,
        " ": True,
        "0": True,
        "GUEST": True,
        "guest": False,
        "C-1": False,
    }.items():
        assert kinds.names_nobody(Identifier("customer_id", value)) is nobodys
        assert kinds.is_ignored(Identifier("customer_id", value)) is nobodys
    assert not kinds.names_nobody(Identifier("email", "0"))


def test_an_undecided_identifier_is_ignored_although_it_is_not_nobodys() -> None:
    kinds = Kinds(
        with_links(link("email", "customer_id", match=Match.CASEFOLD)), "acme", lambda i: i.value == "new"
    )
    assert not kinds.names_nobody(Identifier("email", "NEW"))
    assert kinds.is_ignored(Identifier("email", "NEW"))
    assert not kinds.is_ignored(Identifier("email", "old"))


# What a source is asked for, and what it may answer


@pytest.mark.parametrize(
    ("match", "asked"), [(Match.EXACT, [UUID, UUID.lower()]), (Match.CASEFOLD, [UUID.lower()])]
)
def test_an_exact_link_is_asked_for_the_spelling_as_read_too(match: Match, asked: list[str]) -> None:
    followed = link(match=match)
    reader, source = reader_of(with_links(followed, tenants=("uk", "old_uk")), {})
    assert list(reader.follow(followed, [Reached(Identifier("customer_id", UUID))])) == []
    assert source.asked == [(asked, ("uk", "old_uk"))]


def test_a_blank_identifier_is_not_asked_for() -> None:
    followed = link()
    reader, source = reader_of(with_links(followed), {})
    assert list(reader.follow(followed, [Reached(Identifier("customer_id", " "))])) == []
    assert source.asked == [([], ())]


def test_rows_that_lead_to_an_undecided_or_blank_value_are_not_followed_and_those_after_them_are() -> None:
    followed = link()
    rows = [LinkRow("C-1", value) for value in ("new", None, "", "sam@example.org")]
    reader, _ = reader_of(with_links(followed), {followed: rows}, lambda i: i.value == "new")
    reached = list(reader.follow(followed, [Reached(C1, span("2024-01-01", None))]))
    email = Identifier("email", "sam@example.org")
    assert reached == [Reached(email, span("2024-01-01", None), C1, "main.customers", Strength.STRONG)]
    assert reader.leads_to_undecided(followed, [Reached(C1)]) == 1


def test_a_row_of_another_identifier_names_link_and_source_and_says_what_to_correct() -> None:
    followed = link()
    reader, _ = reader_of(with_links(followed), {followed: [LinkRow("c-1", "sam@example.org")]})
    with pytest.raises(RegisterError) as caught:
        list(reader.follow(followed, [Reached(C1)]))
    assert str(caught.value) == (
        "source 'main' compares the link from 'customer_id' to 'email' more loosely than 'exact'. "
        'Set match = "casefold" in the register, or write the identifier exactly as the source has it'
    )


@pytest.mark.parametrize("held", [(), ("guest",), (None,), ("customer", "customer")])
def test_a_row_that_does_not_match_the_links_where_stops_the_search(held: tuple[object, ...]) -> None:
    followed = link(where={"owner_type": "customer"})
    reader, _ = reader_of(with_links(followed), {followed: [LinkRow("C-1", "sam@example.org", held=held)]})
    with pytest.raises(RegisterError) as caught:
        list(reader.follow(followed, [Reached(C1)]))
    assert str(caught.value) == (
        "source 'main' returned a row of the link from 'customer_id' to 'email' that does not match its where. "
        "No data was read. Correct the where in register.toml, or report this as a bug"
    )


# Closures, and links backwards


def test_an_identifier_that_is_reached_twice_keeps_its_first_way_and_gets_the_time_of_both() -> None:
    first, second = link(), link("order_id", "email", at=LinkTable(table="orders"))
    email = Identifier("email", "sam@example.org")
    rows = {first: [LinkRow("C-1", email.value)], second: [LinkRow("O-1", email.value)]}
    reader, _ = reader_of(with_links(first, second), rows)
    start = [Reached(C1, span("2024-01-01", "2024-02-01")), Reached(Identifier("order_id", "O-1"))]
    found = closure(reader, [first, second], start)[email]
    assert found == Reached(email, ALWAYS, C1, "main.customers", Strength.STRONG)


def test_a_link_backwards_compares_as_its_new_beginning_does() -> None:
    phone = SubjectKey(column="phone", identifier="phone", match=Match.E164, region="GB")
    forth = link("customer_id", "phone")
    hashed = link("email", "customer_id", match=Match.HMAC, hmac_key="env:KEY")
    reader, _ = reader_of(with_links(forth, hashed, keys=(phone,)), {})
    assert reader.backwards([forth, hashed]) == (
        link("phone", "customer_id", match=Match.E164, region="GB", given_column="phone"),
    )
    loose = link("email", "customer_id", match=Match.CASEFOLD)
    assert reader.backwards([loose]) == (link("customer_id", "email", given_column="customer_id"),)


def test_a_link_backwards_begins_where_no_number_has_a_region() -> None:
    forth = link("phone", "customer_id", match=Match.E164, region="GB", region_column="country")
    reader, _ = reader_of(with_links(forth), {})
    (back,) = reader.backwards([forth])
    assert (back.given, back.region_column) == ("customer_id", None)
