"""Why promised data was not searched."""

from collections.abc import Iterator

from dsar_export.model.package import PackageContents, PromiseAnswer
from renderers.report_pdf.sections.locale import Locale


def not_searched(answer: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    """The ground, the effort and who decided; or the company that keeps the data, or what a mandate does not cover."""
    if answer.not_covered:
        return not_covered(answer, contents, locale)
    if answer.elsewhere:
        return _elsewhere(answer, contents, locale)
    reason = answer.promise.not_searched
    if reason is None:
        return locale.phrase("Not searched: no reason is given.")
    return "\n".join(
        (
            locale.phrase("Not searched: {ground}", ground=reason.ground),
            locale.phrase("What we did anyway, or what a search would take: {effort}", effort=reason.effort),
            locale.phrase("Decided by: {who}", who=reason.decided_by),
        )
    )


def not_covered(answer: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    """Which of the promised data an agent's mandate does not cover; empty if it covers all.

    What follows from that stands once, where all that is missing is listed.
    """
    outside = (each for each in contents.not_covered if each.dataset.name in answer.not_covered)
    titles = [locale.phrase(each.schema.title) for each in outside]
    if not titles:
        return ""
    return locale.phrase("Outside the mandate: {datasets}.", datasets=locale.named(titles, len(titles)))


def partly_kept_elsewhere(answer: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    """The other companies that keep a part of the promised data; empty if there are none."""
    keepers = locale.listed(_keepers(answer, contents, locale))
    if not keepers:
        return ""
    return locale.phrase(
        "Another company that the notice names keeps part of it. Please ask there: {companies}.",
        companies=keepers,
    )


def _elsewhere(answer: PromiseAnswer, contents: PackageContents, locale: Locale) -> str:
    keepers = locale.listed(_keepers(answer, contents, locale))
    if not keepers:
        return locale.phrase(
            "Not searched: another company that the notice names keeps it. Please ask there."
        )
    return locale.phrase(
        "Not searched: another company that the notice names keeps it. Please ask there: {companies}.",
        companies=keepers,
    )


def _keepers(answer: PromiseAnswer, contents: PackageContents, locale: Locale) -> Iterator[str]:
    register = contents.register
    here = set[str]() if answer.elsewhere else {*answer.datasets, *answer.not_covered}
    promised = [d for d in register.datasets if d.name in {*answer.promise.datasets} - here]
    names = {name for dataset in promised for name in register.controllers_of(dataset)}
    for name, controller in register.organisation.controllers.items():
        if name in names - {contents.request.controller}:
            yield locale.phrase("{name} ({contact})", name=controller.name, contact=controller.contact)
