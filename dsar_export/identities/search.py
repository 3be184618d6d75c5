"""Verified identifiers -> every identifier of one person, over declared links only."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from dsar_export.errors import SubjectAmbiguousError, WrongChoiceError, WrongUseError
from dsar_export.identities.links import Graph, Kinds, LinkReader, closure
from dsar_export.identities.referred import referred
from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers, UndecidedRows
from dsar_export.model.link import Link
from dsar_export.model.periods import ALWAYS, NEVER, Periods
from dsar_export.model.request import Identifier, SubjectRequest
from dsar_export.register.hints import nearest

Identifiers = frozenset[Identifier]


@dataclass(frozen=True)
class Search:
    """One request's search: its reader, the given identifiers that name somebody, and the strong links both ways."""

    reader: LinkReader
    request: SubjectRequest
    given: Identifiers
    links: Sequence[Link]
    backwards: Sequence[Link]

    @property
    def subject(self) -> str:
        return self.reader.register.subject

    @property
    def kinds(self) -> Kinds:
        return self.reader.kinds

    def subject_ids(self, graph: Iterable[Identifier]) -> Identifiers:
        """The identifiers among them that are keys of people, such as customer numbers."""
        return frozenset(i for i in graph if i.kind == self.subject)

    def distinct_subjects(self, subject_ids: Iterable[Identifier]) -> Identifiers:
        """The folded keys: one for each person, however often and however spelled the key occurs."""
        return frozenset(map(self.kinds.folded, subject_ids))

    def others(self, graph: Iterable[Identifier], chosen: Identifiers) -> Identifiers:
        """The keys of people in the graph who are not chosen, compared after folding."""
        own = self.distinct_subjects(chosen)
        return frozenset(i for i in self.subject_ids(graph) if self.kinds.folded(i) not in own)

    def only_in_the_past(self, found: Graph, subject_ids: Identifiers) -> bool:
        """Whether any of them was reached only through links that are not valid at the time of the request."""
        return any(
            subject_id in found and not found[subject_id].periods.at(self.request.verification.at)
            for subject_id in subject_ids
        )

    def follow_back(self, graph: Graph) -> Graph:
        """Everything that the strong links, followed backwards, reach from a graph within its periods."""
        return closure(self.reader, self.backwards, graph.values())


def search_for(reader: LinkReader, request: SubjectRequest) -> Search:
    """Prepares a search, without identifiers that name nobody; WrongUseError for a kind that the register lacks."""
    _known_kinds(reader, request.identifiers)
    kinds, strong = reader.kinds, reader.links(Strength.STRONG)
    given = [i for i in request.identifiers if not kinds.is_ignored(i)]
    return Search(reader, request, frozenset(given), strong, reader.backwards(strong))


def explore(search: Search) -> tuple[Graph, Graph]:
    """The identifiers that strong links reach from the given ones, and those reached from there backwards."""
    found = closure(search.reader, search.links, map(Reached, sorted(search.given)))
    return found, search.follow_back(found)


def suggested(search: Search, found: Graph) -> tuple[Reached, ...]:
    """The identifiers that weak links reach from those found. Staff see them; they are never followed further."""
    steps = [
        step
        for link in search.reader.links(Strength.WEAK)
        for step in search.reader.follow(link, [r for r in found.values() if r.identifier.kind == link.given])
    ]
    return tuple(step for step in dict.fromkeys(steps) if step.identifier not in found)


