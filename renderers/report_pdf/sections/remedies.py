"""How to complain, by the law of the controller's country."""

import re
from collections.abc import Iterator
from typing import Final

from dsar_export.model.message import is_british
from dsar_export.model.package import PackageContents
from renderers.report_pdf.blocks import Link
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.wording import YOUR_RIGHTS

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB: Final = re.compile(r"https?://[^\s<>\"]+")

Remedy = tuple[str, str | Link]


def remedies_in_brief(contents: PackageContents, locale: Locale) -> Iterator[Remedy]:
    """Whom to complain to, and where to find the details."""
    contact, rights = contents.controller.contact, locale.phrase(YOUR_RIGHTS)
    yield (
        _first(contents, locale),
        locale.phrase(
            "So that we can put it right: {contact}. For details, see “{section}”.",
            contact=contact,
            section=rights,
        ),
    )
    yield _to_authority(contents, locale)


def remedies(contents: PackageContents, locale: Locale) -> Iterator[Remedy]:
    """Whom to complain to, in the recommended order."""
    controller = contents.controller
    british = _is_british(contents)
    yield _first(contents, locale), _to_us(controller.contact, locale, british=british)
    yield _to_authority(contents, locale)
    yield from _british_remedies(locale) if british else _eu_remedies(locale)


def as_link(text: str) -> str | Link:
    """An email or web address as a link; any other text unchanged."""
    if _EMAIL.fullmatch(text):
        return Link(text, f"mailto:{text}")
    return Link(text, text) if _WEB.fullmatch(text) else text


def _name_with_link(name: str, url: str) -> str | Link:
    """A name with its web address, as a link if the address is one."""
    text = f"{name}, {url}"
    return Link(text, url) if _WEB.fullmatch(url) else text


def _is_british(contents: PackageContents) -> bool:
    return is_british(contents.controller.country)


def _first(contents: PackageContents, locale: Locale) -> str:
    """The label for a complaint to us; only British law asks people to complain to the company first."""
    return locale.phrase("Complain to us first") if _is_british(contents) else locale.phrase("Complain to us")


def _to_authority(contents: PackageContents, locale: Locale) -> Remedy:
    authority = contents.controller.authority
    return locale.phrase("To the authority"), _name_with_link(authority.name, authority.url)


def _british_remedies(locale: Locale) -> Iterator[Remedy]:
    yield (
        locale.phrase("When to go there"),
        locale.phrase(
            "If you are not satisfied with our answer, or get none: the authority asks you to complain to us "
            "first (Art. 77 {gdpr}; section 165 Data Protection Act 2018)."
        ),
    )
    yield (
        locale.phrase("To a court"),
        locale.phrase("At any time (Art. 79 {gdpr}; section 167 Data Protection Act 2018)."),
    )


def _eu_remedies(locale: Locale) -> Iterator[Remedy]:
    yield (
        locale.phrase("To another authority"),
        locale.phrase(
            "In the country where you live or work, or where you think the law was broken (Art. 77 {gdpr})."
        ),
    )
    yield (
        locale.phrase("To a court"),
        locale.phrase(
            "At any time, where we are established or where you live; against a decision of an authority, in "
            "that authority's country (Art. 78 and 79 {gdpr})."
        ),
    )


def _to_us(contact: str, locale: Locale, *, british: bool) -> str:
    if british:
        return locale.phrase(
            "So that we can put it right: {contact}. You can do so electronically. We confirm receipt within "
            "30 days, look into it and tell you the outcome (section 164A Data Protection Act 2018).",
            contact=contact,
        )
    return locale.phrase(
        "So that we can put it right: {contact}. You do not have to: you can go to the authority at any "
        "time.",
        contact=contact,
    )
