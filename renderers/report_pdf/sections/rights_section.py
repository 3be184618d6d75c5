"""The rights of the person, by legal basis and by the controller's country."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.request import Right
from dsar_export.model.rights import rights_of
from dsar_export.model.undecided import Term
from renderers.report_pdf.blocks import Block, Bullets, Facts, Heading, Prose
from renderers.report_pdf.sections.ledger import none_held
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.remedies import remedies
from renderers.report_pdf.sections.undecided import ASK_US, lacking


@dataclass(frozen=True)
class _RightTexts:
    """The texts of a right: when it applies to some datasets, how to exercise it, and when it applies to all.

    A right without a text for all datasets always lists its datasets.
    """

    article: str
    for_some: str
    how: str
    for_all: str | None = None


_RIGHTS: Final = (
    _RightTexts(
        "A15",
        message(
            "Get everything that we hold about you, and learn what we do with it (Art. 15 {gdpr}): {datasets}."
        ),
        message("Ask for access; you do not need to say why."),
        message("Get everything that we hold about you, and learn what we do with it (Art. 15 {gdpr})."),
    ),
    _RightTexts(
        "A16",
        message("Have wrong data corrected and incomplete data completed (Art. 16 {gdpr}): {datasets}."),
        message("Say which record is wrong and what is right; add proof if you have any."),
        message("Have wrong data corrected and incomplete data completed (Art. 16 {gdpr})."),
    ),
    _RightTexts(
        "A17",
        message("Have data erased that we have no ground to keep (Art. 17 {gdpr}): {datasets}."),
        message("Say which data; we tell you what was erased, and what the law obliges us to keep and why."),
        message("Have data erased that we have no ground to keep (Art. 17 {gdpr})."),
    ),
    _RightTexts(
        "A18",
        message(
            "Have the use of data restricted while a question about it is open (Art. 18 {gdpr}): {datasets}."
        ),
        message("Say which data and which question: whether it is right, or whether we may use it."),
        message("Have the use of data restricted while a question about it is open (Art. 18 {gdpr})."),
    ),
    _RightTexts(
        "A20",
        message("Take elsewhere the data that you gave us (Art. 20 {gdpr}): {datasets}."),
        message(
            "Ask for your data to take with you, or ask us to send it to someone else where that is possible."
        ),
    ),
    _RightTexts(
        "A21",
        message("Object to what we do with your data (Art. 21 {gdpr}): {datasets}."),
        message("Say what in your situation speaks against it; against advertising you need no reason."),
    ),
    _RightTexts(
        "A22",
        message("Have a person review what a machine alone decided about you (Art. 22 {gdpr}): {datasets}."),
        message("Say which decision, and what you think of it."),
        message("Have a person review what a machine alone decided about you (Art. 22 {gdpr})."),
    ),
    _RightTexts(
        "A7-3",
        message("Withdraw your consent at any time, for the future (Art. 7(3) {gdpr}): {datasets}."),
        message("Say which consent; withdrawing it is as easy as giving it was."),
    ),
)


_DECISION_RIGHTS: Final = frozenset({"A22"})  # without data, there was nothing to decide on


def rights(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Each right with the datasets it applies to; a right that applies to all lists none."""
    yield Prose(
        locale.phrase(
            "You can ask us for this at any time and free of charge: {contact}. Please give the reference "
            "{reference}.",
            contact=contents.controller.contact,
            reference=contents.request.reference,
        )
    )
    yield Bullets(tuple(_rights_with_instructions(contents, locale)))
    yield from _unknown_rights(contents, locale)
    yield from _automated_decisions(contents, locale)
    yield from _closing(contents, locale)


def rights_in_brief(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The rights, without how to exercise them."""
    yield Prose(
        locale.phrase("You can ask us for this at any time: {contact}.", contact=contents.controller.contact)
    )
    yield Bullets(
        tuple(_right_text(right, titles, locale) for right, titles in _open_rights(contents, locale))
    )
    yield from _closing(contents, locale)


def _rights_with_instructions(contents: PackageContents, locale: Locale) -> Iterator[str]:
    for right, titles in _open_rights(contents, locale):
        yield locale.phrase(
            "{right} {how}", right=_right_text(right, titles, locale), how=locale.phrase(right.how)
        )


def _right_text(right: _RightTexts, titles: list[str], locale: Locale) -> str:
    if right.for_all and not titles:
        return locale.phrase(right.for_all)
    return locale.phrase(right.for_some, datasets=locale.listed(titles))


def _open_rights(contents: PackageContents, locale: Locale) -> Iterator[tuple[_RightTexts, list[str]]]:
    """The rights that are still open, each with the datasets it is limited to; none if it applies to all."""
    held = _held(contents)
    by_title = [
        (locale.phrase(a.schema.title), rights_of(contents.register.articles(a.dataset))) for a in held
    ]
    answered = "A15" if contents.request.right is Right.ACCESS else "A20"
    for right in _RIGHTS:
        titles = [title for title, open_rights in by_title if right.article in open_rights]
        if right.article == answered:
            continue
        if right.for_all and len(titles) == len(held) and (held or right.article not in _DECISION_RIGHTS):
            yield right, []
        elif titles:
            yield right, titles


def _held(contents: PackageContents) -> list[DatasetAnswer]:
    return [answer for answer in contents.datasets if not none_held(answer, contents)]


def _unknown_rights(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    if titles := lacking(contents, Term.PURPOSES, locale):
        yield Prose(
            locale.phrase(
                "Which rights you have beside these depends on the legal ground, which we have not recorded yet for: "
                "{datasets}. Please ask us.",
                datasets=locale.named(titles),
            )
        )


def _automated_decisions(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    alone = [
        locale.phrase(answer.schema.title)
        for answer in _held(contents)
        if answer.dataset.logic is not None and answer.dataset.logic.decides_alone
    ]
    if alone:
        yield Heading(locale.phrase("Decisions made by a machine alone"))
        yield Prose(
            locale.phrase(
                "A machine alone decides on the basis of: {datasets}. You have the right to a person: one of us "
                "reviews the decision, hears your view and explains the decision to you, and you can contest it "
                "(Art. 22(3) {gdpr}). Write to {contact}.",
                datasets=locale.named(alone),
                contact=contents.controller.contact,
            )
        )


def _closing(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    organisation = contents.register.organisation
    yield Heading(locale.phrase("How to complain"))
    yield Facts(tuple(remedies(contents, locale)))
    yield Heading(locale.phrase("What this answer is based on"))
    yield Facts(
        (
            (locale.phrase("Privacy notice"), organisation.notice or locale.phrase(ASK_US)),
            (locale.phrase("Register of processing"), organisation.version),
        )
    )
