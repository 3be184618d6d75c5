"""`request review` and the decisions that follow it."""

from collections.abc import Sequence
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.desk import desk, register_of, require_yes, text_from
from dsar_export.model.outcome import Record
from dsar_export.use_cases import decide
from dsar_export.use_cases.review import Blocker, Review, page, review


def run_review(
    register: Path | None,
    reference: str,
    records: tuple[str | None, int, int],
    *,
    whole: bool,
    as_json: bool,
) -> int:
    """Shows the counts and what blocks the release, or a page of records: dataset, first and count."""
    at_work, (dataset, first, count) = desk(), records
    if dataset is not None:
        found = page(at_work, reference, dataset, first, count, whole=whole)
        _show_records(found, first, as_json=as_json)
        return 0
    seen = review(at_work, register_of(register), reference)
    if as_json:
        terminal.print_json(_json(seen))
    else:
        _show(seen)
    return 0


def run_accept_gap(
    register: Path | None, reference: str, source: str, reason_file: str | None, *, as_json: bool
) -> int:
    """Accepts a gap."""
    at_work = desk()
    reason = text_from(reason_file, "reason")
    decide.accept_gap(at_work, register_of(register), reference, source, reason)
    return shown_request(at_work, reference, as_json=as_json)


def run_approve(register: Path | None, reference: str, *, as_json: bool) -> int:
    """Approves."""
    at_work = desk()
    decide.approve(at_work, register_of(register), reference)
    return shown_request(at_work, reference, as_json=as_json)


def run_send_back(reference: str, reason_file: str | None, *, as_json: bool) -> int:
    """Sends back."""
    at_work = desk()
    decide.send_back(at_work, reference, text_from(reason_file, "reason"))
    return shown_request(at_work, reference, as_json=as_json)


def run_cancel(reference: str, *, yes: bool, as_json: bool) -> int:
    """Cancels."""
    at_work = desk()
    decide.require_cancellable(at_work, reference)
    require_yes(f"{reference} ends and its Draft is erased", yes=yes)
    decide.cancel(at_work, reference)
    return shown_request(at_work, reference, as_json=as_json)


def run_close(reference: str, *, as_json: bool) -> int:
    """Closes."""
    at_work = desk()
    decide.close(at_work, reference)
    return shown_request(at_work, reference, as_json=as_json)


def _show(seen: Review) -> None:
    terminal.print_facts([("rights", ", ".join(seen.request.listed.rights))])
    rows = [[name, f"{entry.tally.read:,}"] for name, entry in seen.ledger.datasets.items()]
    terminal.print_table(["dataset", "rows"], rows, right=frozenset({1}))
    for gap in seen.ledger.gaps:
        terminal.warn(f"gap: {gap.dataset or gap.source}: {gap.reason}")
    for blocker in seen.blockers:
        state = (
            "accepted" if blocker.accepted else "blocks the release: collect again, accept-gap or send-back"
        )
        if blocker.undecided:
            what = f"has something undecided ({', '.join(blocker.datasets) or 'its tables'})"
        else:
            what = f"could not be read ({', '.join(blocker.datasets) or 'its links'})"
        terminal.warn(f"source {blocker.source} {what}: {state}")
    if seen.not_covered:
        terminal.out().print(
            f"\noutside the agent's mandate, so neither collected nor sent: {', '.join(seen.not_covered)}"
        )
    if not seen.open_blockers:
        terminal.out().print("\nnothing blocks the release; next: approve")


def _json(seen: Review) -> dict[str, object]:
    return {
        "reference": seen.request.listed.reference,
        "rights": seen.request.listed.rights,
        "collected": seen.ledger.today.isoformat(),
        "datasets": [
            {"name": name, "read": entry.tally.read} for name, entry in seen.ledger.datasets.items()
        ],
        "gaps": [
            {"source": g.source, "dataset": g.dataset, "reason": str(g.reason)} for g in seen.ledger.gaps
        ],
        "unread": [_blocker_json(b) for b in seen.blockers if not b.undecided],
        "undecided": [_blocker_json(b) for b in seen.blockers if b.undecided],
        "not_covered": list(seen.not_covered),
        "blocked": bool(seen.open_blockers),
    }


def _blocker_json(blocker: Blocker) -> dict[str, object]:
    return {
        "source": blocker.source,
        "datasets": list(blocker.datasets),
        "accepted": blocker.accepted,
    }


def _show_records(shown: Sequence[Record], first: int, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"first": first, "records": shown})
        return
    for number, record in enumerate(shown, first):
        facts = [(name, str(value)) for name, value in record.items() if value is not None]
        terminal.out().print(f"record {number}")
        terminal.print_facts([(f"  {name}", value) for name, value in facts])
