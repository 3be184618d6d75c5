"""What the reader should know first."""

from collections.abc import Iterator

from dsar_export.model.package import PackageContents
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Block, Bullets
from renderers.report_pdf.sections.ledger import mark_counts
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.undecided import undecided_facts
from renderers.report_pdf.sections.wording import NOT_HERE, PAST


def what_to_know(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """A bulleted list; nothing if there is no note."""
    notes = (
        *_portability_notes(contents, locale),
        *_lag_notes(contents, locale),
        *_past_storage_period(contents, locale),
        *_gap_notes(contents, locale),
        *_undecided_notes(contents, locale),
        *_mandate_notes(contents, locale),
    )
    if notes:
        yield Bullets(notes)


def _portability_notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    if contents.request.right is Right.PORTABILITY:
        yield locale.phrase(
            "You asked for your data to take with you. This package contains what you gave us and what we "
            "recorded while you used our services, if we use it with your consent or for a contract with you "
            "(Art. 20 {gdpr}). The files in data/ are for computer programs: pass them on as they are."
        )
        yield locale.phrase(
            "What we worked out ourselves, what others told us and what we hold on other grounds is not part "
            "of this right; “{section}” lists it. Ask for access (Art. 15 {gdpr}), and you get that too: "
            "{contact}.",
            section=locale.phrase(NOT_HERE),
            contact=contents.controller.contact,
        )


def _lag_notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    """A note on sources that were read from a copy that was behind."""
    behind = [
        locale.phrase("“{source}” as of {when}", source=moment.source, when=locale.instant(moment.as_of))
        for moment in contents.moments
        if moment.lag
    ]
    if behind:
        yield locale.phrase(
            "Some data was read from a copy that follows our system with a delay: {sources}. Later changes "
            "are not here yet.",
            sources=locale.named(behind),
        )


def _past_storage_period(contents: PackageContents, locale: Locale) -> Iterator[str]:
    past = [
        locale.phrase("{dataset} ({n})", dataset=locale.phrase(answer.schema.title), n=locale.count(records))
        for answer in contents.datasets
        if (records := mark_counts(answer).get(PAST))
    ]
    if not past:
        return
    if contents.request.right is Right.ACCESS:
        yield locale.phrase(
            "We should already have erased some records, because their storage period is over: {datasets}. "
            "You receive them all the same, and we are finding out why we still have them.",
            datasets=locale.named(past),
        )
    else:
        yield locale.phrase(
            "We should already have erased some records, because their storage period is over: {datasets}. "
            "You receive them all the same, as far as this right covers them, and we are finding out why we still "
            "have them.",
            datasets=locale.named(past),
        )


def _gap_notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    if contents.gaps:
        yield locale.phrase(
            "We could not get everything that we searched for; “{section}” shows what is missing.",
            section=locale.phrase(NOT_HERE),
        )


def _undecided_notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    if facts := [fact for fact, _ in undecided_facts(contents, locale)]:
        yield locale.phrase(
            "We have not recorded yet everything that you have a right to know about your data: {facts}. “{section}” "
            "shows which data this concerns. Please ask us: {contact}.",
            facts=locale.listed(facts),
            section=locale.phrase(NOT_HERE),
            contact=contents.controller.contact,
        )


def _mandate_notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    if contents.not_covered:
        yield locale.phrase(
            "Somebody asked on your behalf, and their mandate does not cover everything; “{section}” lists what is "
            "not included. You can ask us for it yourself: {contact}.",
            section=locale.phrase(NOT_HERE),
            contact=contents.controller.contact,
        )
