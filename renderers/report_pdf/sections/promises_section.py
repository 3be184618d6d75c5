"""What the privacy notice promises, and what was found: no promise without its answer."""

from collections.abc import Iterator

from dsar_export.model.outcome import Answer, in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents, PromiseAnswer
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.sections.absences import has_columns_withheld, held_and_not_copied
from renderers.report_pdf.sections.ledger import why_withheld
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.promise_words import not_searched, partly_elsewhere
from renderers.report_pdf.sections.wording import NOT_HERE, NOTHING_HELD, YOUR_RIGHTS


def promises(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Each promise with its answer, and whether something is held of which no copy is made."""
    notice = contents.register.organisation.notice
    if not contents.promises:
        yield Prose(locale.phrase("No kinds of data are named in: {notice}.", notice=notice))
    else:
        yield Prose(locale.phrase("These kinds of data are named in: {notice}.", notice=notice))
        heads = (
            locale.phrase("What the notice names"),
            locale.phrase("What we found"),
            locale.phrase("Records"),
        )
        rows = tuple(
            (p.promise.text, _found(p, contents, locale), locale.count(p.records) if p.records else "")
            for p in contents.promises
        )
        yield Grid(heads, rows, right=frozenset({2}))
    if held_and_not_copied(contents, locale):
        yield Prose(
            locale.phrase(
                "Some of what we hold is never copied; “{section}” names it, with the reasons.",
                section=locale.phrase(NOT_HERE),
            )
        )


def _found(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    told = _told(promise, contents, locale)
    elsewhere = "" if promise.elsewhere else partly_elsewhere(promise, contents, locale)
    return f"{told}\n{elsewhere}" if elsewhere else told


def _told(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
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


def _answering(promise: PromiseAnswer, contents: PackageContents) -> list[DatasetAnswer]:
    return [answer for answer in contents.datasets if answer.dataset.name in promise.datasets]


def _present(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    answering = _answering(promise, contents)
    yield from _here(answering, locale) or [locale.phrase("Present: it is in this package.")]
    for answer in answering:
        yield from _kept_back(answer, locale)
    if any(has_columns_withheld(answer.dataset) for answer in answering):
        yield locale.phrase(
            "Some of it is held and never copied: see “{section}”.", section=locale.phrase(NOT_HERE)
        )
    if sources := _incomplete(answering, contents):
        yield _not_all(sources, locale)


def _here(answering: list[DatasetAnswer], locale: Locale) -> list[str]:
    counted = [
        locale.phrase("{dataset} ({n})", dataset=locale.phrase(a.schema.title), n=locale.count(told))
        for a in answering
        if (told := a.outcome.written + a.outcome.nonconforming)
    ]
    if not counted:
        return []
    datasets = locale.named(counted, len(counted))
    return [locale.phrase("Present: it is in this package, under {datasets}.", datasets=datasets)]


def _kept_back(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    for n, why in why_withheld(answer, locale):
        yield locale.phrase(
            "Not here of {dataset}: {n}. {why}", dataset=locale.phrase(answer.schema.title), n=n, why=why
        )


def _withheld(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    answering = _answering(promise, contents)
    rules = [told for answer in answering for told in _kept_back(answer, locale)]
    yield locale.phrase("Withheld: see “{section}”.", section=locale.phrase(NOT_HERE))
    yield from rules
    yield from _here(answering, locale)
    if sources := _incomplete(answering, contents):
        yield _not_all(sources, locale)
    yield locale.phrase(
        "You may ask us to look at this again ({contact}), and you may complain; see “{section}”.",
        contact=contents.controller.contact,
        section=locale.phrase(YOUR_RIGHTS),
    )


def _not_obtained(promise: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    yield locale.phrase(
        "Not obtained: we could not read every place where it is kept; see “{section}”.",
        section=locale.phrase(NOT_HERE),
    )
    if sources := _incomplete(_answering(promise, contents), contents):
        yield _not_all(sources, locale)
    yield locale.phrase(
        "We look into it, and send you what we find to be yours. Ask us how far we are: {contact}.",
        contact=contents.controller.contact,
    )


def _incomplete(answering: list[DatasetAnswer], contents: PackageContents) -> list[str]:
    return list(dict.fromkeys(a.dataset.source for a in answering if in_gap(a.dataset, contents.gaps)))


def _not_all(sources: list[str], locale: Locale) -> str:
    named = locale.named([locale.phrase("“{source}”", source=source) for source in sources])
    return locale.phrase("Not all could be obtained from: {sources}.", sources=named)
