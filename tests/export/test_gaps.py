"""Gaps count what could not be searched, attributed or filtered, and never quote it."""

from dataclasses import replace
from datetime import UTC, datetime

from dsar_export.export.gaps import Tally, dataset_gaps
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers
from dsar_export.model.outcome import Outcome
from dsar_export.model.periods import Span, periods
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import SubjectKey
from tests.export.rows import dataset

DATED = periods([Span(datetime(2024, 1, 1, tzinfo=UTC))])
C1 = Reached(Identifier("customer_id", "C-1"))
TABLET = Reached(Identifier("device", "D-1"), DATED)
OF_DEVICES = replace(dataset(), subject_keys=(SubjectKey(column="device", identifier="device"),))


def reasons(
    of: object = None,
    *known: Reached,
    shared: tuple[SharedIdentifiers, ...] = (),
    unattributed: int = 0,
    of_unknown_tenant: int = 0,
    back: int = 0,
) -> list[str]:
    outcome = Outcome("records", read=9, written=9 - back, withheld=back, nonconforming=0, kept_back=back)
    aside = Tally(unattributed=unattributed, unknown_tenant=of_unknown_tenant)
    gaps = list(dataset_gaps(of or dataset(), Identity(known, shared), aside, outcome))  # type: ignore[arg-type] # a dataset
    assert {(gap.source, gap.dataset) for gap in gaps} <= {("main", "records")}
    return [str(gap.reason) for gap in gaps]


def test_a_dataset_that_was_read_completely_has_no_gap() -> None:
    assert reasons(None, C1) == []


def test_rows_that_nobody_can_attribute_are_counted() -> None:
    (reason,) = reasons(None, C1, unattributed=7)
    assert reason.endswith("this person's alone: 7; not copied")


def test_rows_that_name_no_company_are_counted_apart() -> None:
    times, (companies,) = reasons(None, C1, unattributed=7), reasons(None, C1, of_unknown_tenant=3)
    assert companies == "rows that name no company of ours: 3; not copied"
    assert reasons(None, C1, unattributed=7, of_unknown_tenant=3) == [*times, companies]


def test_rows_that_were_kept_back_are_counted() -> None:
    (reason,) = reasons(None, C1, back=3)
    assert reason.startswith("rows with JSON that is not taken apart or may hold a secret: 3;")


def test_a_temporary_identifier_is_not_searched_where_rows_have_no_time() -> None:
    (reason,) = reasons(OF_DEVICES, C1, TABLET)
    assert reason.startswith("identifiers that were the person's for a time only: 1;")
    assert reasons(replace(OF_DEVICES, valid_at=("at",)), C1, TABLET) == []
    assert reasons(None, C1, TABLET) == []  # another kind


def test_shared_identifiers_are_counted_by_kind_in_datasets_with_that_kind() -> None:
    shared = (SharedIdentifiers("device", 2), SharedIdentifiers("email", 1))
    (reason,) = reasons(OF_DEVICES, C1, shared=shared)
    assert reason.startswith(
        "identifiers of kind 'device' that are another person's too at the same time: 2;"
    )
    assert reasons(None, C1, shared=shared) == []


def test_all_gaps_of_a_dataset_are_reported_and_none_quotes_an_identifier() -> None:
    found = reasons(OF_DEVICES, C1, TABLET, shared=(SharedIdentifiers("device", 2),), unattributed=1, back=1)
    assert len(found) == 4
    assert not [reason for reason in found if "D-1" in reason or "C-1" in reason]