def identify(reader: LinkReader, request: SubjectRequest) -> Identity:
    """The subject's identifiers and their periods, found by following strong links from the given identifiers.

    Links are also followed backwards, which shows whether an address, an account or a device leads to two people at
    the same time. What the person's rows refer to is added in the end. Raises WrongUseError for an unknown kind or
    choice, and SubjectAmbiguousError where it is not certain who the person is.
    """
    search = search_for(reader, request)
    found, backward = explore(search)
    candidates = search.subject_ids(found) | search.subject_ids(backward)
    chosen = _chosen(search, candidates)
    if not candidates:
        pointed = referred(reader, found.values())
        return Identity(
            (*found.values(), *pointed), undecided=_undecided(search, (*found.values(), *pointed))
        )
    _refuse_past_only(search, found, chosen)
    _refuse_unreachable(search, chosen, found)
    barred = Barred(search, search.distinct_subjects(chosen))
    # A person's own key is theirs at all times, whatever the periods of the links that led to it.
    start = [replace(found.get(key, Reached(key)), periods=ALWAYS) for key in sorted(chosen)]
    theirs = closure(reader, search.links, start, barred)
    supplied = _supplied(search, theirs, chosen)
    graph = {**closure(reader, search.links, supplied.theirs, barred), **theirs}
    graph |= _as_typed(search, graph)
    everyone = candidates | search.subject_ids(search.follow_back(graph))
    known, shared = _without_rivals(search, graph, everyone, chosen)
    pointed = referred(reader, known)
    people = len(search.distinct_subjects(candidates))
    return Identity(
        (*known, *pointed),
        tuple(SharedIdentifiers(kind, n) for kind, n in sorted((shared + supplied.shared).items()) if n),
        people if people > 1 or search.only_in_the_past(found, chosen) else 0,
        unused=tuple(sorted(supplied.unused.items())),
        undecided=_undecided(search, (*graph.values(), *pointed)),
    )


def _chosen(search: Search, candidates: Identifiers) -> Identifiers:
    subjects = search.distinct_subjects(candidates)
    if not search.request.chosen:
        if len(subjects) > 1:
            raise SubjectAmbiguousError(
                f"the identifiers match {len(subjects)} {search.subject} values, possibly {len(subjects)} people. "
                "No data was read. Ask the person which one is theirs and pass it with --choose",
                tuple(sorted(candidate.value for candidate in candidates)),
            )
        return candidates
    named = search.distinct_subjects(
        frozenset(Identifier(search.subject, value) for value in search.request.chosen)
    )
    if not named <= subjects:
        raise WrongChoiceError(
            "--choose names a key that is not a candidate. No data was read. Check the key",
            tuple(sorted(candidate.value for candidate in candidates)),
        )
    return frozenset(candidate for candidate in candidates if search.kinds.folded(candidate) in named)


def _refuse_past_only(search: Search, found: Graph, chosen: Identifiers) -> None:
    """Refuses identifiers that are not the person's now: an address that was given up may now be a stranger's."""
    if search.only_in_the_past(found, chosen) and not search.request.chosen:
        raise SubjectAmbiguousError(
            "the identifiers were this person's only at another time and may be someone else's today. No data was "
            "read. Ask for a current identifier, or find out who is asking and pass their key with --choose",
            tuple(sorted(key.value for key in chosen)),
        )


@dataclass(frozen=True)
class Barred:
    """Whether an identifier is another person's key, which is never followed."""

    search: Search
    own: Identifiers

    def __call__(self, identifier: Identifier) -> bool:
        return identifier.kind == self.search.subject and self.search.kinds.folded(identifier) not in self.own


def _known_kinds(reader: LinkReader, verified: Sequence[Identifier]) -> None:
    kinds = reader.register.given_kinds
    for identifier in verified:
        if identifier.kind not in kinds:
            # The message must not quote the kind: if kind and value were swapped, it is the value.
            raise WrongUseError(f"unknown kind of identifier; {nearest(identifier.kind, kinds)}")


def _refuse_unreachable(search: Search, chosen: Identifiers, found: Graph) -> None:
    """Refuses identifiers from which no link leads to their person, such as an order number."""
    if search.request.chosen:  # links are followed from the chosen key, so nothing is missed
        return
    if not search.distinct_subjects(chosen) <= search.distinct_subjects(search.subject_ids(found)):
        kinds = sorted({ln.given for ln in search.links if ln.leads_to == search.subject} - {search.subject})
        raise SubjectAmbiguousError(
            f"these identifiers belong to one person, but no link leads from them to {search.subject}, so most of "
            f"their data would be missed. Ask for one of: {', '.join([search.subject, *kinds])}"
        )


@dataclass
class Supplied:
    """The given identifiers that no link finds for the person.

    `theirs` belong to the person. `shared` and `unused` count by kind: those that are never the person's alone, and
    those that are not the person's.
    """

    theirs: list[Reached] = field(default_factory=list)
    shared: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)


