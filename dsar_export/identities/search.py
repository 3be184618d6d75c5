"""Verified identifiers -> every identifier of one person, over declared links only."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.identities.links import Graph, Kinds, LinkReader, closure
from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers, UndecidedRows
from dsar_export.model.link import Link
from dsar_export.model.periods import ALWAYS, NEVER, Periods
from dsar_export.model.request import Identifier, SubjectRequest
from dsar_export.register.hints import nearest

Identifiers = frozenset[Identifier]


@dataclass(frozen=True)
class Search:
    """How the sources are searched for one request: the reader, what to begin with, and its strong links, both ways."""

    reader: LinkReader
    request: SubjectRequest
    given: Identifiers
    links: Sequence[Link]
    backwards: Sequence[Link]

    @property
    def subject(self) -> str:
        return self.reader.register.organisation.subject

    @property
    def kinds(self) -> Kinds:
        return self.reader.kinds

    def people(self, graph: Iterable[Identifier]) -> Identifiers:
        return frozenset(i for i in graph if i.kind == self.subject)

    def persons(self, people: Iterable[Identifier]) -> Identifiers:
        """One of each of these keys, however it is spelt."""
        return frozenset(map(self.kinds.folded, people))

    def others(self, graph: Iterable[Identifier], chosen: Identifiers) -> Identifiers:
        """The people among them who are not the chosen one, however the key is spelt."""
        own = self.persons(chosen)
        return frozenset(p for p in self.people(graph) if self.kinds.folded(p) not in own)

    def gone(self, found: Graph, people: Identifiers) -> bool:
        """Whether people were reached for other times than that of the request: others may have it today."""
        return any(
            person in found and not found[person].periods.at(self.request.verification.at)
            for person in people
        )

    def behind(self, graph: Graph) -> Graph:
        """Whom identifiers lead back to, at a time when they are the subject's too."""
        return closure(self.reader, self.backwards, graph.values())


def search(reader: LinkReader, request: SubjectRequest) -> Search:
    """Readies a search; WrongUseError for a kind that the register does not know. What names nobody is left out."""
    _known_kinds(reader, request.identifiers)
    kinds, strong = reader.kinds, reader.links(Strength.STRONG)
    given = [i for i in request.identifiers if not kinds.is_nobodys(i)]
    return Search(reader, request, frozenset(given), strong, reader.backwards(strong))


def explore(asked: Search) -> tuple[Graph, Graph]:
    """Everything that strong links lead to from the verified identifiers, and whatever leads back from there."""
    found = closure(asked.reader, asked.links, map(Reached, sorted(asked.given)))
    return found, asked.behind(found)


def suggested(asked: Search, found: Graph) -> tuple[Reached, ...]:
    """What weak links lead to from there: for staff to see, never followed further."""
    steps = [
        step
        for link in asked.reader.links(Strength.WEAK)
        for step in asked.reader.follow(link, [r for r in found.values() if r.identifier.kind == link.given])
    ]
    return tuple(step for step in dict.fromkeys(steps) if step.identifier not in found)


def identify(reader: LinkReader, request: SubjectRequest) -> Identity:
    """Follows strong links from the verified identifiers until they lead to nothing new.

    Then all of them are followed backwards: an address, an account or a device that leads to two people at the
    same time shows itself that way. Raises WrongUseError for a kind or a choice that is not there, and
    SubjectAmbiguousError where the person is not certain.
    """
    asked = search(reader, request)
    found, behind = explore(asked)
    people = asked.people(found) | asked.people(behind)
    chosen = _chosen(asked, people)
    if not people:
        return Identity(tuple(found.values()), undecided=_undecided(asked, found))
    _today(asked, found, chosen)
    _reached(asked, chosen, found)
    barred = Barred(asked, asked.persons(chosen))
    # Whenever a link said so, a person's own key is theirs always.
    start = [replace(found.get(person, Reached(person)), periods=ALWAYS) for person in sorted(chosen)]
    theirs = closure(reader, asked.links, start, barred)
    supplied = _supplied(asked, theirs, chosen)
    graph = {**closure(reader, asked.links, supplied.theirs, barred), **theirs}
    graph |= _as_typed(asked, graph)
    known, shared = _without_rivals(asked, graph, people | asked.people(asked.behind(graph)), chosen)
    persons = len(asked.persons(people))
    return Identity(
        known,
        tuple(SharedIdentifiers(kind, n) for kind, n in sorted((shared + supplied.shared).items()) if n),
        persons if persons > 1 or asked.gone(found, chosen) else 0,
        unused=tuple(sorted(supplied.unused.items())),
        undecided=_undecided(asked, graph),
    )


def _chosen(asked: Search, people: Identifiers) -> Identifiers:
    persons = asked.persons(people)
    if not asked.request.chosen:
        if len(persons) > 1:
            raise SubjectAmbiguousError(
                f"the identifiers lead to {len(persons)} different values of {asked.subject!r}: perhaps as many "
                "people; nothing was read further. Find out with the person which one they are, then say --choose",
                tuple(sorted(p.value for p in people)),
            )
        return people
    named = asked.persons(frozenset(Identifier(asked.subject, value) for value in asked.request.chosen))
    if not named <= persons:
        raise WrongUseError("--choose names none of the candidates; nothing was read further")
    return frozenset(person for person in people if asked.kinds.folded(person) in named)


def _today(asked: Search, found: Graph, people: Identifiers) -> None:
    """An address that was given up is somebody else's later, perhaps of nobody whom a source knows."""
    if asked.gone(found, people) and not asked.request.chosen:
        raise SubjectAmbiguousError(
            "what was given was this person's at another time only, and may be somebody else's today; nothing was "
            "read further. Ask for an identifier of today, or find out who is asking and say --choose",
            tuple(sorted(person.value for person in people)),
        )


