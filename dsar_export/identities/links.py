"""Follows one controller's links from identifier to identifier, each with the period in which it is valid."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from dsar_export.errors import RegisterError, reading
from dsar_export.folding import NOBODY, KeyRing, as_text, equals_constant, folded, search_value
from dsar_export.identities.identifier_columns import identifier_columns
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Comparison, Match, Strength
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.identity import Reached
from dsar_export.model.link import Link, Validity
from dsar_export.model.periods import ALWAYS, BEGINNING, END, NEVER, Periods, Span, periods
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import LinkRow
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter

Graph = Mapping[Identifier, Reached]

_WITHOUT_END: Final = {"infinity": END, "-infinity": BEGINNING}
"""PostgreSQL's text for a time without end or beginning."""


@dataclass(frozen=True)
class Kinds:
    """Compares identifiers, each kind as loosely as any of the controller's links or datasets compares it."""

    register: Register
    controller: str
    undecided: Callable[[Identifier], bool] = lambda _: False
    """Whether a folded identifier may name nobody and the register has not decided, such as a column's default."""

    def names_nobody(self, identifier: Identifier) -> bool:
        """Whether it is blank, impossible for its kind, or listed in the register as nobody's."""
        value = self.folded(identifier).value
        return value == NOBODY or value in self._nobody[identifier.kind]

    def is_undecided(self, identifier: Identifier) -> bool:
        """Whether it may name nobody and the register has not decided."""
        return self.undecided(self.folded(identifier))

    def is_ignored(self, identifier: Identifier) -> bool:
        """Whether it selects no rows and is not followed: it names nobody, or that is undecided."""
        return self.names_nobody(identifier) or self.is_undecided(identifier)

    @cached_property
    def _nobody(self) -> Mapping[str, frozenset[str]]:
        listed: dict[str, set[str]] = defaultdict(set)
        for column in identifier_columns(self.register, self.controller):
            comparison = self.comparison(column.kind)
            listed[column.kind].update(folded(value, comparison) for value in column.nobody or ())
        return defaultdict(frozenset, {kind: frozenset(values) for kind, values in listed.items()})

    def comparison(self, kind: str) -> Comparison:
        """The loosest comparison that a link or subject key uses for the kind."""
        if kind not in self._comparisons:
            self._comparisons[kind] = self._loosest(kind)
        return self._comparisons[kind]

    @cached_property
    def _comparisons(self) -> dict[str, Comparison]:
        return {}

    def _loosest(self, kind: str) -> Comparison:
        links = [ln.comparison for ln in self.register.links_of(self.controller) if ln.given == kind]
        datasets = self.register.datasets_of(self.controller)
        keys = [key.comparison for d in datasets for key in d.subject_keys if key.identifier == kind]
        found = [*links, *keys]
        for match in (Match.E164, Match.CASEFOLD):
            loose = [c for c in found if c.match is match]
            if loose:
                return loose[0]
        # The hash is computed from the casefolded value, so two spellings have the same hash.
        hashed = any(c.match is Match.HMAC for c in found)
        return Comparison(Match.CASEFOLD) if hashed else Comparison()

    def folded(self, identifier: Identifier) -> Identifier:
        """The identifier in the form that all identifiers equal to it share."""
        return Identifier(identifier.kind, folded(identifier.value, self.comparison(identifier.kind)))


