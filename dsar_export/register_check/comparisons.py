"""Contradicting comparisons of one kind of identifier: equal by one rule, two people's by another."""

from collections.abc import Iterator
from itertools import product

from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.subjects import each_kind
from dsar_export.register.hints import location

Place = tuple[str, str, Comparison]


def contradicting_comparisons(register: Register) -> Iterator[Finding]:
    """Comparisons that fold one kind of identifier in different ways for one controller.

    Who else has an identifier is looked up by one rule only. Exact comparison goes with any other rule, because
    equal texts fold alike; a hash counts as casefold, because it is made from the casefolded text.
    """
    if not register.names_known_sources:
        return  # reported as a broken reference
    reported: set[Finding] = set()
    for part, controller in product(each_kind(register), register.organisation.controllers):
        for kind in sorted(part.identifier_kinds):
            loose = [p for p in _places(part, controller, kind) if p[2].match is not Match.EXACT]
            for where, key, comparison in loose:
                first = loose[0][2]
                finding = Finding(
                    where,
                    key,
                    f"compares {kind!r} by {_in_words(comparison)}, but elsewhere controller {controller!r} compares "
                    f"it by {_in_words(first)}; use one rule in both places, or give one its own kind of identifier",
                )
                if _fold(comparison) != _fold(first) and finding not in reported:
                    reported.add(finding)
                    yield finding


def _places(register: Register, controller: str, kind: str) -> Iterator[Place]:
    own = register.links_of(controller)
    for index, link in enumerate(register.everybody.organisation.links):
        if link in own and link.given == kind:
            yield location(register), f"links.{index}", link.comparison
    for dataset in register.datasets_of(controller):
        for index, key in enumerate(dataset.subject_keys):
            if key.identifier == kind:
                yield location(register, dataset), f"subject_keys.{index}", key.comparison


def _fold(comparison: Comparison) -> tuple[Match, str | None]:
    hashed = comparison.match is Match.HMAC
    return (Match.CASEFOLD if hashed else comparison.match), comparison.region


def _in_words(comparison: Comparison) -> str:
    return str(comparison.match) + (f" with region {comparison.region!r}" if comparison.region else "")
