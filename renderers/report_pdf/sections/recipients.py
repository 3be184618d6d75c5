"""Who got the data: each recipient once, with what it does and what it got."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.legal import SAFEGUARDS
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.register import Organisation
from dsar_export.model.terms import Recipient, RecipientRole, Transfer
from renderers.report_pdf.blocks import Block, Grid, Jump, Prose
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.undecided import ASK_US

# The built-in schema of disclosures, and the fields by which one of the register's own with its name says the same.
_DISCLOSURES: Final = "disclosures"
_WHO_AND_WHEN: Final = frozenset({"recipient_name", "disclosed_at"})
_ROLES: Final[Mapping[RecipientRole, str]] = MappingProxyType(
    {
        RecipientRole.PROCESSOR: message("Processes the data on our behalf (processor)."),
        RecipientRole.CONTROLLER: message("Decides for itself how it uses the data (controller)."),
        RecipientRole.JOINT: message("Decides together with us how the data is used (joint controller)."),
    }
)


def who_got_it(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """A table of the recipients, and what was shared with no one or with whom the register does not say."""
    held = [answer for answer in contents.datasets if answer.outcome.read]
    organisation = contents.register.organisation
    names = dict.fromkeys(name for answer in held for name in _all_recipients(answer.dataset))
    if names:
        yield Grid(
            (locale.phrase("Who"), locale.phrase("What for"), locale.phrase("What they got")),
            tuple(
                (
                    recipient_name(name, organisation, locale),
                    _role(name, organisation, locale),
                    _titles((a for a in held if name in _all_recipients(a.dataset)), locale),
                )
                for name in names
            ),
        )
    yield from _single_disclosures(held, locale)
    if alone := _titles((a for a in held if set(_by_terms(a.dataset)) == {()}), locale):
        yield Prose(locale.phrase("Shared with no one: {datasets}.", datasets=alone))
    if undecided := _titles((a for a in held if None in _by_terms(a.dataset)), locale):
        yield Prose(
            locale.phrase(
                "Our register does not say with whom we share: {datasets}. Please ask us.", datasets=undecided
            )
        )


def _single_disclosures(held: Sequence[DatasetAnswer], locale: Locale) -> Iterator[Block]:
    """Where each disclosure is, because its recipient need not be one that the register names."""
    for answer in held:
        names = {field.name for field in answer.schema.fields}
        if answer.dataset.schema == _DISCLOSURES and answer.outcome.written and names >= _WHO_AND_WHEN:
            title = locale.phrase(answer.schema.title)
            text = locale.phrase("Single disclosures, each with its date, are in “{dataset}”.", dataset=title)
            yield Jump(text, answer.dataset.name)


def recipient_name(name: str, organisation: Organisation, locale: Locale) -> str:
    """A recipient's name and country; the register's key if it does not describe the recipient."""
    recipient = organisation.recipients.get(name)
    if recipient is None:
        return name
    return locale.phrase("{name} ({country})", name=recipient.name, country=locale.country(recipient.country))


def shared_with(names: Sequence[str] | None, organisation: Organisation, locale: Locale) -> str:
    """The recipients' names; "no one" only where the register decided it."""
    if names is None:
        return locale.phrase(ASK_US)
    return locale.listed(recipient_name(name, organisation, locale) for name in names) or locale.phrase(
        "No one"
    )


def _by_terms(dataset: Dataset) -> tuple[tuple[str, ...] | None, ...]:
    """The recipients under today's terms, and under each of the earlier ones."""
    return (dataset.recipients, *(earlier.recipients for earlier in dataset.earlier))


def _all_recipients(dataset: Dataset) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in _by_terms(dataset) for name in names or ()))


def _role(name: str, organisation: Organisation, locale: Locale) -> str:
    recipient = organisation.recipients.get(name)
    described = () if recipient is None else _described(recipient, locale)
    transfers = (
        _transfer(transfer, locale) for transfer in organisation.transfers if transfer.recipient == name
    )
    return " ".join((*described, *transfers))


def _described(recipient: Recipient, locale: Locale) -> Iterator[str]:
    yield recipient.description
    yield locale.phrase(_ROLES[recipient.role])


def _transfer(transfer: Transfer, locale: Locale) -> str:
    safeguard = transfer.safeguard
    return locale.phrase(
        "In {country} since {since}, protected by {safeguard}. {description}",
        country=locale.country(transfer.country),
        since=locale.date(transfer.since),
        safeguard=locale.message_text(SAFEGUARDS[safeguard]) if safeguard in SAFEGUARDS else safeguard,
        description=transfer.description,
    )


def _titles(answers: Iterable[DatasetAnswer], locale: Locale) -> str:
    return locale.listed(locale.phrase(answer.schema.title) for answer in answers)
