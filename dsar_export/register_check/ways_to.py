"""The ways to one dataset, each from the person over its link tables to the rows."""

from dsar_export.register_check.ways import Way, WayKind, Ways

_FOLLOWED = frozenset({WayKind.LEADS, WayKind.POINTS})


def ways_to(ways: Ways, dataset: str) -> tuple[tuple[Way, ...], ...]:
    """The shortest way over each key of the dataset; without its beginning where none leads from the person."""
    last = [way for way in ways.ways if way.kind is WayKind.SELECTS and way.end == dataset]
    chains = _chains(ways)
    return tuple((*chains.get(way.start, ()), way) for way in last)


def _chains(ways: Ways) -> dict[str, tuple[Way, ...]]:
    """How each kind of identifier is reached from the subject, over as few links as possible."""
    found: dict[str, tuple[Way, ...]] = {ways.subject: ()}
    waiting = [ways.subject]
    while waiting:
        kind = waiting.pop(0)
        for way in ways.from_(kind):
            if way.kind in _FOLLOWED and way.end not in found:
                found[way.end] = (*found[kind], way)
                waiting.append(way.end)
    return found
