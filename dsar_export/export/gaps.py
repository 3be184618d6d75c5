"""What of a dataset could not be searched, attributed or filtered, in counts."""

from collections.abc import Iterator

from dsar_export.export.key_values import NAMED_LIKE_NONE
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.periods import ALWAYS


def dataset_gaps(
    dataset: Dataset, identity: Identity, unattributed: int, of_no_company: int, outcome: Outcome
) -> Iterator[Gap]:
    """The gaps of a dataset whose rows have been read."""
    for reason in (
        *_of_identifiers(dataset, identity),
        *_of_rows(unattributed, of_no_company),
        *_kept_back(outcome),
    ):
        yield Gap(dataset.source, dataset.name, reason)


def _of_identifiers(dataset: Dataset, identity: Identity) -> Iterator[Message]:
    kinds = {key.identifier for key in dataset.subject_keys}
    for shared in identity.shared:
        if shared.kind in kinds:
            yield Message(
                "identifiers of kind {kind} that are another person's too at the same time: {count}; "
                "what is kept under them alone was not copied",
                (("kind", repr(shared.kind)), ("count", str(shared.count))),
            )
    dated = [r for r in identity.known if r.identifier.kind in kinds and r.periods != ALWAYS]
    if dated and not dataset.valid_at:
        yield Message(
            "identifiers that were the person's for a time only: {count}; "
            "the rows name no time, so not searched",
            _count(len(dated)),
        )


def _of_rows(unattributed: int, of_no_company: int) -> Iterator[Message]:
    if unattributed:
        yield Message(
            "rows that can't be said to be this person's alone: {count}; not copied", _count(unattributed)
        )
    if of_no_company:
        yield Message("rows that name no company of ours: {count}; not copied", _count(of_no_company))


def _kept_back(outcome: Outcome) -> Iterator[Message]:
    if outcome.kept_back and any(reason.rule == NAMED_LIKE_NONE for reason, _ in outcome.reasons):
        yield Message(
            "rows whose value is called like a secret, or with JSON that is not taken apart or may hold one: {count}; "
            "not copied before staff saw them",
            _count(outcome.kept_back),
        )
    elif outcome.kept_back:
        yield Message(
            "rows with JSON that is not taken apart or may hold a secret: {count}; "
            "not copied before staff saw them",
            _count(outcome.kept_back),
        )


def _count(n: int) -> tuple[tuple[str, str], ...]:
    return (("count", str(n)),)
