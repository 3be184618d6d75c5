"""The identifiers that were searched with; never another person's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.identity import Reached
from dsar_export.model.package import PackageContents
from dsar_export.model.periods import BEGINNING, END, Periods, Span
from dsar_export.model.request import SubjectRequest
from renderers.report_pdf.blocks import Block, Bullets, Grid, Prose
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.wording import identifier_label

_MAX_VALUES: Final = 20
_MAX_SPANS: Final = 5
_HEADS: Final = (
    message("What"),
    message("Value"),
    message("When it was yours"),
    message("How we know it"),
)


def searched_with(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The identifiers and how each was found, the choice among candidates, and the shared identifiers."""
    identity = contents.identity
    table = _IdentifierTable(contents.request, locale)
    yield Prose(
        locale.phrase(
            "We searched our systems with these and with nothing else; datapackage.json lists each. If one "
            "of yours is not here, please tell us."
        )
    )
    if rows := tuple(table.rows(identity.own)):
        yield Grid(tuple(map(locale.phrase, _HEADS)), rows)
    if rows := tuple(table.references(identity.referred)):
        yield Prose(
            locale.phrase(
                "What we hold about you refers to these. They are not identifiers of yours: data about others may "
                "refer to them too."
            )
        )
        yield Grid(tuple(map(locale.phrase, (_HEADS[0], _HEADS[1], _HEADS[3]))), rows)
    if identity.candidates:
        yield Prose(_candidates(contents, table.decision, locale))
    if identity.shared:
        yield Bullets(
            tuple(
                locale.phrase(
                    "{kind}: {n} also used by someone else at the same time. What is stored under that alone was not "
                    "copied.",
                    kind=identifier_label(shared.kind, locale),
                    n=locale.count(shared.count),
                )
                for shared in identity.shared
            )
        )


def _candidates(contents: PackageContents, decision: str, locale: Locale) -> str:
    candidates = contents.identity.candidates
    if candidates == 1:
        return locale.phrase(
            "What was given with the request was yours at a different time. {decision}",
            decision=decision,
        )
    return locale.phrase(
        "What was given with the request leads to more than one match, possibly of different people. "
        "{kind}: {n}. {decision} What belongs to the others is not here.",
        kind=identifier_label(contents.register.subject, locale),
        n=locale.count(candidates),
        decision=decision,
    )


@dataclass(frozen=True)
class _IdentifierTable:
    request: SubjectRequest
    locale: Locale

    @property
    def decision(self) -> str:
        verification = self.request.verification
        by, when = verification.by, self.locale.instant(verification.at)
        if len(self.request.chosen) == 1:
            return self.locale.phrase("{by} decided on {when} which is yours.", by=by, when=when)
        return self.locale.phrase("{by} decided on {when} which are yours.", by=by, when=when)

    def rows(self, known: tuple[Reached, ...]) -> Iterator[tuple[str, ...]]:
        """A row for each given identifier, then one for all found ones of the same kind, time and way."""
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for reached in sorted(known, key=lambda r: (not self._given(r), r.identifier)):
            kind = identifier_label(reached.identifier.kind, self.locale)
            when, how = _when(reached.periods, self.locale), self._how(reached)
            if self._given(reached):
                yield kind, reached.identifier.value, when, how
            else:
                grouped.setdefault((kind, when, how), []).append(reached.identifier.value)
        for (kind, when, how), values in grouped.items():
            yield kind, self.locale.named(values, _MAX_VALUES), when, how

    def references(self, referred: tuple[Reached, ...]) -> Iterator[tuple[str, ...]]:
        """A row for all references of the same kind that were found in the same way."""
        grouped: dict[tuple[str, str], list[str]] = {}
        for reached in sorted(referred, key=lambda r: r.identifier):
            key = identifier_label(reached.identifier.kind, self.locale), self._how(reached)
            grouped.setdefault(key, []).append(reached.identifier.value)
        for (kind, how), values in grouped.items():
            yield kind, self.locale.named(values, _MAX_VALUES), how

    def _given(self, reached: Reached) -> bool:
        return reached.identifier in self.request.identifiers

    def _how(self, reached: Reached) -> str:
        if self._given(reached):
            return self.locale.phrase("Given with the request")
        if reached.over is None or reached.parent is None:
            chosen = reached.identifier.value in self.request.chosen
            return self.decision if chosen else self.locale.phrase("Found through what was given")
        return self.locale.phrase(
            "Found in “{table}” through: {kind}",
            table=reached.over,
            kind=identifier_label(reached.parent.kind, self.locale),
        )


def _when(periods: Periods, locale: Locale) -> str:
    lines = [_span(span, locale) for span in periods.spans[:_MAX_SPANS]]
    if (more := len(periods.spans) - _MAX_SPANS) > 0:
        lines.append(locale.plural("and {n} more period", "and {n} more periods", more))
    return "\n".join(lines)


def _span(span: Span, locale: Locale) -> str:
    since, until = locale.instant(span.since), locale.instant(span.until)
    match (span.since == BEGINNING, span.until == END):
        case (True, True):
            return locale.phrase("at any time")
        case (True, False):
            return locale.phrase("until {until}", until=until)
        case (False, True):
            return locale.phrase("since {since}", since=since)
        case _:
            return locale.phrase("from {since} to {until}", since=since, until=until)
