"""Entry points -> collectors and renderers: built-ins and third parties register alike, by allow-list."""

import pickle
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final, Protocol, TypeVar, cast

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.interfaces import CollectorFactory, DatasetRenderer, DocumentRenderer, Parts

COLLECTORS: Final = "dsar_export.collectors"
RENDERERS: Final = "dsar_export.renderers"
BUILT_IN: Final = frozenset({"dsar-export"})

T_co = TypeVar("T_co", covariant=True)


class _Loaded(Protocol[T_co]):
    def __call__(self) -> T_co: ...


def collector_factory(kind: str, allowed: frozenset[str]) -> CollectorFactory:
    """The collector of a source's kind; RegisterError names the kinds that are installed and allowed."""
    found = _points(COLLECTORS, allowed)
    if kind not in found:
        raise RegisterError(
            f"no collector for kind {kind!r}; installed and allowed: {', '.join(sorted(found))}. Install it, and name "
            "its distribution in DSAR_PLUGINS"
        )
    return cast(CollectorFactory, found[kind].load())


def collector_parts(kind: str, allowed: frozenset[str]) -> Parts | None:
    """The classes that validate the keys of a kind of source; None for a source that the register does not have."""
    return collector_factory(kind, allowed) if kind else None


def dataset_renderer(name: str, allowed: frozenset[str]) -> DatasetRenderer:
    """The renderer of datasets by name; WrongUseError where it is not installed and allowed."""
    renderer = cast(_Loaded[DatasetRenderer], _renderer(name, allowed))()
    try:
        pickle.dumps(renderer)
    except (pickle.PicklingError, AttributeError, TypeError):
        raise WrongUseError(
            f"renderer {name!r} can't be pickled, and of many rows another process renders; "
            "have its class stand at the top of its module, and hold nothing open"
        ) from None
    return renderer


def document_renderer(name: str, allowed: frozenset[str]) -> DocumentRenderer:
    """The renderer of documents by name; WrongUseError where it is not installed and allowed."""
    return cast(_Loaded[DocumentRenderer], _renderer(name, allowed))()


def _renderer(name: str, allowed: frozenset[str]) -> object:
    found = _points(RENDERERS, allowed)
    if name not in found:
        raise WrongUseError(f"no renderer {name!r} is installed; install dsar-export again")
    return found[name].load()


@cache  # a scan of all installed distributions; seven of them took 0.25 s
def _points(group: str, allowed: frozenset[str]) -> dict[str, EntryPoint]:
    # Any installed package could register itself; only named ones are ever imported.
    points = entry_points(group=group)
    return {p.name: p for p in points if p.dist is not None and p.dist.name in allowed}
