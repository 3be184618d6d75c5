"""Shows the result of an export as a table and as JSON: counts and names, no data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.cli import terminal
from dsar_export.cli.progress import counted
from dsar_export.language.zones import local_day, moment_text
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.request import Right
from dsar_export.normalising.marks import PAST
from dsar_export.use_cases.package import ExportResult

LAG: Final = timedelta(minutes=5)
"""How far a source may lag before staff are warned."""
OPENS_WITH = "open.html in a browser; or 7-Zip (Windows), Keka (macOS), 7z or bsdtar (Linux)"


def result_json(result: ExportResult, gaps_accepted: str | None = None) -> dict[str, object]:
    """The object that `export --json` prints; `gaps_accepted` is the reason why unreadable sources may be missing."""
    return {
        "reference": result.request.reference,
        "subject": result.subject,
        "package": result.place,
        "opener": None if result.opener is None else str(result.opener),
        "datasets": [outcome_json(answer.outcome) for answer in result.datasets],
        "identifiers": dict(Counter(r.identifier.kind for r in result.identity.own)),
        "references": dict(Counter(r.identifier.kind for r in result.identity.referred)),
        "candidates": result.identity.candidates,
        "unused_identifiers": dict(result.identity.unused),
        "sources": [
            {"source": m.source, "as_of": m.as_of.isoformat(timespec="seconds")} for m in result.moments
        ],
        "warnings": [
            {"dataset": answer.dataset.name, "problem": warning}
            for answer in result.datasets
            for warning in answer.warnings
        ],
        "gaps": [_gap(gap) for gap in result.gaps],
        "gaps_accepted": gaps_accepted,
        "register_behind": [_gap(gap) for gap in result.register_behind],
    }


def package_json(result: ExportResult) -> dict[str, object]:
    """One of the packages that `request build --json` prints."""
    return {"right": result.request.right, **result_json(result)}


def _gap(gap: Gap) -> dict[str, object]:
    return {"source": gap.source, "dataset": gap.dataset, "reason": str(gap.reason)}


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """A dataset in the output of `--json`."""
    return {
        "name": outcome.dataset,
        "read": outcome.read,
        "written": outcome.written,
        "withheld": outcome.withheld,
        "nonconforming": outcome.nonconforming,
        "kept_back": outcome.kept_back,
        "marked": dict(outcome.marked),
        "from": outcome.first,
        "to": outcome.last,
        "reasons": [{"field": r.field, "rule": r.rule, "rows": n} for r, n in outcome.reasons],
    }


def print_outcomes(outcomes: Sequence[Outcome], zone: str) -> None:
    """Prints a table of datasets, records and periods, with rows kept beside or withheld if there are any.

    The days are those of the controller's time zone, as in the report.
    """
    counts = {"records": [o.written for o in outcomes]}
    optional = {
        "kept beside": [o.nonconforming for o in outcomes],
        "withheld": [o.withheld for o in outcomes],
    }
    counts |= {head: numbers for head, numbers in optional.items() if any(numbers)}
    rows = [
        [
            o.dataset,
            *(f"{numbers[at]:,}" for numbers in counts.values()),
            *("" if time is None else local_day(time, zone) for time in (o.first, o.last)),
        ]
        for at, o in enumerate(outcomes)
    ]
    heads = ["dataset", *counts, "from", "to"]
    terminal.print_table(heads, rows, right=frozenset(range(1, len(counts) + 1)))


def print_datasets(result: ExportResult) -> None:
    """Prints the table of an export's datasets."""
    terminal.out().print()
    print_outcomes([answer.outcome for answer in result.datasets], result.time_zone)


def warn_of_problems(*results: ExportResult) -> None:
    """Warns staff of what they must look at: lagging sources, overdue rows, gaps, and rows that do not conform.

    What only some of several packages have is named with their right.
    """
    for problem in _overdue(results[0]):  # the same rows for every right
        terminal.warn(problem)
    problems = [(result.request.right, tuple(_problems(result))) for result in results]
    for problem in dict.fromkeys(text for _, texts in problems for text in texts):
        rights = [right for right, texts in problems if problem in texts]
        terminal.warn(problem if len(rights) == len(results) else f"{', '.join(rights)}: {problem}")


def _overdue(result: ExportResult) -> Iterator[str]:
    exported = ", exported and marked" if result.request.right is Right.ACCESS else ""
    outcomes = [answer.outcome for answer in result.datasets]
    for outcome in (o for o in outcomes if dict(o.marked).get(PAST, 0)):
        yield (
            f"{outcome.dataset}: past the storage period: {counted(dict(outcome.marked)[PAST], 'record')}{exported}; "
            "find out why this was not erased"
        )


def _problems(result: ExportResult) -> Iterator[str]:
    yield from _lagging_sources(result)
    yield from _register_problems(result)
    for gap in result.gaps:
        where = gap.source if gap.dataset is None else f"{gap.source}, {gap.dataset}"
        yield f"gap: {where}: {gap.reason}; the package states this"
    for outcome in (a.outcome for a in result.datasets if a.outcome.nonconforming):
        why = ", ".join(f"{r.field} {r.rule} ({n})" for r, n in outcome.reasons)
        yield (
            f"{outcome.dataset}: {counted(outcome.nonconforming, 'row')} kept beside, because of values that do not "
            f"conform, in data/nonconforming/{outcome.dataset}.json: {why}"
        )


def _lagging_sources(result: ExportResult) -> Iterator[str]:
    zone = ZoneInfo(result.time_zone)
    for moment in (m for m in result.moments if m.lag > LAG):
        yield (
            f"source {moment.source!r} is a copy that is {int(moment.lag.total_seconds() // 60):,} minutes behind: "
            f"its data is from {moment_text(moment.as_of, zone, seconds=True)}, and the package states this. "
            "Find out why it lags, or export again when it has caught up"
        )


def _register_problems(result: ExportResult) -> Iterator[str]:
    """What is not a gap in this package, but matters to whoever maintains the register."""
    for answer in result.datasets:
        for warning in answer.warnings:
            yield f"{answer.dataset.name}: {warning}"
    for kind, count in result.identity.unused:
        given = counted(count, "given identifier")
        yield f"{given} of kind {kind!r} not used, because they are not this person's"
    for gap in result.register_behind:
        yield (
            f"register: {gap.source}, {gap.dataset}: {gap.reason}; this person has no row there, so it is not a "
            "gap in the package"
        )
