"""What the texts of a package are in the language of its report, for a program that shows them to the person.

The files for programs stay in the register's language, so that equal data gives an equal payload (docs/register.md).
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.language.identifier_words import identifier_words
from dsar_export.language.register_words import in_its_language
from dsar_export.model.message import Message, law_of
from dsar_export.model.package import DatasetAnswer, PackageContents, PromiseAnswer
from dsar_export.model.register import Organisation
from dsar_export.model.schema import SchemaField
from renderers.report_pdf.sections.locale import Locale, locale_for
from renderers.report_pdf.sections.wording import RULES

NOT_COVERED: Final = message(
    "not included: the mandate of whoever asked does not cover it; the person can ask for it directly"
)
NOT_RECORDED: Final = message("Whether anybody received it is not recorded here; ask the controller.")
COUNTED_FROM: Final = message("Counted from: {start}")


def package_words(contents: PackageContents) -> Mapping[str, str]:
    """Each text that the package has in another language than the report, with its translation."""
    translated, locale = in_its_language(contents), locale_for(contents)
    pairs = chain(
        ((old, locale.phrase(new)) for old, new in _both(contents, translated)),
        _titles(contents, translated, locale),
        _messages(contents, locale),
        ((text, locale.phrase(text)) for text in (NOT_COVERED, NOT_RECORDED, *RULES.values())),
        _storage_starts(contents, translated, locale),
    )
    return {text: words for text, words in pairs if words != text and text}


def identifier_titles(contents: PackageContents) -> Mapping[str, str]:
    """What the kinds of the person's identifiers are called in the report's language."""
    locale = locale_for(contents)
    own = in_its_language(contents).register.organisation.identifiers
    kinds = {reached.identifier.kind for reached in contents.identity.known}
    return {kind: locale.phrase(identifier_words(kind, own)) for kind in kinds}


def _both(contents: PackageContents, translated: PackageContents) -> Iterator[tuple[str, str]]:
    """The same texts of the contents and of their translation, in the same order."""
    return zip(_texts(contents), _texts(translated), strict=True)


def _texts(contents: PackageContents) -> Iterator[str]:
    for answer in contents.datasets:
        yield from _answer_texts(answer)
    yield from (each.schema.title for each in contents.not_covered)
    for promise in contents.promises:
        yield from _promise_texts(promise)
    yield from _organisation_texts(contents.register.organisation)


def _answer_texts(answer: DatasetAnswer) -> Iterator[str]:
    schema, dataset = answer.schema, answer.dataset
    yield from (schema.title, schema.description)
    for field in schema.fields:
        yield field.description
        for code in field.codes:
            yield from (code.title, code.description or "")
    yield from (field.title for field in answer.left_out)
    yield from dataset.obtained_from


def _promise_texts(promise: PromiseAnswer) -> Iterator[str]:
    yield promise.promise.text
    why = promise.promise.not_searched
    if why is not None:
        yield from (why.ground, why.effort, why.decided_by)


def _organisation_texts(organisation: Organisation) -> Iterator[str]:
    for purpose in organisation.purposes.values():
        yield from (purpose.title, purpose.description)
    yield from (recipient.description for recipient in organisation.recipients.values())
    yield from (period.title for period in organisation.storage_periods.values())
    yield from organisation.bases


def _titles(
    contents: PackageContents, translated: PackageContents, locale: Locale
) -> Iterator[tuple[str, str]]:
    """A field's title may be made of another one's."""
    for old, new in zip(_fields(contents), _fields(translated), strict=True):
        yield old.title, locale.title(new)


def _fields(contents: PackageContents) -> Iterator[SchemaField]:
    return (field for answer in contents.datasets for field in answer.schema.fields)


def _messages(contents: PackageContents, locale: Locale) -> Iterator[tuple[str, str]]:
    law = law_of(contents.controller.country)
    for answer in contents.datasets:
        yield from ((f.reason.under(law), locale.message_text(f.reason)) for f in answer.left_out)
    gaps: Iterator[Message] = (gap.reason for gap in contents.gaps)
    yield from ((str(reason), locale.message_text(reason)) for reason in gaps)


def _storage_starts(
    contents: PackageContents, translated: PackageContents, locale: Locale
) -> Iterator[tuple[str, str]]:
    periods, others = (each.register.organisation.storage_periods for each in (contents, translated))
    for name, period in periods.items():
        yield COUNTED_FROM.format(start=period.starts), locale.phrase(COUNTED_FROM, start=others[name].starts)
