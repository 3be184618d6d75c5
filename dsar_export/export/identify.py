"""Verified identifiers -> every identifier, over declared links only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.interfaces import Snapshot
from dsar_export.model.register import Link, Match, Register
from dsar_export.model.request import Identifier
from dsar_export.register_file import nearest

Identifiers = frozenset[Identifier]


def identify(
    register: Register, verified: Sequence[Identifier], snapshots: Mapping[str, Snapshot]
) -> Identifiers:
    """Follows the links until they lead to nothing new.

    Every link is followed from every identifier, found ones too: an address that leads back to a second
    person shows itself that way. Raises WrongUseError for a kind that the register does not know, and
    SubjectAmbiguousError where two people are matched.
    """
    _known_kinds(register, verified)
    found = _closure(register, frozenset(verified), snapshots)
    people = frozenset(i for i in found if i.kind == register.organisation.subject)
    _one_person(register, people | _sharers(register, found, snapshots))
    if people:
        _all_theirs(register, verified, _closure(register, people, snapshots))
    return found


def _closure(register: Register, start: Identifiers, snapshots: Mapping[str, Snapshot]) -> Identifiers:
    links = [link for link in register.organisation.links if link.source in snapshots]
    found = fresh = start
    while fresh:
        fresh = _union(_follow(link, fresh, snapshots) for link in links) - found
        found |= fresh
    return found


def _sharers(register: Register, found: Identifiers, snapshots: Mapping[str, Snapshot]) -> Identifiers:
    """Every person from whom a link leads to one of these identifiers: a merged account has two."""
    subject = register.organisation.subject
    back = [
        replace(
            link,
            given=link.leads_to,
            leads_to=link.given,
            given_column=link.leads_to_column,
            leads_to_column=link.given_column,
            match=_match(register, link.leads_to),
        )
        for link in register.organisation.links
        if link.given == subject and link.source in snapshots
    ]
    return _union(_follow(link, found, snapshots) for link in back)


def _union(parts: Iterable[Identifiers]) -> Identifiers:
    return frozenset(identifier for part in parts for identifier in part)


def _follow(link: Link, identifiers: Identifiers, snapshots: Mapping[str, Snapshot]) -> Identifiers:
    given = [i for i in sorted(identifiers) if i.kind == link.given]
    return snapshots[link.source].resolve(link, given) if given else frozenset()


def _known_kinds(register: Register, verified: Sequence[Identifier]) -> None:
    kinds = register.identifier_kinds
    for identifier in verified:
        if identifier.kind not in kinds:
            # Not the kind as it was given: written the wrong way round, it is the value.
            raise WrongUseError(f"unknown kind of identifier; {nearest(identifier.kind, kinds)}")


def _one_person(register: Register, people: Identifiers) -> None:
    if len(people) > 1:
        raise SubjectAmbiguousError(
            f"the identifiers lead to {len(people)} different values of {register.organisation.subject!r}: "
            "perhaps as many people; nothing was read further. Find out with the person which one they are"
        )


def _all_theirs(register: Register, verified: Sequence[Identifier], theirs: Identifiers) -> None:
    """An order number beside an address must be of an order of the person with that address.

    Only kinds that the links find for a person are compared: of others nothing says whose they are.
    """
    reached = {i.kind for i in theirs}
    folded = {(i.kind, _match(register, i.kind).fold(i.value)) for i in theirs}
    for identifier in verified:
        known = (identifier.kind, _match(register, identifier.kind).fold(identifier.value)) in folded
        if identifier.kind in reached and not known:
            raise SubjectAmbiguousError(
                f"a given {identifier.kind!r} is not one of those that belong to the person found; "
                "nothing was read further. Leave it out, or answer it as a request of its own"
            )


def _match(register: Register, kind: str) -> Match:
    """How identifiers of a kind compare: loosely where any link does."""
    loose = any(ln.match is Match.CASEFOLD for ln in register.organisation.links if ln.given == kind)
    return Match.CASEFOLD if loose else Match.EXACT