@dataclass(frozen=True)
class Barred:
    """Other people are never followed, whatever leads to them."""

    asked: Search
    persons: Identifiers

    def __call__(self, identifier: Identifier) -> bool:
        return (
            identifier.kind == self.asked.subject and self.asked.kinds.folded(identifier) not in self.persons
        )


def _known_kinds(reader: LinkReader, verified: Sequence[Identifier]) -> None:
    kinds = reader.register.identifier_kinds
    for identifier in verified:
        if identifier.kind not in kinds:
            # Not the kind as it was given: written the wrong way round, it is the value.
            raise WrongUseError(f"unknown kind of identifier; {nearest(identifier.kind, kinds)}")


def _reached(asked: Search, chosen: Identifiers, found: Graph) -> None:
    """An order number is somebody's, but no link leads from it to them: an answer would leave out the rest."""
    if asked.request.chosen:  # from whom on everything is followed
        return
    if not asked.persons(chosen) <= asked.persons(asked.people(found)):
        ways = sorted({ln.given for ln in asked.links if ln.leads_to == asked.subject} - {asked.subject})
        raise SubjectAmbiguousError(
            "the identifiers belong to a person whom no link reaches from them, so that only a part of their "
            f"data would be found; ask for one of these too: {', '.join([asked.subject, *ways])}"
        )


@dataclass
class Supplied:
    """Given identifiers that no link finds for the person: theirs, theirs and another's, and not theirs."""

    theirs: list[Reached] = field(default_factory=list)
    shared: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)


def _supplied(asked: Search, theirs: Graph, chosen: Identifiers) -> Supplied:
    """The verified identifiers that no link finds for the person, and that may be theirs all the same.

    One that leads to the person is theirs, for the time in which it leads to nobody else. An order number beside an
    address must be of an order of the person with that address. Only kinds that the links find for a person are
    compared: of others, and of those that a person supplies, nothing says whose.
    """
    known = {asked.kinds.folded(i) for i in theirs}
    kinds = {ln.leads_to for ln in asked.links} - set(asked.reader.register.organisation.supplied)
    own, supplied = asked.people(theirs) | chosen, Supplied()
    for identifier in sorted(i for i in asked.given if asked.kinds.folded(i) not in known):
        led = closure(asked.reader, asked.links, [Reached(identifier)])
        times = [led[person].periods for person in asked.people(led) - asked.others(led, chosen)]
        # Whom it leads to beside the chosen one, and not over another identifier of theirs.
        apart = closure(asked.reader, asked.links, [Reached(identifier)], lambda i: i in own)
        beside = {**asked.behind(apart), **apart}
        others = asked.others(beside, chosen)
        if not times and (identifier.kind in kinds or others):
            _not_theirs(asked, identifier, supplied)
            continue
        # What a link says of it holds, and nothing else: a cookie may have been theirs for a time.
        held = reduce(Periods.joined, times) if times else ALWAYS
        for other in others:
            held = held.without(beside[other].periods)
        if held:
            supplied.theirs.append(Reached(identifier, held))
        else:
            supplied.shared[identifier.kind] += 1
    return supplied


def _not_theirs(asked: Search, identifier: Identifier, supplied: Supplied) -> None:
    """Somebody who chose among the people found knows whose it is not; else it may be the only one that was meant."""
    if not asked.request.chosen:
        raise SubjectAmbiguousError(
            f"a given {identifier.kind!r} is not one of those that belong to the person found; "
            "nothing was read further. Leave it out, or answer it as a request of its own"
        )
    supplied.unused[identifier.kind] += 1


def _undecided(asked: Search, graph: Graph) -> tuple[UndecidedRows, ...]:
    """The rows of links that lead to a value which may name nobody."""
    counts = [
        UndecidedRows(link.source, link.at.table, link.leads_to_column, n)
        for link in asked.links
        if (given := [r for r in graph.values() if r.identifier.kind == link.given])
        and (n := asked.reader.leads_to_undecided(link, given))
    ]
    return tuple(dict.fromkeys(counts))


def _as_typed(asked: Search, graph: Graph) -> dict[Identifier, Reached]:
    """The verified identifiers in the spelling that was given: a source may hold that one too."""
    held = _by_fold(asked, graph.values())
    return {
        i: Reached(i, held[asked.kinds.folded(i)])
        for i in asked.given
        if i not in graph and asked.kinds.folded(i) in held
    }


def _without_rivals(
    asked: Search, graph: Graph, people: Identifiers, chosen: Identifiers
) -> tuple[tuple[Reached, ...], Counter[str]]:
    """Takes from every identifier the time in which it was another's too; what is left of it is the subject's."""
    rivals = [Reached(p) for p in sorted(asked.others(people, chosen))]
    reader, own = asked.reader, asked.persons(chosen)
    theirs = closure(reader, asked.links, rivals, lambda i: asked.kinds.folded(i) in own) if rivals else {}
    others = _by_fold(asked, theirs.values())
    known, shared = [], Counter[str]()
    for reached in graph.values():
        held = reached.periods.without(others.get(asked.kinds.folded(reached.identifier), NEVER))
        shared[reached.identifier.kind] += held != reached.periods
        if held:
            known.append(replace(reached, periods=held))
    return tuple(known), shared


def _by_fold(asked: Search, reached: Iterable[Reached]) -> dict[Identifier, Periods]:
    held: dict[Identifier, Periods] = {}
    for one in reached:
        folded = asked.kinds.folded(one.identifier)
        held[folded] = held.get(folded, NEVER).joined(one.periods)
    return held
