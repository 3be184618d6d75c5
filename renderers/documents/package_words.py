"""What the texts of a package are in the language of its report, for a program that shows them to the person.

The files for programs stay in the register's language, so that equal data gives an equal payload (docs/register.md).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dsar_export.language.catalogue import ENGLISH, message, primary_language
from dsar_export.language.register_words import (
    identifier_titles,
    register_translator,
    schema_translator,
)
from dsar_export.model.message import law_of
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.register import Organisation
from dsar_export.model.schema import SchemaField
from renderers.report_pdf.sections.locale import Locale, locale_for
from renderers.report_pdf.sections.wording import RULES

NOT_COVERED: Final = message(
    "not included: the mandate of whoever asked does not cover it; the person can ask for it directly"
)
NOT_RECORDED: Final = message("Whether anybody received it is not recorded here; ask the controller.")
PURPOSES_NOT_RECORDED: Final = message("What it is used for is not recorded here; ask the controller.")
PERIOD_NOT_RECORDED: Final = message("How long it is kept is not recorded here; ask the controller.")
COUNTED_FROM: Final = message("Counted from: {start}")
_OURS: Final = (NOT_COVERED, NOT_RECORDED, PURPOSES_NOT_RECORDED, PERIOD_NOT_RECORDED)


def package_words(contents: PackageContents) -> Mapping[str, str]:
    """Each text that the package has in another language than the report, with its translation."""
    translate = register_translator(contents.register, contents.report.language)
    if translate is None and primary_language(contents.report.language) == ENGLISH:
        return {}
    words = _Words(contents, translate or str, locale_for(contents))
    return {text: shown for text, shown in words.pairs() if text and shown != text}


def identifier_words_of(contents: PackageContents) -> Mapping[str, str]:
    """What the kinds of the person's identifiers are called in the report's language."""
    phrase = locale_for(contents).phrase
    kinds = sorted({reached.identifier.kind for reached in contents.identity.known})
    titles = identifier_titles(contents.register, kinds, contents.report.language)
    return {kind: phrase(title) for kind, title in zip(kinds, titles, strict=True)}


@dataclass(frozen=True)
class _Words:
    """The texts of a package, each with what the report shows in its place."""

    contents: PackageContents
    translate: Callable[[str], str]
    locale: Locale

    def pairs(self) -> Iterator[tuple[str, str]]:
        phrase, register = self.locale.phrase, self.contents.register
        for answer in self.contents.datasets:
            yield from self._answer(answer)
        for text in (*self._titles_outside(), *self._promises(), *_organisation_texts(register.organisation)):
            yield text, phrase(self.translate(text))
        yield from self._messages()
        yield from ((text, phrase(text)) for text in (*_OURS, *RULES.values()))
        for period in register.organisation.storage_periods.values():
            starts = phrase(COUNTED_FROM, start=self.translate(period.starts))
            yield COUNTED_FROM.format(start=period.starts), starts

    def _answer(self, answer: DatasetAnswer) -> Iterator[tuple[str, str]]:
        """A dataset's texts; those of a built-in schema are not the register's."""
        schema, phrase = answer.schema, self.locale.phrase
        own = schema_translator(self.contents.register, answer.dataset, self.translate)
        title = own if answer.dataset.title is None else self.translate
        yield schema.title, phrase(title(schema.title))
        for text in (schema.description, *_field_texts(answer)):
            yield text, phrase(own(text))
        for field in schema.fields:
            yield field.title, self.locale.title(_translated(field, own))
        yield from ((text, phrase(self.translate(text))) for text in answer.dataset.obtained_from)

    def _titles_outside(self) -> Iterator[str]:
        return (each.schema.title for each in self.contents.not_covered)

    def _promises(self) -> Iterator[str]:
        for promise in (answer.promise for answer in self.contents.promises):
            yield promise.text
            why = promise.not_searched
            if why is not None:
                yield from (why.ground, why.effort, why.decided_by)

    def _messages(self) -> Iterator[tuple[str, str]]:
        law, shown = law_of(self.contents.controller.country), self.locale.message_text
        for answer in self.contents.datasets:
            yield from ((field.reason.under(law), shown(field.reason)) for field in answer.left_out)
        yield from ((str(gap.reason), shown(gap.reason)) for gap in self.contents.gaps)


def _translated(field: SchemaField, translate: Callable[[str], str]) -> SchemaField:
    """The field with its title, or with that of the field that it is named after."""
    if field.stands_beside is not None:
        return replace(field, stands_beside=translate(field.stands_beside))
    if field.code_of is not None:
        return replace(field, code_of=translate(field.code_of))
    title = translate(field.title)
    return field if title is field.title else replace(field, title=title)


def _field_texts(answer: DatasetAnswer) -> Iterator[str]:
    for field in answer.schema.fields:
        yield field.description
        for code in field.codes:
            yield from (code.title, code.description or "")
    yield from (field.title for field in answer.left_out)


def _organisation_texts(organisation: Organisation) -> Iterator[str]:
    for purpose in organisation.purposes.values():
        yield from (purpose.title, purpose.description)
    yield from (recipient.description for recipient in organisation.recipients.values())
    yield from (period.title for period in organisation.storage_periods.values())
    yield from organisation.bases
