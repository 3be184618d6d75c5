"""Completes a Draft: reads the sources that an earlier attempt could not read, and carries the others over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from dsar_export.errors import DraftUnreadableError, reading
from dsar_export.export.capabilities import described
from dsar_export.export.gaps import identity_gaps
from dsar_export.export.ledger import DatasetEntry, Ledger
from dsar_export.identities.identifier_columns import decide_nobody, identifier_columns
from dsar_export.identities.search import identify
from dsar_export.model.dataset import Dataset
from dsar_export.model.draft import PartFacts
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.periods import Periods
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, SubjectRequest
from dsar_export.register.kept import KeptRegister, kept_of, kept_register, kept_text
from dsar_export.register.made_schemas import with_documents
from dsar_export.sealing.drafts.writer import Block
from dsar_export.use_cases.build import OpenDraft
from dsar_export.use_cases.collect import SOFTWARE, Collection, Found
from dsar_export.use_cases.find_subject import (
    UNSEARCHED,
    retried_if_lost,
    undecided_in,
    unread_links,
    without_unreadable,
)
from dsar_export.use_cases.open_sources import (
    OpenSources,
    opened_sources,
    possible_sources_of,
    sources_of,
    unread_sources,
)
from dsar_export.use_cases.services import Services


@dataclass(frozen=True)
class Earlier:
    """A Draft that may be completed, and its sources that could not be read."""

    draft: OpenDraft
    unread: frozenset[str]

    @property
    def ledger(self) -> Ledger:
        return self.draft.ledger


@dataclass(frozen=True)
class _Plan:
    """Which sources are read again, and which are opened beside them so that identifiers can be sought again."""

    read: frozenset[str]
    searched: frozenset[str] = frozenset()


def earlier_draft(
    services: Services, request: SubjectRequest, draft: OpenDraft, *, checkpoint: bool = False
) -> Earlier | None:
    """What may be carried over; None if the Draft was made under other circumstances, or nothing is unread.

    A checkpoint of which all is read is carried over whole: it was about to be submitted.
    A Draft has one register, one day by which storage periods ended, and one identity for all of its datasets.
    """
    ledger, controller = draft.ledger, request.controller
    made = (
        ledger.controller,
        ledger.subject,
        ledger.today,
        ledger.software,
        ledger.identifiers,
        ledger.chosen,
        ledger.scope,
    )
    now = (
        controller,
        services.register.kind,
        services.today(controller),
        SOFTWARE,
        request.identifiers,
        request.chosen,
        request.scope,
    )
    unread = unread_sources(services.register, ledger)
    if (
        made != now
        or not (unread or checkpoint)
        or _files(draft.register_text()) != _files(kept_text(kept_register(services.register)))
    ):
        return None
    return Earlier(draft, frozenset(unread))


def complete_draft(collection: Collection, earlier: Earlier) -> tuple[Ledger, PartFacts] | None:
    """Completes the Draft as a new attempt; None if all must be collected anew.

    So it is if the sources that answer now lead to other identifiers, or the Draft is damaged. A source that fails
    again stays a gap.
    """
    completed = partial(_completed, collection, earlier)
    try:
        if collection.savings.gaps:
            return without_unreadable(completed)
        return retried_if_lost(partial(completed, frozenset()))
    except DraftUnreadableError:
        return None


def _completed(
    collection: Collection, earlier: Earlier, unread: frozenset[str]
) -> tuple[Ledger, PartFacts] | None:
    services, request = _with_schemas(collection.services, earlier), collection.request
    plan = _plan(services, earlier, unread)
    if plan is None:
        return None
    with collection.begun():
        closed = (
            frozenset(sources_of(services.register, request.controller, request.scope))
            - plan.read
            - plan.searched
        )
        with opened_sources(services, request, closed) as sources:
            identity = identify(sources.reader, request) if plan.searched else earlier.ledger.identity
            if _known(identity) != _known(earlier.ledger.identity):
                return None
            for name, entry in earlier.ledger.datasets.items():
                collection.put(name, _carried(services, earlier.draft, name, entry), entry.tally)
            found = _found(services, earlier, sources, plan.read, Found(identity, sources.moments, {}, ()))
            subject = sources.subject(services, identity)
            collection.resume(sources, found)
            for compiled in sources.plans.values():
                if compiled.dataset.source in plan.read:
                    collection.read(subject, compiled)
                    collection.checkpoint(sources, found)
        entries = {name: collection.entries[name] for name in sources.plans if name in collection.entries}
        return collection.finish(replace(found, entries=entries), sources.register)


def _files(register: bytes) -> KeptRegister:
    """A Draft's register without the schemas that catalogues completed."""
    return replace(kept_of(register), made={})


