"""What of a dataset could not be searched, attributed or filtered, in counts."""

from collections.abc import Iterator

from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.periods import ALWAYS


def dataset_gaps(
    dataset: Dataset, identity: Identity, unattributed: int, of_no_company: int, outcome: Outcome
) -> Iterator[Gap]:
    """The gaps of a dataset whose rows have been read."""
    kinds = {key.identifier for key in dataset.subject_keys}
    for shared in identity.shared:
        if shared.kind in kinds:
            what = f"identifiers of kind {shared.kind!r} that are another person's too at the same time: {shared.count}"
            yield _gap(dataset, f"{what}; what is kept under them alone was not copied")
    dated = [r for r in identity.known if r.identifier.kind in kinds and r.periods != ALWAYS]
    if dated and not dataset.valid_at:
        yield _gap(
            dataset,
            f"identifiers that were the person's for a time only: {len(dated)}; the rows name no time, so not searched",
        )
    if unattributed:
        yield _gap(dataset, f"rows that can't be said to be this person's alone: {unattributed}; not copied")
    if of_no_company:
        yield _gap(dataset, f"rows that name no company of ours: {of_no_company}; not copied")
    if outcome.kept_back:
        yield _gap(
            dataset,
            f"rows with JSON that is not taken apart or may hold a secret: {outcome.kept_back}; "
            "not copied before staff saw them",
        )


def _gap(dataset: Dataset, reason: str) -> Gap:
    return Gap(dataset.source, dataset.name, reason)
