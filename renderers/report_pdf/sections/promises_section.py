"""The promises of the privacy notice, each with its answer."""

from collections.abc import Iterator

from dsar_export.model.outcome import Answer, in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents, PromiseAnswer
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.sections.absences import holds_uncopied_data, withholds_columns
from renderers.report_pdf.sections.ledger import withheld_rows
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.promise_words import not_covered, not_searched, partly_kept_elsewhere
from renderers.report_pdf.sections.undecided import promises_undecided
from renderers.report_pdf.sections.wording import NOT_HERE, NOTHING_HELD, YOUR_RIGHTS


def promises(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Each promise with its answer, and a note if some data is held but never copied."""
    yield Prose(_lead(contents, locale))
    if contents.promises:
        headers = (
            locale.phrase("What the notice names"),
            locale.phrase("What we found"),
            locale.phrase("Records"),
        )
        rows = tuple(
            (
                p.promise.text,
                _answer_with_keepers(p, contents, locale),
                locale.count(p.records) if p.records else "",
            )
            for p in contents.promises
        )
        yield Grid(headers, rows, right=frozenset({2}))
    if holds_uncopied_data(contents, locale):
        yield Prose(
            locale.phrase(
                "Some of what we hold is never copied; “{section}” lists it with the reasons.",
                section=locale.phrase(NOT_HERE),
            )
        )


def _lead(contents: PackageContents, locale: Locale) -> str:
    """Which notice it is, as far as that is recorded, and whether it names kinds of data."""
    notice = contents.register.organisation.notice
    if promises_undecided(contents):
        return locale.phrase(
            "We have not recorded yet which kinds of data our privacy notice names, so this report can't compare them "
            "with what we found."
        )
    if notice is None:
        if contents.promises:
            return locale.phrase("Our notice names these kinds of data.")
        return locale.phrase("Our notice names no kinds of data.")
    if contents.promises:
        return locale.phrase("Our notice ({notice}) names these kinds of data.", notice=notice)
    return locale.phrase("Our notice ({notice}) names no kinds of data.", notice=notice)


def _answer_with_keepers(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    text = _answer_text(promise, contents, locale)
    outside = "" if promise.answer is Answer.NOT_SEARCHED else not_covered(promise, contents, locale)
    elsewhere = "" if promise.elsewhere else partly_kept_elsewhere(promise, contents, locale)
    return "\n".join(filter(None, (text, outside, elsewhere)))


def _answer_text(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    match promise.answer:
        case Answer.PRESENT:
            return "\n".join(_present(promise, contents, locale))
        case Answer.NONE_HELD:
            return locale.phrase(NOTHING_HELD)
        case Answer.WITHHELD:
            return "\n".join(_withheld(promise, contents, locale))
        case Answer.NOT_OBTAINED:
            return "\n".join(_not_obtained(promise, contents, locale))
        case Answer.NOT_SEARCHED:
            return not_searched(promise, contents, locale)


def _answers_to(promise: PromiseAnswer, contents: PackageContents) -> list[DatasetAnswer]:
    return [answer for answer in contents.datasets if answer.dataset.name in promise.datasets]


def _present(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    answering = _answers_to(promise, contents)
    yield from _present_here(answering, locale) or [locale.phrase("In this package.")]
    for answer in answering:
        yield from _kept_back(answer, locale)
    if any(withholds_columns(answer.dataset) for answer in answering):
        yield locale.phrase("Some of it is never copied; see “{section}”.", section=locale.phrase(NOT_HERE))
    if sources := _incomplete_sources(answering, contents):
        yield _incomplete_text(sources, locale)


def _present_here(answering: list[DatasetAnswer], locale: Locale) -> list[str]:
    counted = [
        locale.phrase("{dataset} ({n})", dataset=locale.phrase(a.schema.title), n=locale.count(rows))
        for a in answering
        if (rows := a.outcome.written + a.outcome.nonconforming)
    ]
    if not counted:
        return []
    datasets = locale.named(counted, len(counted))
    return [locale.phrase("In this package, under {datasets}.", datasets=datasets)]


def _kept_back(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    for n, why in withheld_rows(answer, locale):
        yield locale.phrase(
            "Missing from {dataset}: {n}. {why}", dataset=locale.phrase(answer.schema.title), n=n, why=why
        )


def _withheld(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    answering = _answers_to(promise, contents)
    rules = [rule for answer in answering for rule in _kept_back(answer, locale)]
    yield locale.phrase("Withheld: see “{section}”.", section=locale.phrase(NOT_HERE))
    yield from rules
    yield from _present_here(answering, locale)
    if sources := _incomplete_sources(answering, contents):
        yield _incomplete_text(sources, locale)
    yield locale.phrase(
        "You can ask us to look again ({contact}), and you can complain; see “{section}”.",
        contact=contents.controller.contact,
        section=locale.phrase(YOUR_RIGHTS),
    )


def _not_obtained(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    yield locale.phrase(
        "Not obtained: we could not read every system that keeps it; see “{section}”.",
        section=locale.phrase(NOT_HERE),
    )
    if sources := _incomplete_sources(_answers_to(promise, contents), contents):
        yield _incomplete_text(sources, locale)
    yield locale.phrase(
        "We are looking into it, and will send you what is yours. Ask us how far we have got: {contact}.",
        contact=contents.controller.contact,
    )


def _incomplete_sources(answering: list[DatasetAnswer], contents: PackageContents) -> list[str]:
    return list(dict.fromkeys(a.dataset.source for a in answering if in_gap(a.dataset, contents.gaps)))


def _incomplete_text(sources: list[str], locale: Locale) -> str:
    named = locale.named([locale.phrase("“{source}”", source=source) for source in sources])
    return locale.phrase("We could not get everything from: {sources}.", sources=named)
