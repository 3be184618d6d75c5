"""Shows what would be sent, page by page, and what still blocks its release."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from dsar_export.errors import WrongUseError
from dsar_export.export.ledger import Ledger
from dsar_export.model.dataset import Dataset
from dsar_export.model.decision import Decision, DecisionKind
from dsar_export.model.outcome import Record
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.register_check.decisions import is_undecided
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.four_eyes import datasets_seen
from dsar_export.requests.people import grants_at
from dsar_export.requests.requests import ListedRequest, StoredRequest
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.masking import masked_value
from dsar_export.use_cases.open_sources import possible_sources_of, unread_sources
from dsar_export.use_cases.subjects import register_to_show


@dataclass(frozen=True)
class Blocker:
    """A source that could not be read in full, or of which something is undecided, and whether its gap is accepted.

    `datasets` are those that it may concern; there are none if the source has links alone, or undecided tables alone.
    """

    source: str
    datasets: tuple[str, ...]
    accepted: bool
    undecided: bool = False


@dataclass(frozen=True)
class Review:
    """What a reviewer decides by: the counts of each dataset, gaps, and what still blocks the release."""

    request: StoredRequest
    ledger: Ledger
    decisions: tuple[Decision, ...]
    blockers: tuple[Blocker, ...]
    not_covered: tuple[str, ...] = ()
    """The datasets outside the mandate of an agent."""

    @property
    def open_blockers(self) -> tuple[Blocker, ...]:
        return tuple(blocker for blocker in self.blockers if not blocker.accepted)


def review(desk: Desk, register: Register, reference: str) -> Review:
    """The Draft of a request as a reviewer or an auditor sees it first."""
    with desk.looking() as act:
        request = act.request(reference, Role.REVIEWER, Role.AUDITOR, Role.AGENT)
        decisions = decisions_of(act.connection, reference, desk.vault)
    draft = draft_of(desk, request)
    ledger, controller = draft.ledger, request.listed.controller
    part = register_to_show(register, ledger.subject)
    names = [*(dataset.name for dataset in part.datasets_of(controller)), EARLIER_REQUESTS]
    outside = tuple(name for name in names if not ledger.covers(name))
    return Review(request, ledger, decisions, blockers(register, ledger, request, decisions), outside)


def blockers(
    register: Register, ledger: Ledger, request: StoredRequest, decisions: Sequence[Decision]
) -> tuple[Blocker, ...]:
    """The sources that could not be read, then those with something undecided; acceptances are of this very Draft."""
    part = register_to_show(register, ledger.subject)
    covered = [d for d in part.datasets_of(ledger.controller) if ledger.covers(d.name)]
    accepted = {d.about for d in decisions if d.kind is DecisionKind.ACCEPT_GAP}
    unread = {
        source: tuple(dataset.name for dataset in covered if dataset.source == source)
        for source in unread_sources(register, ledger)
    }
    waiting = {s: names for s, names in _undecided(ledger).items() if s not in unread}
    in_part = {s: names for s, names in _in_part(covered, ledger).items() if s not in {*unread, *waiting}}
    return tuple(
        Blocker(source, names, gap_hash(request.listed, source) in accepted, source in waiting)
        for source, names in (*unread.items(), *in_part.items(), *waiting.items())
    )


def _in_part(covered: Sequence[Dataset], ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """The sources with files that were not read to their end, each with the datasets that these concern."""
    found: dict[str, tuple[str, ...]] = {}
    for dataset in covered:
        entry = ledger.datasets.get(dataset.name)
        if entry is not None and entry.tally.searched is not None and entry.tally.searched.gaps:
            found[dataset.source] = (*found.get(dataset.source, ()), dataset.name)
    return found


def _undecided(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """The sources of which something is undecided, each with the datasets whose rows lack it."""
    found: dict[str, tuple[str, ...]] = {}
    for gap in filter(is_undecided, ledger.gaps):
        entry = ledger.datasets.get(gap.dataset or "")
        if not gap.within_rows or (entry is not None and entry.tally.read):
            named = () if gap.dataset is None else (gap.dataset,)
            found[gap.source] = (*found.get(gap.source, ()), *named)
    return found


def gap_hash(request: ListedRequest, source: str) -> str:
    """What an acceptance is about: the gap of one source in one Draft, so that collecting again voids it."""
    return hashlib.sha256(f"{request.ledger_hash}:{source}".encode()).hexdigest()


def accepted_sources(register: Register, request: ListedRequest, about: Set[str | None]) -> tuple[str, ...]:
    """The sources whose gap in the Draft as it is was accepted, by what decisions are about."""
    return tuple(
        s for s in possible_sources_of(register, request.controller) if gap_hash(request, s) in about
    )


def page(
    desk: Desk, reference: str, dataset: str, first: int, count: int, *, whole: bool = False
) -> Sequence[Record]:
    """Records of a dataset from the `first`, counted from 1, masked; showing them whole is noted in the trail."""
    with desk.looking() as act:
        request = act.request(reference, Role.REVIEWER)
        grants = grants_at(act.connection, act.at, request.listed.controller)
    seen = datasets_seen(desk.person.name, grants)
    draft = draft_of(desk, request)
    if dataset not in draft.ledger.datasets or (seen is not None and dataset not in seen):
        known = sorted(name for name in draft.ledger.datasets if seen is None or name in seen)
        raise WrongUseError(f"no dataset {dataset!r} to review; there are: {', '.join(known) or 'none'}")
    if whole:
        with desk.acting() as act:
            act.note("show_whole", request, dataset=dataset, records=count, since=first)
    found = draft.page(dataset, first - 1, count)
    if whole:
        return [each.record for each in found]
    return [{name: masked_value(value) for name, value in each.record.items()} for each in found]
