"""The content of a package's report, in reading order, without its layout."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.package import Member, PackageContents
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin
from renderers.report_pdf.blocks import Facts, PageFooter, Prose, Report, Section
from renderers.report_pdf.sections import dataset_section, portability
from renderers.report_pdf.sections import reading_guide as reading
from renderers.report_pdf.sections.absences import what_is_not_here
from renderers.report_pdf.sections.dataset_facts import general_facts, processing_facts, shared_facts
from renderers.report_pdf.sections.families import children
from renderers.report_pdf.sections.foreword import what_to_know
from renderers.report_pdf.sections.identity_section import searched_with
from renderers.report_pdf.sections.in_brief import in_brief
from renderers.report_pdf.sections.ledger import none_held
from renderers.report_pdf.sections.locale import Locale, locale_for
from renderers.report_pdf.sections.page_one import contacts, files, request_facts, what_is_here
from renderers.report_pdf.sections.promises_section import promises
from renderers.report_pdf.sections.provenance import by_origin
from renderers.report_pdf.sections.purposes import purposes_explained
from renderers.report_pdf.sections.recipients import who_got_it
from renderers.report_pdf.sections.rights_section import rights, rights_in_brief
from renderers.report_pdf.sections.timeline import timeline
from renderers.report_pdf.sections.wording import NOT_HERE, RIGHTS, YOUR_RIGHTS

_GROUPS: Final[Mapping[Origin, tuple[str, str]]] = MappingProxyType(
    {
        Origin.DERIVED: (
            message("What we worked out about you (derived data)"),
            message("These datasets are mostly what we worked out from other data."),
        ),
        Origin.ACQUIRED: (
            message("What others gave us (acquired data)"),
            message("These datasets are mostly what we have from someone else."),
        ),
        Origin.OBSERVED: (
            message("What we recorded while you used our services (observed data)"),
            message("These datasets are mostly what our systems recorded."),
        ),
        Origin.PROVIDED: (
            message("What you gave us (provided data)"),
            message("These datasets are mostly what we have from you."),
        ),
    }
)

_IN_BRIEF: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.DERIVED: message("What we concluded about you"),
        Origin.ACQUIRED: message("What others told us about you"),
    }
)


def compose(contents: PackageContents, members: Sequence[Member]) -> Report:
    """The report of a package, in reading order."""
    locale = locale_for(contents)
    name = contents.controller.name
    access = contents.request.right is Right.ACCESS
    sections = _access(contents, members, locale) if access else _portability(contents, members, locale)
    return Report(
        title=locale.phrase(RIGHTS[contents.request.right]),
        language=locale.language,
        author=name,
        footer=PageFooter(
            text=f"{name} · {contents.request.reference}",
            numbering=locale.phrase("Page {page} of {pages}"),
        ),
        opening=(request_facts(contents, locale),),
        sections=tuple(section for section in sections if section.blocks),
        large_print=contents.report.large_print,
    )


def _first_pages(contents: PackageContents, locale: Locale) -> Iterator[Section]:
    """The answer in short: what is here, and what is not."""
    yield Section(locale.phrase("What you should know"), 0, tuple(what_to_know(contents, locale)))
    yield Section(locale.phrase("What is here"), 0, tuple(what_is_here(contents, locale)))
    yield Section(locale.phrase(NOT_HERE), 0, tuple(what_is_not_here(contents, locale)))


def _package(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Section]:
    """The files, and whom to ask."""
    yield Section(locale.phrase("How the files belong together"), 0, tuple(files(contents, members, locale)))
    yield Section(locale.phrase("Whom to ask, and how to complain"), 0, tuple(contacts(contents, locale)))


def _access(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Section]:
    yield from _first_pages(contents, locale)
    for origin, title in _IN_BRIEF.items():
        yield Section(locale.phrase(title), 0, tuple(in_brief(origin, contents, locale)))
    yield Section(locale.phrase("Who received it"), 0, tuple(who_got_it(contents, locale)))
    yield from _package(contents, members, locale)
    yield Section(locale.phrase("What we searched with"), 0, tuple(searched_with(contents, locale)))
    yield Section(locale.phrase("What we promised, and what we found"), 0, tuple(promises(contents, locale)))
    yield Section(locale.phrase("Your data over time"), 0, tuple(timeline(contents, locale)))
    yield Section(locale.phrase("How to read this report"), 0, tuple(reading.how_to_read(contents, locale)))
    yield Section(locale.phrase("Why we hold your data"), 0, tuple(purposes_explained(contents)))
    yield from _datasets(contents, members, locale)
    yield Section(locale.phrase(YOUR_RIGHTS), 0, tuple(rights(contents, locale)))
    yield Section(locale.phrase("What the words mean"), 0, (reading.glossary(contents, locale),))
    yield Section(locale.phrase("How to open the other files"), 0, (reading.other_files(locale),))


def _datasets(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Section]:
    """The datasets under the headings of their main origins."""
    arounds = _arounds(contents, locale)
    shared = next(iter(arounds.values())).shared if arounds else ()
    if arounds:
        facts = (*general_facts(contents, locale), *shared)
        yield Section(locale.phrase("What holds for every dataset"), 0, (Facts(facts),))
    held = [answer for answer in contents.datasets if answer.dataset.name in arounds]
    for origin, answers in by_origin(held):
        if answers:
            title, about = _GROUPS[origin]
            yield Section(locale.phrase(title), 0, (Prose(locale.phrase(about)),))
        for answer in answers:
            name = answer.dataset.name
            yield dataset_section.for_access(answer, contents, _paths(name, members), arounds[name], locale)
    empty = [answer for answer in contents.datasets if answer.dataset.name not in arounds]
    yield dataset_section.without_records(empty, locale)


def _arounds(contents: PackageContents, locale: Locale) -> Mapping[str, dataset_section.Around]:
    """By the name of each dataset that is held, what its section has to know of the others."""
    held = [answer for answer in contents.datasets if not none_held(answer, contents)]
    each = [processing_facts(answer, contents, locale) for answer in held if answer.schema.fields]
    shared, belonging = shared_facts(each), children(contents)
    by_name = {answer.dataset.name: answer for answer in held}
    parents = {c.answer.dataset.name: by_name[parent] for parent, found in belonging.items() for c in found}
    return {
        name: dataset_section.Around(shared, belonging.get(name, ()), parents.get(name)) for name in by_name
    }


def _portability(contents: PackageContents, members: Sequence[Member], locale: Locale) -> Iterator[Section]:
    yield from _first_pages(contents, locale)
    yield from _package(contents, members, locale)
    yield Section(
        locale.phrase("How to pass your data on"),
        0,
        tuple(portability.handing_on(contents, locale)),
    )
    held = [answer for answer in contents.datasets if not none_held(answer, contents)]
    if held:
        yield Section(locale.phrase("What is in the files"), 0, tuple(reading.how_to_read(contents, locale)))
    for answer in held:
        paths = _paths(answer.dataset.name, members)
        yield dataset_section.for_portability(answer, contents, paths, locale)
    yield Section(locale.phrase(YOUR_RIGHTS), 0, tuple(rights_in_brief(contents, locale)))
    yield Section(locale.phrase("How to open the files"), 0, (reading.other_files(locale),))


def _paths(dataset: str, members: Sequence[Member]) -> tuple[str, ...]:
    return tuple(member.path for member in members if member.dataset == dataset)