@dataclass(frozen=True)
class LinkReader:
    """Follows links over the snapshots of one controller's sources."""

    register: Register
    controller: str
    snapshots: Mapping[str, Snapshot]
    keys: KeyRing
    undecided: Callable[[Identifier], bool] = lambda _: False

    @cached_property
    def kinds(self) -> Kinds:
        return Kinds(self.register, self.controller, self.undecided)

    def links(self, strength: Strength) -> tuple[Link, ...]:
        links = self.register.links_of(self.controller)
        return tuple(ln for ln in links if ln.strength is strength and ln.source in self.snapshots)

    def backwards(self, links: Iterable[Link]) -> tuple[Link, ...]:
        """The links in the other direction, to find who else has an identifier; never used to select data.

        Without hashed links: a hash can't be reversed, and others who have it are found from the identifier itself.
        """
        return tuple(_reversed(ln, self.kinds) for ln in links if ln.match is not Match.HMAC)

    def follow(self, link: Link, fresh: Sequence[Reached]) -> Iterator[Reached]:
        """The identifiers that a link leads to, each valid while both the link and its parent are."""
        over = f"{link.source}.{link.at.table}"
        for row, identifier, parents in self._rows(link, fresh):
            if self.kinds.is_undecided(identifier):
                continue
            valid = _periods(link, row)
            for parent in parents:
                yield Reached(
                    identifier, parent.periods.overlap(valid), parent.identifier, over, link.strength
                )

    def leads_to_undecided(self, link: Link, fresh: Sequence[Reached]) -> int:
        """How many rows of a link lead to an undecided value; these rows are not followed."""
        return sum(self.kinds.is_undecided(identifier) for _, identifier, _ in self._rows(link, fresh))

    def _rows(
        self, link: Link, fresh: Sequence[Reached]
    ) -> Iterator[tuple[LinkRow, Identifier, Sequence[Reached]]]:
        """The link's rows, each with the identifier it leads to and its parents; without rows that lead to nobody."""
        by_key: dict[str, list[Reached]] = {}
        for reached in fresh:
            key = search_value(reached.identifier.value, link.comparison, self.keys)
            if key != NOBODY:
                by_key.setdefault(key, []).append(reached)
        tenants = self.register.tenants_of(link.source, self.controller)
        as_read = {r.identifier.value for r in fresh} if link.match is Match.EXACT and by_key else set()
        wanted = sorted({*by_key, *as_read})
        for row in self._resolved(link, wanted, tenants):
            given = folded(row.given, link.comparison)
            _assert_linked(link, row, given in by_key)
            identifier = Identifier(link.leads_to, as_text(row.reached))
            if not self.kinds.names_nobody(identifier):
                yield row, identifier, by_key[given]

    def _resolved(
        self, link: Link, wanted: Sequence[str], tenants: tuple[str | int, ...]
    ) -> Iterator[LinkRow]:
        with reading(link.source):
            yield from self.snapshots[link.source].resolve(link, wanted, tenants)


def closure(
    reader: LinkReader,
    links: Sequence[Link],
    start: Iterable[Reached],
    barred: Callable[[Identifier], bool] = lambda _: False,
) -> Graph:
    """Everything that links lead to from the start, directly or indirectly; a barred identifier is not followed."""
    found: dict[Identifier, Reached] = {}
    fresh = _merged(found, start)
    while fresh:
        reached = [
            step
            for link in links
            if (given := [r for r in fresh if r.identifier.kind == link.given])
            for step in reader.follow(link, given)
            if not barred(step.identifier)
        ]
        fresh = _merged(found, reached)
    return found


def _merged(found: dict[Identifier, Reached], steps: Iterable[Reached]) -> list[Reached]:
    """Adds the steps to `found`; returns the identifiers that are new or have new periods."""
    fresh: dict[Identifier, Reached] = {}
    for step in steps:
        known = found.get(step.identifier)
        valid = (NEVER if known is None else known.periods).joined(step.periods)
        if valid and (known is None or valid != known.periods):
            merged = replace(step if known is None else known, periods=valid)
            found[step.identifier] = fresh[step.identifier] = merged
    return list(fresh.values())


def _reversed(link: Link, kinds: Kinds) -> Link:
    comparison = kinds.comparison(link.leads_to)
    return replace(
        link,
        given=link.leads_to,
        leads_to=link.given,
        given_column=link.leads_to_column,
        leads_to_column=link.given_column,
        match=comparison.match,
        region=comparison.region,
        region_column=None,
        hmac_key=comparison.hmac_key,
    )


def _assert_linked(link: Link, row: LinkRow, is_sought: bool) -> None:  # noqa: FBT001 - the only thing it checks
    name = f"the link from {link.given!r} to {link.leads_to!r}"
    if not is_sought:
        raise RegisterError(
            f"source {link.source!r} compares {name} more loosely than {link.match.value!r}. "
            'Set match = "casefold" in the register, or write the identifier exactly as the source has it'
        )
    if not all(map(equals_constant, row.held, link.where.values())) or len(row.held) != len(link.where):
        raise RegisterError(
            f"source {link.source!r} returned a row of {name} that does not match its where. No data was read. "
            "Correct the where in register.toml, or report this as a bug"
        )


def _periods(link: Link, row: LinkRow) -> Periods:
    valid = link.valid
    if valid is None:
        return ALWAYS
    return periods(
        [Span(_moment(link, valid, row.since) or BEGINNING, _moment(link, valid, row.until) or END)]
    )


def _moment(link: Link, valid: Validity, cell: object) -> datetime | None:
    if cell is None:
        return None
    if isinstance(cell, str) and cell in _WITHOUT_END:
        return _WITHOUT_END[cell]
    mapping = FieldMapping(column="-", zone=valid.zone, unit=valid.unit)
    try:
        return datetime.fromisoformat(str(converter(FieldKind.INSTANT, mapping)(cell)))
    except Unfit as verdict:
        raise RegisterError(
            f"the link from {link.given!r} to {link.leads_to!r} over {link.source}.{link.at.table} contains a "
            f"value that can't be read as {verdict.rule}. Set zone or unit in the link's `valid`, or fix the row"
        ) from None
