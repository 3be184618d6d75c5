"""What the reader should know before anything else."""

from collections.abc import Iterator

from dsar_export.model.package import PackageContents
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Block, Bullets
from renderers.report_pdf.locale import Locale
from renderers.report_pdf.wording import PAST


def what_to_know(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """A list, if there is anything to be told."""
    told = (*_of_the_right(contents), *_past(contents, locale), *_of_gaps(contents))
    if told:
        yield Bullets(told)


def _of_the_right(contents: PackageContents) -> Iterator[str]:
    if contents.request.right is Right.PORTABILITY:
        yield (
            "You asked for your data to take with you. This package holds what you gave us and what was observed "
            "while you used our services, where we use it with your consent or for a contract with you "
            "(Art. 20 GDPR). The files in data/ are made for programs: hand them on as they are to whoever is to "
            "take them over."
        )
        yield (
            "What we worked out ourselves, what others told us and what we hold on other grounds is not part of "
            "that right; “What is not here, and why” names it. Ask for access (Art. 15 GDPR), and you get that "
            f"too: {contents.controller.contact}."
        )


def _past(contents: PackageContents, locale: Locale) -> Iterator[str]:
    past = [
        f"{answer.schema.title} ({locale.count(records)})"
        for answer in contents.datasets
        if (records := dict(answer.outcome.marked).get(PAST))
    ]
    if past:
        covered = "" if contents.request.right is Right.ACCESS else ", as far as this right covers them"
        yield (
            f"Some records are past their storage period and were to be erased by now: {locale.named(past)}. "
            f"You get them all the same{covered}, and we look into why they are still there."
        )


def _of_gaps(contents: PackageContents) -> Iterator[str]:
    if contents.gaps:
        yield "Not all that we searched could be obtained; “What is not here, and why” says what."
