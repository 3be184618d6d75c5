"""What the report tells of a package, in order; how it looks is not known here."""

from collections.abc import Iterator, Sequence
from typing import Final

from dsar_export.model.outcome import Answer
from dsar_export.model.package import Member, PackageContents, PromiseAnswer
from renderers.report_pdf import dataset_section
from renderers.report_pdf.absences import in_gap, none_held, what_is_not_here
from renderers.report_pdf.blocks import Block, Facts, Grid, Prose, Report, Section
from renderers.report_pdf.foreword import what_to_know
from renderers.report_pdf.identity_section import searched_with
from renderers.report_pdf.locale import Locale
from renderers.report_pdf.rights_section import rights
from renderers.report_pdf.wording import ANSWERS, NOTHING_HELD, RIGHTS, kind_of_identifier

_LANGUAGE: Final = "en-GB"
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
_NOTICE: Final = (
    "data/gdpr-information.jsonld",
    "For programs: why each dataset is held, who received it, how long it is kept, and your rights.",
)
_UNPRINTABLE: Final = (
    "Some characters can't be printed here and are shown as \ufffd; the JSON files hold the originals."
)
_CUT_SHORT: Final = "Long texts end with \u2026 here; the JSON files hold them whole."
_MASKED: Final = (
    "Of the numbers of bank accounts and cards, only the last four characters are shown here; "
    "the JSON files hold them whole."
)


def compose(contents: PackageContents, members: Sequence[Member]) -> Report:
    """The report of a package, in the order in which it is read."""
    locale = Locale(_language(contents.controller.language), contents.controller.time_zone)
    reference, name = contents.request.reference, contents.controller.name
    foreword = tuple(what_to_know(contents, locale))
    return Report(
        title=RIGHTS[contents.request.right],
        language=locale.language,
        author=name,
        footer=f"{name} · {reference}",
        opening=(_who_answers_whom(contents, locale),),
        unprintable=_UNPRINTABLE,
        sections=(
            *((Section("What you should know", 0, foreword),) if foreword else ()),
            Section("What is here", 0, tuple(_what_is_here(contents, locale))),
            Section("What is not here, and why", 0, tuple(what_is_not_here(contents, locale))),
            Section("How the files belong together", 0, (_files(contents, members),)),
            Section("Whom to ask, and how to complain", 0, tuple(_whom_to_ask(contents))),
            Section("What we searched with", 0, tuple(searched_with(contents, locale))),
            Section("What we promised, and what we found", 0, tuple(_promises(contents, locale))),
            *_datasets(contents, members, locale),
            Section("Your rights", 0, tuple(rights(contents, locale))),
        ),
    )


def _language(of_controller: str) -> str:
    """English as the controller writes it; this report knows no other language yet."""
    return of_controller if of_controller.startswith("en-") else _LANGUAGE


def _who_answers_whom(contents: PackageContents, locale: Locale) -> Facts:
    controller, request = contents.controller, contents.request
    verification = request.verification
    country = locale.country(controller.country)
    address = controller.address if country in controller.address else f"{controller.address}\n{country}"
    known_as = "\n".join(f"{kind_of_identifier(i.kind)}: {i.value}" for i in sorted(request.identifiers))
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
        searched = all(none_held(answer, contents) for answer in contents.datasets) and not contents.gaps
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


def _files(contents: PackageContents, members: Sequence[Member]) -> Facts:
    beside = any(answer.outcome.nonconforming for answer in contents.datasets)
    notice = any(member.path == _NOTICE[0] for member in members)
    return Facts((*_FILES, *((_FILES_BESIDE,) if beside else ()), *((_NOTICE,) if notice else ())))


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
        masked = any(f.masked for a in contents.datasets if a.outcome.written for f in a.schema.fields)
        yield Section("Dataset by dataset", 0, (Prose(_CUT_SHORT), *((Prose(_MASKED),) if masked else ())))
    for answer in contents.datasets:
        paths = tuple(m.path for m in members if m.dataset == answer.dataset.name)
        if none_held(answer, contents):
            yield dataset_section.none_held(answer)
        else:
            yield dataset_section.compose(answer, contents, paths, locale, in_gap=in_gap(answer, contents))
