"""The rights that the person has, by what the data rests on."""

from collections.abc import Iterator
from typing import Final

from dsar_export.model.package import PackageContents
from dsar_export.model.request import Right
from dsar_export.model.rights import rights_of
from renderers.report_pdf.absences import none_held
from renderers.report_pdf.blocks import Block, Bullets, Prose
from renderers.report_pdf.locale import Locale

_RIGHTS: Final = (
    ("A15", "Get all that we hold about you, and told what we do with it (Art. 15 GDPR)"),
    ("A16", "Have what is wrong corrected, and what is incomplete completed (Art. 16 GDPR)"),
    ("A17", "Have data erased where we have no ground to keep it (Art. 17 GDPR)"),
    ("A18", "Have its use restricted while a question is open (Art. 18 GDPR)"),
    ("A20", "Take data that you gave us elsewhere (Art. 20 GDPR)"),
    ("A21", "Object to what we do with your data (Art. 21 GDPR)"),
    ("A22", "Have a person look at what a machine alone decided about you (Art. 22 GDPR)"),
    ("A7-3", "Withdraw your consent at any time, for the future (Art. 7(3) GDPR)"),
)
_NAMED: Final = frozenset({"A20", "A21", "A7-3"})


def rights(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Each right with the datasets that it holds for; those that hold for all name none."""
    controller = contents.controller
    authority = f"{controller.authority.name}, {controller.authority.url}"
    complain = f"Complain to a supervisory authority (Art. 77 GDPR): {authority}."
    yield Prose(f"You may at any time ask us for this: {controller.contact}")
    yield Bullets((*_by_basis(contents, locale), complain))


def _by_basis(contents: PackageContents, locale: Locale) -> Iterator[str]:
    held = [answer for answer in contents.datasets if not none_held(answer, contents)]
    by_title = [(a.schema.title, rights_of(contents.register.articles(a.dataset))) for a in held]
    answered = "A15" if contents.request.right is Right.ACCESS else "A20"
    for right, told in _RIGHTS:
        titles = [title for title, of_dataset in by_title if right in of_dataset]
        if right not in _NAMED and len(titles) == len(held) and right != answered:
            yield f"{told}."
        elif titles and right != answered:
            yield f"{told}: {locale.named(titles)}."
