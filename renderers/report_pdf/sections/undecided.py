"""What the person has a right to know and the register states as not decided yet."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.undecided import Statement, Term
from renderers.report_pdf.sections.ledger import none_held
from renderers.report_pdf.sections.locale import Locale

_TERMS: Final[Mapping[Term, str]] = MappingProxyType(
    {
        Term.PURPOSES: message("what we use it for, and on what legal ground"),
        Term.RECIPIENTS: message("who receives it"),
        Term.STORAGE_PERIOD: message("how long we keep it"),
    }
)
_PROMISES: Final = message("which kinds of data our privacy notice names")
ASK_US: Final = message("Our register does not say. Please ask us.")
"""Stands in place of a fact that nobody has recorded."""


def lacking(contents: PackageContents, term: Term, locale: Locale) -> list[str]:
    """The titles of the datasets that are held and for which a term is undecided."""
    return [locale.phrase(a.schema.title) for a in _held(contents) if term in a.dataset.undecided]


def promises_undecided(contents: PackageContents) -> bool:
    """Whether nobody has recorded yet what the notice promises."""
    return Statement.PROMISES in contents.register.organisation.undecided


def undecided_facts(contents: PackageContents, locale: Locale) -> Iterator[tuple[str, list[str]]]:
    """What is undecided in words, each with the titles of the datasets that it concerns; none for the notice."""
    for term, words in _TERMS.items():
        if titles := lacking(contents, term, locale):
            yield locale.phrase(words), titles
    if promises_undecided(contents):
        yield locale.phrase(_PROMISES), []


def _held(contents: PackageContents) -> Iterator[DatasetAnswer]:
    return (answer for answer in contents.datasets if not none_held(answer, contents))
