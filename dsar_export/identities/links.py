"""Which identifiers lead to which, over the links of one controller, with the time in which they do."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from dsar_export.errors import RegisterError
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
"""As PostgreSQL writes them."""


@dataclass(frozen=True)
class Kinds:
    """How identifiers of each kind compare: as loosely as any link or dataset of a controller compares them."""

    register: Register
    controller: str
    undecided: Callable[[Identifier], bool] = lambda _: False
    """Whether a folded identifier may name nobody, as it is a column's default: the register must decide."""

    def names_nobody(self, identifier: Identifier) -> bool:
        """Whether it is blank, no possible one of its kind, or listed by the register as nobody's."""
        value = self.folded(identifier).value
        return value == NOBODY or value in self._nobody[identifier.kind]

    def is_undecided(self, identifier: Identifier) -> bool:
        return self.undecided(self.folded(identifier))

    def is_nobodys(self, identifier: Identifier) -> bool:
        """Whether it selects nothing and leads nowhere, decided or not."""
        return self.names_nobody(identifier) or self.is_undecided(identifier)

    @cached_property
    def _nobody(self) -> Mapping[str, frozenset[str]]:
        listed: dict[str, set[str]] = defaultdict(set)
        for column in identifier_columns(self.register, self.controller):
            comparison = self.comparison(column.kind)
            listed[column.kind].update(folded(value, comparison) for value in column.nobody or ())
        return defaultdict(frozenset, {kind: frozenset(values) for kind, values in listed.items()})

    def comparison(self, kind: str) -> Comparison:
        links = [ln.comparison for ln in self.register.links_of(self.controller) if ln.given == kind]
        datasets = self.register.datasets_of(self.controller)
        keys = [key.comparison for d in datasets for key in d.subject_keys if key.identifier == kind]
        found = [*links, *keys]
        for match in (Match.E164, Match.CASEFOLD):
            loose = [c for c in found if c.match is match]
            if loose:
                return loose[0]
        # A hash is of the casefolded value, so it can't tell two spellings apart.
        hashed = any(c.match is Match.HMAC for c in found)
        return Comparison(Match.CASEFOLD) if hashed else Comparison()

    def folded(self, identifier: Identifier) -> Identifier:
        """What stands for every identifier that is equal to this one."""
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
        """The same pairs the other way round: to tell who else is behind an identifier, never to select data.

        A hash leads nowhere backwards; who has it too is found from the identifier itself.
        """
        return tuple(_reversed(ln, self.kinds) for ln in links if ln.match is not Match.HMAC)

    def follow(self, link: Link, fresh: Sequence[Reached]) -> Iterator[Reached]:
        """What the identifiers lead to, each within the link's time and that of the one it comes from."""
        over = f"{link.source}.{link.at.table}"
        for row, identifier, parents in self._rows(link, fresh):
            if self.kinds.is_undecided(identifier):
                continue
            held = _periods(link, row)
            for parent in parents:
                yield Reached(
                    identifier, parent.periods.overlap(held), parent.identifier, over, link.strength
                )

    def leads_to_undecided(self, link: Link, fresh: Sequence[Reached]) -> int:
        """How many rows of a link lead to a value on which the register must decide; none of them is followed."""
        return sum(self.kinds.is_undecided(identifier) for _, identifier, _ in self._rows(link, fresh))

    def _rows(
        self, link: Link, fresh: Sequence[Reached]
    ) -> Iterator[tuple[LinkRow, Identifier, Sequence[Reached]]]:
        """The link's rows, each with what it leads to and from which identifiers; none that leads to nobody."""
        by_key: dict[str, list[Reached]] = {}
        for reached in fresh:
            key = search_value(reached.identifier.value, link.comparison, self.keys)
            if key != NOBODY:
                by_key.setdefault(key, []).append(reached)
        tenants = self.register.tenants_of(link.source, self.controller)
        as_read = {r.identifier.value for r in fresh} if link.match is Match.EXACT and by_key else set()
        for row in self.snapshots[link.source].resolve(link, sorted({*by_key, *as_read}), tenants):
            given = folded(row.given, link.comparison)
            _assert_linked(link, row, given in by_key)
            identifier = Identifier(link.leads_to, as_text(row.reached))
            if not self.kinds.names_nobody(identifier):
                yield row, identifier, by_key[given]


def closure(
    reader: LinkReader,
    links: Sequence[Link],
    start: Iterable[Reached],
    barred: Callable[[Identifier], bool] = lambda _: False,
) -> Graph:
    """Follows links until they lead to nothing new; a barred identifier is not reached."""
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
    """Adds what is new, or was reached for a time that is new; returns it."""
    fresh: dict[Identifier, Reached] = {}
    for step in steps:
        known = found.get(step.identifier)
        held = (NEVER if known is None else known.periods).joined(step.periods)
        if held and (known is None or held != known.periods):
            merged = replace(step if known is None else known, periods=held)
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
        hmac_key=comparison.hmac_key,
    )


def _assert_linked(link: Link, row: LinkRow, is_sought: bool) -> None:  # noqa: FBT001 - the one thing it asks
    what = f"the link from {link.given!r} to {link.leads_to!r}"
    if not is_sought:
        raise RegisterError(
            f"source {link.source!r} compares {what} more loosely than {link.match.value!r}: say casefold in the "
            "register, or give the identifier as the source writes it"
        )
    if not all(map(equals_constant, row.held, link.where.values())) or len(row.held) != len(link.where):
        raise RegisterError(
            f"source {link.source!r} returned a row of {what} that its where leaves out; nothing was read further. "
            "Correct the where in register.toml, or report this"
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
            f"the link from {link.given!r} to {link.leads_to!r} over {link.source}.{link.at.table} holds what is no "
            f"{verdict.rule}; say zone or unit under its valid, or mend the row"
        ) from None
