"""What the report tells of a package, in order; how it looks is not known here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.language import formats
from dsar_export.model.outcome import Answer
from dsar_export.model.package import DatasetAnswer, Member, PackageContents, PromiseAnswer
from dsar_export.model.register import LeftOutReason
from renderers.report_pdf import dataset_section
from renderers.report_pdf.blocks import Block, Bullets, Facts, Grid, Prose, Report, Section
from renderers.report_pdf.dataset_section import Locale
from renderers.report_pdf.wording import ANSWERS, NOTHING_HELD, RIGHTS

_LANGUAGE: Final = "en-GB"
_MOST_NAMED: Final = 8
_FILES: Final = (
    ("README.txt", "How to open the package."),
    ("report.pdf", "This report."),
    ("data/json/", "Your records for machines: one file for each dataset, complete and unchanged."),
    ("data/csv/", "The same records as tables, for a spreadsheet."),
    ("data/schemas/", "What each field of a dataset means, as JSON Schema."),
    (
        "datapackage.json",
        "The list of all files: how JSON, CSV and schema of a dataset belong together, with counts and hashes.",
    ),
    ("manifest-sha256.txt", "The hash of each file, to check that none was changed or lost."),
)
_FILES_BESIDE: Final = (
    "data/nonconforming/",
    "Rows that are not in the published form; what does not fit is as it is stored.",
)
_UNPRINTABLE: Final = (
    "Some characters can't be printed here and are shown as \ufffd; the JSON files hold the originals."
)
_CUT_SHORT: Final = "Long texts end with \u2026 here; the JSON files hold them whole."
_CONSENT: Final = frozenset({"A6-1-a", "A9-2-a"})
_PORTABLE: Final = frozenset({"A6-1-a", "A6-1-b", "A9-2-a"})
_OPEN_TO_OBJECTION: Final = frozenset({"A6-1-e", "A6-1-f"})


@dataclass(frozen=True)
class _Absence:
    """Something that is not here: what, how many records as far as known, and why."""

    what: str
    records: str
    why: str


def compose(contents: PackageContents, members: Sequence[Member]) -> Report:
    """The report of a package, in the order in which it is read."""
    locale = Locale(_language(contents.controller.language), contents.controller.time_zone)
    reference, name = contents.request.reference, contents.controller.name
    return Report(
        title=RIGHTS[contents.request.right],
        language=locale.language,
        author=name,
        footer=f"{name} · {reference}",
        opening=(_who_answers_whom(contents, locale),),
        unprintable=_UNPRINTABLE,
        sections=(
            Section("What is here", 0, tuple(_what_is_here(contents, locale))),
            Section("What is not here, and why", 0, tuple(_what_is_not_here(contents, locale))),
            Section("How the files belong together", 0, (_files(contents),)),
            Section("Whom to ask, and how to complain", 0, tuple(_whom_to_ask(contents))),
            Section("What we promised, and what we found", 0, tuple(_promises(contents, locale))),
            *_datasets(contents, members, locale),
            Section("Your rights", 0, tuple(_rights(contents))),
        ),
    )


def _language(of_controller: str) -> str:
    """English as the controller writes it; this report knows no other language yet."""
    return of_controller if of_controller.startswith("en-") else _LANGUAGE


def _who_answers_whom(contents: PackageContents, locale: Locale) -> Facts:
    controller, request = contents.controller, contents.request
    verification = request.verification
    country = formats.country(controller.country, locale.language)
    address = controller.address if country in controller.address else f"{controller.address}\n{country}"
    known_as = "\n".join(f"{i.kind}: {i.value}" for i in sorted(request.identifiers))
    return Facts(
        (
            ("From", f"{controller.name}\n{address}"),
            ("To the person known as", known_as),
            ("Reference", request.reference),
            ("Date", locale.instant(contents.created)),
            ("Right", RIGHTS[request.right]),
            (
                "Identity",
                (
                    f"Verified by {verification.by} on {locale.instant(verification.at)}.\n"
                    f"Evidence: {verification.evidence}"
                ),
            ),
            ("Times in this report", controller.time_zone),
            ("Made with", f"{contents.software}; register {contents.register.organisation.version}"),
        )
    )


def _what_is_here(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    present = [answer for answer in contents.datasets if answer.outcome.written]
    if not present:
        searched = all(_none_held(answer, contents) for answer in contents.datasets) and not contents.gaps
        yield Prose(f"No records. {NOTHING_HELD if searched else 'The next part says why.'}")
        return
    yield Grid(
        ("Dataset", "From", "To", "Records"),
        tuple(
            (
                a.schema.title,
                locale.day(a.outcome.first),
                locale.day(a.outcome.last),
                locale.count(a.outcome.written),
            )
            for a in present
        ),
        right=frozenset({3}),
    )


def _what_is_not_here(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    absences = [
        *_gaps(contents),
        *_rows_not_here(contents, locale),
        *_left_out(contents),
        *(
            _Absence(p.promise.text, "", f"Not searched: {p.promise.not_searched or 'no ground is stated'}")
            for p in contents.promises
            if p.answer is Answer.NOT_SEARCHED
        ),
        *(_Absence(a.schema.title, "", NOTHING_HELD) for a in contents.datasets if _none_held(a, contents)),
    ]
    if not absences:
        yield Prose("Nothing was left out of what we searched.")
        return
    rows = tuple((absence.what, absence.why, absence.records) for absence in absences)
    yield Grid(("What", "Why", "Records"), rows, right=frozenset({2}))


def _gaps(contents: PackageContents) -> Iterator[_Absence]:
    titles = {answer.dataset.name: answer.schema.title for answer in contents.datasets}
    for gap in contents.gaps:
        title = titles.get(gap.dataset, gap.dataset) if gap.dataset else f"Something in “{gap.source}”"
        yield _Absence(
            title, "not known", f"Searched in “{gap.source}”, but not all was obtained: {gap.reason}"
        )


def _rows_not_here(contents: PackageContents, locale: Locale) -> Iterator[_Absence]:
    for answer in contents.datasets:
        outcome, title = answer.outcome, answer.schema.title
        if outcome.withheld:
            yield _Absence(title, locale.count(outcome.withheld), "Withheld.")
        if outcome.nonconforming:
            why = (
                "Not in the published form, so kept beside, in "
                f"{dataset_section.nonconforming_path(answer)}: {dataset_section.reasons(outcome, locale)}"
            )
            yield _Absence(title, locale.count(outcome.nonconforming), why)


def _left_out(contents: PackageContents) -> Iterator[_Absence]:
    organisation = contents.register.organisation
    for name, source in organisation.sources.items():
        if contents.request.controller in source.controllers:
            for table, left_out in source.left_out.items():
                if left_out.reason is LeftOutReason.WITHHELD:
                    yield _Absence(f"{table} (in “{name}”)", "", f"Withheld: {left_out.note}")
    for answer in contents.datasets:
        for column, left_out in answer.dataset.left_out.items():
            if left_out.reason is LeftOutReason.WITHHELD:
                yield _Absence(f"{answer.schema.title}: {column}", "", f"Withheld: {left_out.note}")


def _none_held(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether a dataset was searched in full, and no row of the person was there."""
    return not answer.outcome.read and not _in_gap(answer, contents)


