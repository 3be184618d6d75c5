"""Page one: the request, what is here, how the files belong together, whom to ask."""

from collections.abc import Iterator, Sequence
from typing import Final

from dsar_export.language import formats
from dsar_export.language.catalogue import message
from dsar_export.language.zones import local_day
from dsar_export.model.package import Member, PackageContents
from dsar_export.model.request import Right
from dsar_export.model.subjects import role
from renderers.report_pdf.blocks import Block, Facts, Grid, Prose
from renderers.report_pdf.sections.absences import count_absences
from renderers.report_pdf.sections.ledger import none_held
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.provenance import by_origin
from renderers.report_pdf.sections.remedies import as_link, remedies_in_brief
from renderers.report_pdf.sections.wording import NOT_HERE, NOTHING_HELD, RIGHTS, identifier_label

_FILES: Final = (
    ("README.txt", message("How to open the package.")),
    ("open.html", message("A page that opens the package in a web browser, without a network.")),
    ("report.pdf", message("This report.")),
    (
        "data/json/",
        message("Your records for computer programs: one file for each dataset, complete and unchanged."),
    ),
    ("data/csv/", message("The same records as tables, for a spreadsheet.")),
    ("data/schemas/", message("What each field means (JSON Schema, one record each).")),
    (
        "datapackage.json",
        message(
            "The list of all files: how JSON, CSV and schema of a dataset belong together, with counts and hashes."
        ),
    ),
    ("manifest-sha256.txt", message("The hash of each file, to check that none was changed or lost.")),
)
_FILES_BESIDE: Final = (
    "data/nonconforming/",
    message("Rows that do not match the schema; values that do not match are shown as stored."),
)
_NOTICE: Final = (
    "data/gdpr-information.jsonld",
    message("For programs: why each dataset is held, who received it, how long it is kept, and your rights."),
)


def request_facts(contents: PackageContents, locale: Locale) -> Facts:
    """The controller, the person, the request and the evidence of identity, then a summary."""
    request, verification = contents.request, contents.request.verification
    known_as = "\n".join(
        locale.labelled(identifier_label(i.kind, locale), i.value) for i in sorted(request.identifiers)
    )
    identity = locale.phrase(
        "Verified by {by} on {when}.\nEvidence: {evidence}",
        by=verification.by,
        when=locale.instant(verification.at),
        evidence=verification.evidence,
    )
    made_with = locale.phrase(
        "{software}; register {version}",
        software=contents.software,
        version=contents.register.organisation.version,
    )
    return Facts(
        (
            (locale.phrase("Sent by"), _sender(contents, locale)),
            (locale.phrase("To the person known as"), known_as),
            *_group(contents, locale),
            (locale.phrase("Reference"), request.reference),
            (locale.phrase("Date"), locale.instant(contents.created)),
            (locale.phrase("Right"), locale.phrase(RIGHTS[request.right])),
            (locale.phrase("Identity"), identity),
            (locale.phrase("Times in this report"), contents.controller.time_zone),
            (locale.phrase("Made with"), made_with),
            *_summary(contents, locale),
        )
    )


def _group(contents: PackageContents, locale: Locale) -> Iterator[tuple[str, str]]:
    """The kind of people as one of whom the person is answered, if the register has several."""
    found = role(contents.register)
    if found is not None:
        yield (
            locale.phrase("Group of people"),
            locale.phrase(
                "{title}. What we hold about other groups is not here: {others}. If you belong to one of them too, ask "
                "for that as well.",
                title=found.title,
                others=locale.listed(found.others),
            ),
        )


def _summary(contents: PackageContents, locale: Locale) -> Iterator[tuple[str, str]]:
    """A summary of the parts that follow, because they may not fit on page one."""
    present = [answer.outcome for answer in contents.datasets if answer.outcome.written]
    times = (time for outcome in present for time in (outcome.first, outcome.last) if time)
    days = sorted(local_day(time, locale.zone) for time in times)
    if present:
        counts = locale.phrase(
            "Records: {records}. Datasets: {datasets}.",
            records=locale.count(sum(outcome.written for outcome in present)),
            datasets=locale.count(len(present)),
        )
        yield locale.phrase("What is here"), " ".join((counts, *_from_to(days, locale)))
    if absent := count_absences(contents, locale):
        missing = locale.phrase("Not here: {n}; the list below shows why.", n=locale.count(absent))
    else:
        missing = locale.phrase("Nothing was left out of what we searched.")
    yield locale.phrase(NOT_HERE), missing
    yield (
        locale.phrase("How the files belong together"),
        locale.phrase(
            "open.html opens the package in a web browser, README.txt names other ways, this report explains what it "
            "means, and data/ has the records."
        ),
    )
    authority = contents.controller.authority
    yield (
        locale.phrase("Whom to ask, and how to complain"),
        locale.phrase(
            "{contact}. You can also complain to the authority: {authority}, {url}",
            contact=contents.controller.contact,
            authority=authority.name,
            url=authority.url,
        ),
    )


def _from_to(days: Sequence[str], locale: Locale) -> Iterator[str]:
    """The first and the last day; nothing if no record names one."""
    if days:
        yield locale.phrase("From {first} to {last}.", first=locale.day(days[0]), last=locale.day(days[-1]))


def _sender(contents: PackageContents, locale: Locale) -> str:
    controller = contents.controller
    country = locale.country(controller.country)
    names = (country, formats.country(controller.country, controller.language))
    in_address = any(name in controller.address for name in names)
    return "\n".join((controller.name, controller.address, *(() if in_address else (country,))))


def what_is_here(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Each dataset with records, its record count and period, in the order in which the report shows them."""
    datasets = contents.datasets
    if contents.request.right is Right.ACCESS:
        datasets = tuple(answer for _, group in by_origin(datasets) for answer in group)
    present = [answer for answer in datasets if answer.outcome.written]
    if not present:
        searched = all(none_held(answer, contents) for answer in contents.datasets)
        if searched and not contents.gaps and not contents.not_covered:
            yield Prose(locale.phrase("No records. {why}", why=locale.phrase(NOTHING_HELD)))
        else:
            yield Prose(locale.phrase("No records; the next part explains why."))
        return
    yield Grid(
        (
            locale.phrase("Dataset"),
            locale.phrase("From"),
            locale.phrase("To"),
            locale.phrase("Records"),
        ),
        tuple(
            (
                locale.phrase(answer.schema.title),
                locale.day(answer.outcome.first),
                locale.day(answer.outcome.last),
                locale.count(answer.outcome.written),
            )
            for answer in present
        ),
        right=frozenset({3}),
        places=tuple(answer.dataset.name for answer in present),
    )


def files(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Block]:
    """Every kind of file in the package and its use."""
    beside = any(answer.outcome.nonconforming for answer in contents.datasets)
    notice = any(member.path == _NOTICE[0] for member in members)
    kinds = (*_FILES, *((_FILES_BESIDE,) if beside else ()), *((_NOTICE,) if notice else ()))
    yield Facts(tuple((path, locale.phrase(what)) for path, what in kinds))


def contacts(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The contact for questions and complaints; the section on rights has the details."""
    controller = contents.controller
    name = locale.labelled(locale.phrase("Ask, correct, object"), controller.name)
    yield Facts(((name, as_link(controller.contact)), *remedies_in_brief(contents, locale)))
