"""Ways of comparing one kind of identifier that contradict each other: equal in one, two people's in another."""

from collections.abc import Iterator

from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location

Place = tuple[str, str, Comparison]


def contradicting_comparisons(register: Register) -> Iterator[Finding]:
    """One kind must be folded in one way by a company: who else has an identifier is asked in one way only.

    Exact comparisons go with any other, as equal texts fold alike; a hash is of the casefolded text.
    """
    if not register.names_known_sources:
        return  # which is a finding of its own
    told: set[Finding] = set()
    for controller in register.organisation.controllers:
        for kind in sorted(register.identifier_kinds):
            loose = [p for p in _places(register, controller, kind) if p[2].match is not Match.EXACT]
            for where, key, comparison in loose:
                first = loose[0][2]
                finding = Finding(
                    where,
                    key,
                    f"compares {kind!r} by {_way(comparison)}, and elsewhere controller {controller!r} compares it by "
                    f"{_way(first)}; say the same, or give the other a kind of its own",
                )
                if _fold(comparison) != _fold(first) and finding not in told:
                    told.add(finding)
                    yield finding


def _places(register: Register, controller: str, kind: str) -> Iterator[Place]:
    own = register.links_of(controller)
    for index, link in enumerate(register.organisation.links):
        if link in own and link.given == kind:
            yield location(register), f"links.{index}", link.comparison
    for dataset in register.datasets_of(controller):
        for index, key in enumerate(dataset.subject_keys):
            if key.identifier == kind:
                yield location(register, dataset), f"subject_keys.{index}", key.comparison


def _fold(comparison: Comparison) -> tuple[Match, str | None]:
    hashed = comparison.match is Match.HMAC
    return (Match.CASEFOLD if hashed else comparison.match), comparison.region


def _way(comparison: Comparison) -> str:
    return str(comparison.match) + (f" of region {comparison.region!r}" if comparison.region else "")
