"""What the report tells of the identifiers that were searched with; of nobody else's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsar_export.model.identity import Reached
from dsar_export.model.package import PackageContents
from dsar_export.model.periods import BEGINNING, END, Periods, Span
from dsar_export.model.request import SubjectRequest
from renderers.report_pdf.blocks import Block, Bullets, Grid, Prose
from renderers.report_pdf.locale import Locale
from renderers.report_pdf.wording import kind_of_identifier

_MOST_OF_A_KIND: Final = 20
_MOST_SPANS: Final = 5


def searched_with(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The identifiers, how each was found, and what could not be told apart."""
    identity = contents.identity
    telling = _Telling(contents.request, locale)
    yield Prose(
        "We looked for what our systems hold under these, and under nothing else; datapackage.json lists each."
    )
    rows = tuple(telling.rows(identity.known))
    if rows:
        yield Grid(("What", "Value", "When it was yours", "How we know it"), rows)
    if identity.candidates == 1:
        yield Prose(f"What was given was yours at another time than that of your request. {telling.decision}")
    elif identity.candidates:
        subject = kind_of_identifier(contents.register.organisation.subject).lower()
        yield Prose(
            f"What was given leads to more than one {subject}: {locale.count(identity.candidates)}, perhaps "
            f"of as many people. {telling.decision} What stands under any other is not here."
        )
    if identity.shared:
        yield Bullets(
            tuple(
                f"{kind_of_identifier(s.kind)}: {locale.count(s.count)} also of another person at the same "
                "time. What is kept under that alone was not copied."
                for s in identity.shared
            )
        )


@dataclass(frozen=True)
class _Telling:
    request: SubjectRequest
    locale: Locale

    @property
    def decision(self) -> str:
        verification = self.request.verification
        yours = "which is yours" if len(self.request.chosen) == 1 else "which are yours"
        return f"{verification.by} decided on {self.locale.instant(verification.at)} {yours}."

    def rows(self, known: tuple[Reached, ...]) -> Iterator[tuple[str, ...]]:
        """What was given each by itself; what was found together where kind, time and way are the same."""
        together: dict[tuple[str, ...], list[str]] = {}
        for reached in sorted(known, key=lambda r: (not self._given(r), r.identifier)):
            kind = kind_of_identifier(reached.identifier.kind)
            told = (kind, _when(reached.periods, self.locale), self._how(reached))
            if self._given(reached):
                yield told[0], reached.identifier.value, *told[1:]
            else:
                together.setdefault(told, []).append(reached.identifier.value)
        for (kind, when, how), values in together.items():
            yield kind, self.locale.named(values, _MOST_OF_A_KIND), when, how

    def _given(self, reached: Reached) -> bool:
        return reached.identifier in self.request.identifiers

    def _how(self, reached: Reached) -> str:
        if self._given(reached):
            return "Given with the request"
        if reached.over is None or reached.parent is None:
            chosen = reached.identifier.value in self.request.chosen
            return self.decision if chosen else "Found from what was given"
        return f"Found in “{reached.over}” by your {kind_of_identifier(reached.parent.kind).lower()}"


def _when(periods: Periods, locale: Locale) -> str:
    told = [_span(span, locale) for span in periods.spans[:_MOST_SPANS]]
    more = len(periods.spans) - _MOST_SPANS
    return "\n".join([*told, f"and {locale.count(more)} more times"] if more > 0 else told)


def _span(span: Span, locale: Locale) -> str:
    since = "" if span.since == BEGINNING else f"since {locale.instant(span.since)}"
    until = "" if span.until == END else f"until {locale.instant(span.until)}"
    return " ".join(filter(None, (since, until))) or "at any time"
