"""The facts of a dataset: how many records, why, from whom, to whom, how long, and where they are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.rights import rights_of
from dsar_export.model.schema import Origin
from renderers.report_pdf.sections.ledger import mark_lines, row_counts
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.provenance import provenance
from renderers.report_pdf.sections.terms import Fact, terms
from renderers.report_pdf.sections.wording import FIELDS_BY_ORIGIN, MARKS, NOT_HERE

_FEWEST_TO_SHARE: Final = 3
_ALL_OF_ORIGIN: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: message("All of it from you."),
        Origin.OBSERVED: message("All of it from your use of our services."),
        Origin.DERIVED: message("All of it worked out by us from other data."),
        Origin.ACQUIRED: message("All of it from someone else."),
    }
)
_MOST_OF_ORIGIN: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: message("From you, except:"),
        Origin.OBSERVED: message("From your use of our services, except:"),
        Origin.DERIVED: message("Worked out by us from other data, except:"),
        Origin.ACQUIRED: message("From someone else, except:"),
    }
)


def own_facts(answer: DatasetAnswer, paths: tuple[str, ...], locale: Locale) -> list[Fact]:
    """The facts about a dataset's own records and files."""
    return [*_counts(answer, locale), *_changed(answer, locale), *_in_package(answer, paths, locale)]


def processing_facts(answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> list[Fact]:
    """Why, from whom, to whom, how long and where; nothing for a dataset outside this right."""
    if not answer.schema.fields:
        return []
    facts = list(terms(answer.dataset, contents.register, locale))
    if origins := "\n".join(_origins(answer, locale)):
        facts.append((locale.phrase("Where it came from"), origins))
    facts += provenance(answer, locale)
    source = locale.phrase("System “{source}”", source=answer.dataset.source)
    facts.append((locale.phrase("Where it is kept"), source))
    if choices := " ".join(_choices(answer, contents, locale)):
        facts.append((locale.phrase("Your choice"), choices))
    return facts


def shared_facts(each: Sequence[Sequence[Fact]]) -> tuple[Fact, ...]:
    """The facts that are the same for every dataset, if there are enough of these for one table to be shorter."""
    if len(each) < _FEWEST_TO_SHARE:
        return ()
    counts = Counter(fact for facts in each for fact in facts)
    return tuple(fact for fact in each[0] if counts[fact] == len(each))


def general_facts(contents: PackageContents, locale: Locale) -> Iterator[Fact]:
    """What holds for every dataset: its files, what its marks mean, and whom to ask about it."""
    yield (
        locale.phrase("The files of a dataset"),
        locale.phrase(
            "data/json/NAME.json, data/csv/NAME.csv and data/schemas/NAME.schema.json; each dataset below has its NAME."
        ),
    )
    fields = (field for answer in contents.datasets for field in answer.schema.fields)
    marks = {field.name: field for field in fields if field.name in MARKS}
    for field in marks.values():
        yield locale.title(field), locale.phrase(field.description)
    yield (
        locale.phrase("If something is wrong or unclear"),
        locale.phrase(
            "Write to {contact} with the reference {reference}, and say which record you mean.",
            contact=contents.controller.contact,
            reference=contents.request.reference,
        ),
    )


def _counts(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    counts, outcome = row_counts(answer, locale), answer.outcome
    if (outcome.first or outcome.last) and answer.schema.fields:
        first, last = locale.day(outcome.first), locale.day(outcome.last)
        days = first if first == last else locale.phrase("{first} to {last}", first=first, last=last)
        counts = locale.listed([counts, days])
    yield locale.phrase("Records"), counts
    if lines := "\n".join(mark_lines(answer, locale)):
        yield locale.phrase("Of these"), lines


def _changed(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    if answer.left_out and answer.schema.fields:
        yield (
            locale.phrase("Left out by this right"),
            locale.plural(
                "one field; see “{section}”.",
                "{n} fields; see “{section}”.",
                len(answer.left_out),
                section=locale.phrase(NOT_HERE),
            ),
        )
    yield from _changed_values(answer, locale)


def _changed_values(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    outcome = answer.outcome
    if outcome.times_kept_beside and answer.schema.fields:
        yield (
            locale.phrase("Times also as stored"),
            locale.plural(
                "{n} stored time falls in an hour that a clock change repeats or leaves out; what was stored is "
                "kept beside it in the JSON file.",
                "{n} stored times fall in an hour that a clock change repeats or leaves out; what was stored is "
                "kept beside them in the JSON file.",
                outcome.times_kept_beside,
            ),
        )
    if outcome.csv_cells_changed:
        yield (
            locale.phrase("Changed in the CSV file"),
            locale.plural(
                "{n} text cell, so that no spreadsheet takes it for a formula; the JSON file holds it as it is.",
                "{n} text cells, so that no spreadsheet takes them for a formula; the JSON file holds them as "
                "they are.",
                outcome.csv_cells_changed,
            ),
        )


def _in_package(answer: DatasetAnswer, paths: tuple[str, ...], locale: Locale) -> Iterator[Fact]:
    name = answer.dataset.name
    usual = {f"data/json/{name}.json", f"data/csv/{name}.csv", f"data/schemas/{name}.schema.json"}
    if paths:
        others = [path for path in paths if path not in usual]
        named = [name, *others] if usual <= set(paths) else paths
        yield locale.phrase("In the files"), locale.listed(named)


def _choices(answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    open_rights = rights_of(contents.register.articles(answer.dataset))
    if "A21" in open_rights:
        yield locale.phrase("You can object to its use, for reasons of your own situation.")
    if "A7-3" in open_rights:
        yield locale.phrase("You can withdraw your consent.")


def _origins(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    """One sentence if all fields have one origin; else the fields of each origin, the most frequent one in short."""
    fields = [field for field in answer.schema.fields if field.name not in MARKS]
    counts = Counter(field.origin for field in fields)
    most, *others = sorted(Origin, key=lambda origin: -counts[origin])
    if not counts:
        return
    yield locale.phrase(_ALL_OF_ORIGIN[most] if len(counts) == 1 else _MOST_OF_ORIGIN[most])
    for origin in others:
        titles = [locale.title(field) for field in fields if field.origin is origin]
        if titles:
            yield locale.phrase(FIELDS_BY_ORIGIN[origin], fields=locale.listed(titles))