def _supplied(search: Search, theirs: Graph, chosen: Identifiers) -> Supplied:
    """Sorts the given identifiers that no link finds for the person, but which may still be theirs.

    An identifier that leads to the person is theirs for the time in which it leads to nobody else. An order number
    given with an address must belong to an order of the person with that address. Only kinds that links find for a
    person are compared: for other kinds, and for those that a person supplies, no source shows the owner.
    """
    known = {search.kinds.folded(i) for i in theirs}
    kinds = {ln.leads_to for ln in search.links} - set(search.reader.register.organisation.supplied)
    supplied = Supplied()
    for identifier in sorted(i for i in search.given if search.kinds.folded(i) not in known):
        reached = closure(search.reader, search.links, [Reached(identifier)])
        times = [reached[key].periods for key in search.subject_ids(reached) - search.others(reached, chosen)]
        # Other people it leads to, except over the chosen person.
        without_own = closure(search.reader, search.links, [Reached(identifier)], lambda i: i in chosen)
        elsewhere = {**search.follow_back(without_own), **without_own}
        others = search.others(elsewhere, chosen)
        if not times and (identifier.kind in kinds or others):
            _not_theirs(search, identifier, supplied)
            continue
        # Where links lead to the person, their periods apply: a cookie may have been theirs only for a time.
        held = reduce(Periods.joined, times) if times else ALWAYS
        for other in others:
            held = held.without(elsewhere[other].periods)
        if held:
            supplied.theirs.append(Reached(identifier, held))
        else:
            supplied.shared[identifier.kind] += 1
    return supplied


def _not_theirs(search: Search, identifier: Identifier, supplied: Supplied) -> None:
    """Counts it as unused if staff chose the person; otherwise refuses it, because it may name the right person."""
    if not search.request.chosen:
        raise SubjectAmbiguousError(
            f"a given {identifier.kind!r} does not belong to the person found. No data was read. "
            "Leave it out, or make it a separate request"
        )
    supplied.unused[identifier.kind] += 1


def _undecided(search: Search, reached: Sequence[Reached]) -> tuple[UndecidedRows, ...]:
    """The links with rows that lead to a value which may name nobody, and how many such rows each has."""
    counts = [
        UndecidedRows(link.source, link.at.table, link.leads_to_column, n)
        for link in (*search.links, *search.reader.links(Strength.REFERENCE))
        if (given := [r for r in reached if r.identifier.kind == link.given])
        and (n := search.reader.leads_to_undecided(link, given))
    ]
    return tuple(dict.fromkeys(counts))


def _as_typed(search: Search, graph: Graph) -> dict[Identifier, Reached]:
    """The given identifiers that were found in another spelling: a source may hold the given spelling too."""
    held = _by_fold(search, graph.values())
    return {
        i: Reached(i, held[search.kinds.folded(i)])
        for i in search.given
        if i not in graph and search.kinds.folded(i) in held
    }


def _without_rivals(
    search: Search, graph: Graph, everyone: Identifiers, chosen: Identifiers
) -> tuple[tuple[Reached, ...], Counter[str]]:
    """The graph without the periods in which an identifier was also another person's, and a count of those by kind."""
    rivals = [Reached(key) for key in sorted(search.others(everyone, chosen))]
    reader, own = search.reader, search.distinct_subjects(chosen)
    theirs = closure(reader, search.links, rivals, lambda i: search.kinds.folded(i) in own) if rivals else {}
    others = _by_fold(search, theirs.values())
    known, shared = [], Counter[str]()
    for reached in graph.values():
        held = reached.periods.without(others.get(search.kinds.folded(reached.identifier), NEVER))
        shared[reached.identifier.kind] += held != reached.periods
        if held:
            known.append(replace(reached, periods=held))
    return tuple(known), shared


def _by_fold(search: Search, reached: Iterable[Reached]) -> dict[Identifier, Periods]:
    held: dict[Identifier, Periods] = {}
    for one in reached:
        folded = search.kinds.folded(one.identifier)
        held[folded] = held.get(folded, NEVER).joined(one.periods)
    return held