def _with_schemas(services: Services, earlier: Earlier) -> Services:
    """The services with those schemas, to which the records conform that are carried over, whatever catalogues say."""
    made = kept_of(earlier.draft.register_text()).made
    return replace(services, register=with_documents(services.register, made)) if made else services


def _plan(services: Services, earlier: Earlier, unread: frozenset[str]) -> _Plan | None:
    """What is opened; None if the carried records might be attributed otherwise. `unread` failed a moment ago.

    Identifiers are sought again if links go through the sources that are read, if these sources decide which
    identifiers are nobody's, or if rows in them are attributed by what others say of that.
    """
    register, ledger = services.register, earlier.ledger
    read = earlier.unread - unread
    linked = frozenset(link.source for link in register.links_of(ledger.controller))
    weighed = frozenset(d.source for d in register.datasets_of(ledger.controller) if _weighs(register, d))
    deciding = frozenset(name for name in sorted(read) if _decides_nobody(services, ledger, name))
    if deciding and weighed - earlier.unread:
        return None
    seeking = read & (linked | weighed | deciding)
    if unread - earlier.unread:  # a carried source with links does not answer now: nothing can be sought
        return _Plan(read - seeking)
    return _Plan(read, linked - unread | seeking if seeking else frozenset())


def _decides_nobody(services: Services, ledger: Ledger, source: str) -> bool:
    with reading(source):
        description = described(services.collectors[source], services.register.parts_in(source))
    columns = identifier_columns(services.register, ledger.controller)
    known = [reached.identifier for reached in ledger.identity.known]
    return decide_nobody([c for c in columns if c.source == source], {source: description}, known)


def _weighs(register: Register, dataset: Dataset) -> bool:
    """Whether a row of a key without proof is the subject's only if no other key names somebody else."""
    unproven = register.kinds_without_proof
    return len({key.proves and key.identifier not in unproven for key in dataset.subject_keys}) > 1


def _known(identity: Identity) -> dict[Identifier, Periods]:
    return {reached.identifier: reached.periods for reached in identity.known}


def _carried(services: Services, draft: OpenDraft, dataset: str, entry: DatasetEntry) -> Iterator[Block]:
    """The blocks of a part, one at a time: a block opens only in the part that it was sealed for."""
    services.progress.started(dataset)
    part = draft.part(dataset)
    for each in part.index:
        yield Block(part.block(each), each.records, each.beside)
        services.progress.advanced(each.records + each.beside)
    services.progress.finished(dataset, entry.tally.read)


def _found(
    services: Services, earlier: Earlier, sources: OpenSources, read: frozenset[str], found: Found
) -> Found:
    """What was found, with moments and gaps as if every source that was ever read had been read now."""
    moments = {moment.source: moment for moment in earlier.ledger.moments}
    moments |= {moment.source: moment for moment in found.moments if moment.source in read}
    controller, scope = earlier.ledger.controller, earlier.ledger.scope
    order = [name for name in sources_of(services.register, controller, scope) if name in moments]
    gaps = [*identity_gaps(found.identity)]
    for name in dict.fromkeys((*order, *possible_sources_of(services.register, controller))):
        gaps += undecided_in(services, sources, name) if name in read else _carried_gaps(earlier.ledger, name)
    gaps += unread_links(sources, controller, earlier.unread - read)
    carried = tuple(name for name in order if name not in read)
    return replace(found, moments=tuple(moments[name] for name in order), gaps=tuple(gaps), carried=carried)


def _carried_gaps(ledger: Ledger, source: str) -> Iterator[Gap]:
    """Tables and columns of a source that the register does not mention or decide; others depend on all sources."""
    of_identity = set(identity_gaps(ledger.identity))
    for gap in ledger.gaps:
        if gap.source == source and gap not in of_identity and gap.reason != UNSEARCHED:
            yield gap
