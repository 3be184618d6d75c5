"""The digest of a dataset stays small, and its sums are those of the outcome."""

from dsar_export.export.digest import Digester
from dsar_export.export.key_hashes import DistinctValues
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.model.outcome import Digest, Outcome, Reason
from tests.export.rows import released, row, schema


def digested(*chunks: ReleasedChunk, zone: str = "UTC") -> tuple[Outcome, Digest]:
    digester = Digester("records", schema(), zone, DistinctValues(()))
    for chunk in chunks:
        digester.add(chunk)
    read = sum(len(chunk.records) + len(chunk.nonconforming) for chunk in chunks)
    return digester.outcome(read, csv_cells_changed=0), digester.digest()


def chunk(*rows: tuple[object, ...]) -> ReleasedChunk:
    return released(*rows)


def test_the_sums_of_all_chunks_are_added_and_balance() -> None:
    outcome, _ = digested(chunk(row(), row(whole="x")), chunk(row(at="2024-10-27 01:30:00")))
    assert (outcome.read, outcome.written, outcome.withheld, outcome.nonconforming) == (3, 2, 0, 1)
    assert outcome.times_kept_beside == 1
    assert outcome.balanced


def test_a_row_missing_from_every_sum_unbalances_the_ledger() -> None:
    digester = Digester("records", schema(), "UTC", DistinctValues(()))
    digester.add(chunk(row()))
    assert not digester.outcome(2, 0).balanced


def test_reasons_are_counted_and_sorted() -> None:
    rows = [row(whole="x", flag="y"), row(whole="z"), row(phone="no")]
    outcome, _ = digested(chunk(*rows))
    assert outcome.reasons == (
        (Reason("/flag", "boolean"), 1),
        (Reason("/phone", "pattern"), 1),
        (Reason("/whole", "integer"), 2),
    )


def test_the_period_compares_moments_and_not_texts() -> None:
    # Compared as texts the second would be the earliest; compared as moments it is the latest.
    times = ["2026-01-02T00:00:00+14:00", "2026-01-01T23:00:00-12:00", "2026-01-01T12:00:00Z"]
    outcome, digest = digested(*(chunk(row(at=time)) for time in times))
    assert (outcome.first, outcome.last) == (times[0], times[1])
    assert digest.months == {"2026-01": 3}


def test_a_fraction_of_a_second_comes_after_the_whole_second_though_its_dot_sorts_before_the_z() -> None:
    times = ["2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.25Z"]
    outcome, _ = digested(chunk(*(row(at=time) for time in times)))
    assert (outcome.first, outcome.last) == (times[1], times[0])


def test_months_are_counted_in_order_without_rows_that_have_no_time() -> None:
    times = ["2026-02-01T00:00:00Z", "2025-12-31T00:00:00Z", None, "2026-02-03T00:00:00Z"]
    _, digest = digested(chunk(*(row(at=time) for time in times)))
    assert list(digest.months.items()) == [("2025-12", 1), ("2026-02", 2)]


def test_months_are_those_of_the_controllers_clock() -> None:
    times = [
        "2026-06-30T21:59:59Z",
        "2026-06-30T22:00:00Z",
        "2026-06-15T12:00:00Z",
        "2026-07-01T00:30:00+05:30",
    ]
    _, digest = digested(chunk(*(row(at=time) for time in times)), zone="Europe/Berlin")
    assert digest.months == {"2026-06": 3, "2026-07": 1}


def test_nothing_read_gives_no_period_and_no_month() -> None:
    outcome, digest = digested()
    assert (outcome.read, outcome.first, outcome.last) == (0, None, None)
    assert digest.months == {}
