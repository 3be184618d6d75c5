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

    Every link is followed from every identifier, found ones too, and then all of them backwards: an address,
    an account or a device that leads to two people shows itself that way. Raises WrongUseError for a kind
    that the register does not know, and SubjectAmbiguousError where the person is not certain.
    """
    _known_kinds(register, verified)
    links = [link for link in register.organisation.links if link.source in snapshots]
    found = _closure(links, frozenset(verified), snapshots)
    behind = _closure([_backwards(register, link) for link in links], found, snapshots)
    people = frozenset(i for i in found | behind if i.kind == register.organisation.subject)
    _one_person(register, people)
    if people:
        _reached(register, people, found)
        _all_theirs(register, verified, _closure(links, people, snapshots))
    return found


def _closure(links: Sequence[Link], start: Identifiers, snapshots: Mapping[str, Snapshot]) -> Identifiers:
    found = fresh = start
    while fresh:
        fresh = _union(_follow(link, fresh, snapshots) for link in links) - found
        found |= fresh
    return found


def _union(parts: Iterable[Identifiers]) -> Identifiers:
    return frozenset(identifier for part in parts for identifier in part)


def _follow(link: Link, identifiers: Identifiers, snapshots: Mapping[str, Snapshot]) -> Identifiers:
    given = [i for i in sorted(identifiers) if i.kind == link.given]
    return snapshots[link.source].resolve(link, given) if given else frozenset()


def _backwards(register: Register, link: Link) -> Link:
    """The same pairs the other way round: to tell who else is behind an identifier, never to select data."""
    return replace(
        link,
        given=link.leads_to,
        leads_to=link.given,
        given_column=link.leads_to_column,
        leads_to_column=link.given_column,
        match=_match(register, link.leads_to),
    )


def _match(register: Register, kind: str) -> Match:
    """How identifiers of a kind compare: loosely where any link or dataset does."""
    matches = {ln.match for ln in register.organisation.links if ln.given == kind}
    matches |= {d.subject_key.match for d in register.datasets if d.subject_key.identifier == kind}
    return Match.CASEFOLD if Match.CASEFOLD in matches else Match.EXACT


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


def _reached(register: Register, people: Identifiers, found: Identifiers) -> None:
    """An order number is somebody's, but no link leads from it to them: an answer would leave out the rest."""
    if not people <= found:
        ways = sorted(
            {ln.given for ln in register.organisation.links if ln.leads_to == next(iter(people)).kind}
        )
        raise SubjectAmbiguousError(
            "the identifiers belong to a person whom no link reaches from them, so that only a part of their "
            f"data would be found; ask for one of these too: {', '.join([register.organisation.subject, *ways])}"
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
