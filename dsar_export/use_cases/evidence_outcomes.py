"""What a Draft says about a request's packages: counts by dataset, gaps, and what it was made with."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from dsar_export.errors import DraftUnreadableError
from dsar_export.export.draft import draft_chunk
from dsar_export.export.pipeline import CollectedDataset, count_collected, unread_dataset
from dsar_export.export.plan import DatasetPlan, not_covered
from dsar_export.model.evidence import Counted, Versions
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.request import Right
from dsar_export.register.files import PartsOf
from dsar_export.register.kept import KeptRegister, kept_of
from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.build import OpenDraft, with_kept_register
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.stated_gaps import split_gaps


@dataclass(frozen=True)
class DraftEvidence:
    """What could be read of a Draft, or why nothing could."""

    outcomes: tuple[Counted, ...] = ()
    versions: Versions | None = None
    missing: str | None = None


def draft_evidence(
    desk: Desk, services: Services, parts_of: PartsOf, request: StoredRequest
) -> DraftEvidence:
    """Counts each right's package anew from the Draft: nothing of it is kept beside the sealed package itself."""
    listed = request.listed
    if listed.draft is None:
        collected = "was erased" if listed.ledger_hash is not None else "does not exist"
        return DraftEvidence(missing=f"outcomes by dataset and versions: the Draft {collected}")
    try:
        draft = draft_of(desk, request)
        own = with_kept_register(services, draft, parts_of)
        return DraftEvidence(tuple(_counted(own, right, draft) for right in listed.rights), _versions(draft))
    except DraftUnreadableError:
        return DraftEvidence(missing="outcomes by dataset and versions: the Draft can't be read")


def _counted(services: Services, right: Right, draft: OpenDraft) -> Counted:
    ledger = draft.ledger
    plans = services.plans.of(ledger.controller, right, ledger.today)
    answers = tuple(_answer(draft, plan) for name, plan in plans.items() if ledger.covers(name))
    outside = not_covered(plans.values(), ledger.scope)
    return Counted(
        right,
        tuple(answer.outcome for answer in answers if not answer.unread),
        split_gaps(ledger.gaps, answers).stated,
        tuple(each.dataset.name for each in outside),
    )


def _answer(draft: OpenDraft, plan: DatasetPlan) -> DatasetAnswer:
    entry = draft.ledger.datasets.get(plan.dataset.name)
    if entry is None:
        return unread_dataset(plan)
    part = draft.part(plan.dataset.name)
    part.verify()
    chunks = map(draft_chunk, part.blocks())
    return count_collected(CollectedDataset(plan, draft.ledger.identity, entry.tally, chunks))


def _versions(draft: OpenDraft) -> Versions:
    text = draft.register_text()
    schemas = dict(_schemas(kept_of(text)))
    return Versions(draft.ledger.software, hashlib.sha256(text).hexdigest(), schemas, draft.ledger.format)


def _schemas(kept: KeptRegister) -> Iterator[tuple[str, str]]:
    """The schemas of the register, and by dataset those that were made from it."""
    for path, text in kept.files.items():
        if path.startswith("schemas/"):
            name = path.removeprefix("schemas/").removesuffix(".schema.json")
            yield name, hashlib.sha256(text.encode()).hexdigest()
    for name, document in kept.made.items():
        yield name, hashlib.sha256(orjson.dumps(document)).hexdigest()