def _in_gap(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether a part of what a dataset is read from was not obtained."""
    name, source = answer.dataset.name, answer.dataset.source
    return any(gap.dataset == name or (gap.dataset is None and gap.source == source) for gap in contents.gaps)


def _files(contents: PackageContents) -> Facts:
    beside = any(answer.outcome.nonconforming for answer in contents.datasets)
    return Facts((*_FILES, *((_FILES_BESIDE,) if beside else ())))


def _whom_to_ask(contents: PackageContents) -> Iterator[Block]:
    controller = contents.controller
    authority = controller.authority
    yield Facts(
        (
            ("Ask, correct, object", f"{controller.name}: {controller.contact}"),
            (
                "Complain",
                (
                    f"First to us, so that we can put it right: {controller.contact}\n"
                    f"At any time to the authority: {authority.name}, {authority.url}"
                ),
            ),
        )
    )


def _promises(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    organisation = contents.register.organisation
    if not contents.promises:
        yield Prose(f"No kinds of data are named in: {organisation.notice}.")
    else:
        yield Prose(f"These kinds of data are named in: {organisation.notice}.")
        rows = tuple(_promise(p, locale) for p in contents.promises)
        yield Grid(("What the notice names", "What we found", "Records"), rows, right=frozenset({2}))


def _promise(answer: PromiseAnswer, locale: Locale) -> tuple[str, str, str]:
    words = ANSWERS[answer.answer]
    if answer.answer is Answer.NOT_SEARCHED and answer.promise.not_searched:
        words = f"{words} {answer.promise.not_searched}"
    return answer.promise.text, words, locale.count(answer.records) if answer.records else ""


def _datasets(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Section]:
    if contents.datasets:
        yield Section("Dataset by dataset", 0, (Prose(_CUT_SHORT),))
    for answer in contents.datasets:
        paths = tuple(m.path for m in members if m.dataset == answer.dataset.name)
        if _none_held(answer, contents):
            yield dataset_section.none_held(answer)
        else:
            in_gap = _in_gap(answer, contents)
            yield dataset_section.compose(
                answer, contents.register.organisation, paths, locale, in_gap=in_gap
            )


def _rights(contents: PackageContents) -> Iterator[Block]:
    controller = contents.controller
    rights = [
        "Have what is wrong corrected, and what is incomplete completed (Art. 16 GDPR).",
        "Have data erased where we have no ground to keep it (Art. 17 GDPR).",
        "Have its use restricted while a question is open (Art. 18 GDPR).",
    ]
    if named := _resting_on(_PORTABLE, contents):
        rights.append(f"Take data that you gave us elsewhere (Art. 20 GDPR): {named}.")
    if named := _resting_on(_OPEN_TO_OBJECTION, contents):
        rights.append(f"Object to what we do with your data (Art. 21 GDPR): {named}.")
    if named := _resting_on(_CONSENT, contents):
        rights.append(f"Withdraw your consent at any time, for the future (Art. 7(3) GDPR): {named}.")
    authority = f"{controller.authority.name}, {controller.authority.url}"
    rights.append(f"Complain to a supervisory authority (Art. 77 GDPR): {authority}.")
    yield Prose(f"You may at any time ask us for this: {controller.contact}")
    yield Bullets(tuple(rights))


def _resting_on(bases: frozenset[str], contents: PackageContents) -> str:
    held = (answer for answer in contents.datasets if not _none_held(answer, contents))
    titles = [a.schema.title for a in held if bases & frozenset(a.dataset.purposes.values())]
    more = len(titles) - _MOST_NAMED
    # A title may hold commas itself.
    return "; ".join(titles[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
