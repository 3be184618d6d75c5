"""Entry points -> collectors and renderers: built-in and third-party ones alike, by an allow-list."""

import pickle
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final, Protocol, TypeVar, cast

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.interfaces import (
    CollectorFactory,
    DatasetRenderer,
    DocumentRenderer,
    LetterRenderer,
    Opener,
    Parts,
)

COLLECTORS: Final = "dsar_export.collectors"
RENDERERS: Final = "dsar_export.renderers"
BUILT_IN: Final = frozenset({"dsar-export"})

T_co = TypeVar("T_co", covariant=True)


class _Loaded(Protocol[T_co]):
    def __call__(self) -> T_co: ...


def collector_factory(kind: str, allowed: frozenset[str]) -> CollectorFactory:
    """The factory of collectors for a kind of source.

    Raises RegisterError, with the kinds that are installed and allowed, if this kind is not among them.
    """
    found = _points(COLLECTORS, allowed)
    if kind not in found:
        raise RegisterError(
            f"no collector for kind {kind!r}; installed and allowed: {', '.join(sorted(found))}. Install it, and name "
            "its distribution in DSAR_PLUGINS"
        )
    return cast(CollectorFactory, found[kind].load())


def collector_parts(kind: str, allowed: frozenset[str]) -> Parts | None:
    """The classes that validate the keys of a kind of source; None for a source that the register does not have."""
    if not kind:
        return None
    factory = collector_factory(kind, allowed)
    if not (hasattr(factory, "dataset_part") and hasattr(factory, "link_part")):
        raise RegisterError(
            f"the collector of kind {kind!r} has no dataset_part and link_part, so it is older than this version; "
            "install a newer one (docs/developers.md, 'A collector of your own')"
        )
    return factory


def dataset_renderer(name: str, allowed: frozenset[str]) -> DatasetRenderer:
    """The renderer of datasets with this name; raises WrongUseError unless it is installed, allowed and picklable."""
    renderer = cast(_Loaded[DatasetRenderer], _renderer(name, allowed))()
    try:
        pickle.dumps(renderer)
    except (pickle.PicklingError, AttributeError, TypeError):
        raise WrongUseError(
            f"renderer {name!r} can't be pickled, but large datasets are rendered in a second process; "
            "define its class at module level, and keep no files or sockets open in it"
        ) from None
    return renderer


def document_renderer(name: str, allowed: frozenset[str]) -> DocumentRenderer:
    """The renderer of documents with this name; raises WrongUseError unless it is installed and allowed."""
    return cast(_Loaded[DocumentRenderer], _renderer(name, allowed))()


def letter_renderer(name: str, allowed: frozenset[str]) -> LetterRenderer:
    """The renderer of letters with this name; raises WrongUseError unless it is installed and allowed."""
    return cast(_Loaded[LetterRenderer], _renderer(name, allowed))()


def opener(name: str, allowed: frozenset[str]) -> Opener:
    """The renderer of the page that opens packages; raises WrongUseError unless it is installed and allowed."""
    return cast(_Loaded[Opener], _renderer(name, allowed))()


def _renderer(name: str, allowed: frozenset[str]) -> object:
    found = _points(RENDERERS, allowed)
    if name not in found:
        raise WrongUseError(f"renderer {name!r} is not installed; install dsar-export again")
    return found[name].load()


@cache  # it scans all installed distributions, which is slow
def _points(group: str, allowed: frozenset[str]) -> dict[str, EntryPoint]:
    # Any installed package could register itself, so only packages on the list are ever imported.
    points = entry_points(group=group)
    return {p.name: p for p in points if p.dist is not None and p.dist.name in allowed}
