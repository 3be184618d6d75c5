"""What a source keeps from one person to the next, until its catalogue changes (ADR 43). Nothing of a person."""

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from collectors.sql_database.chunks import Conversion
from collectors.sql_database.keys import Template
from collectors.sql_database.relations import Relation
from dsar_export.model.source import ColumnKind, Probe, SourceDescription

T = TypeVar("T")


class Known(Generic[T]):
    """What is known about datasets and links, which have no hash and so are compared."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[tuple[object, T]]] = {}

    def of(self, subject: object, about: Hashable, make: Callable[[], T]) -> T:
        """What is known, or what `make` returns, which is kept unless it raises."""
        known = self._known.setdefault(about, [])
        for other, value in known:
            if other == subject:
                return value
        value = make()
        known.append((subject, value))
        return value


class Catalogue:
    """What one state of a database's catalogue says, and what was planned and compiled under it."""

    def __init__(self) -> None:
        self.description: SourceDescription | None = None
        self.kinds: dict[str, Mapping[str, ColumnKind]] = {}
        self.relations: dict[str, Relation] = {}
        self.probes = Known[Probe]()
        self.conversions = Known[Mapping[int, Conversion]]()
        self.templates = Known[list[Template]]()


class KeptCatalogue:
    """The catalogue of a source in its last state."""

    def __init__(self) -> None:
        self._version: bytes | None = None
        self._catalogue = Catalogue()

    def at(self, version: bytes | None) -> Catalogue:
        """The catalogue of this state; an empty one after each change, and always if the state is not known."""
        if version is None or version != self._version:
            self._version, self._catalogue = version, Catalogue()
        return self._catalogue
