"""What an export came to, as a table and as JSON; counts and names only."""

from collections.abc import Sequence

from dsar_export.cli import terminal
from dsar_export.handling.export_once import ExportResult
from dsar_export.model.outcome import Outcome

OPENS_WITH = "7-Zip (Windows), Keka (macOS), 7z or bsdtar (Linux)"


def result_json(result: ExportResult) -> dict[str, object]:
    """The object that `--json` prints of an export."""
    return {
        "reference": result.request.reference,
        "package": None if result.package is None else str(result.package),
        "datasets": [outcome_json(answer.outcome) for answer in result.datasets],
        "gaps": [{"source": g.source, "dataset": g.dataset, "reason": g.reason} for g in result.gaps],
    }


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """A dataset in every `--json`."""
    return {
        "name": outcome.dataset,
        "read": outcome.read,
        "written": outcome.written,
        "withheld": outcome.withheld,
        "nonconforming": outcome.nonconforming,
        "from": outcome.first,
        "to": outcome.last,
        "reasons": [{"field": r.field, "rule": r.rule, "rows": n} for r, n in outcome.reasons],
    }


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """A table: dataset, records, period; and rows kept beside where there are any."""
    beside = any(o.nonconforming for o in outcomes)
    heads = ["dataset", "records", *(["kept beside"] if beside else []), "from", "to"]
    rows = [
        [
            o.dataset,
            f"{o.written:,}",
            *([f"{o.nonconforming:,}"] if beside else []),
            (o.first or "")[:10],
            (o.last or "")[:10],
        ]
        for o in outcomes
    ]
    terminal.print_table(heads, rows, right=frozenset({1, 2} if beside else {1}))


def print_datasets(result: ExportResult) -> None:
    """The table of an export."""
    terminal.out().print()
    print_outcomes([answer.outcome for answer in result.datasets])


def warn_of_what_is_not_whole(result: ExportResult) -> None:
    """Names to staff every gap, and every dataset with rows that do not conform, with fields and rules."""
    for gap in result.gaps:
        where = gap.source if gap.dataset is None else f"{gap.source}, {gap.dataset}"
        terminal.warn(f"gap: {where}: {gap.reason}; the package says so. Run dsar-export check")
    for outcome in (answer.outcome for answer in result.datasets):
        if outcome.nonconforming:
            why = ", ".join(f"{r.field} {r.rule} ({n})" for r, n in outcome.reasons)
            terminal.warn(
                f"{outcome.dataset}: {outcome.nonconforming} rows do not conform and are kept beside, "
                f"in data/nonconforming/{outcome.dataset}.json: {why}"
            )
