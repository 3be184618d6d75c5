"""A collector whose source fails at one place."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import SourceLostError, SourceUnreadableError
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, LinkRow, Probe, Selection, SourceDescription

Error = type[SourceUnreadableError]


@dataclass
class Flaky:
    """A correct collector whose snapshots fail at one place, `times` times."""

    honest: Collector
    place: str
    times: int
    error: Error = SourceLostError
    opened: int = 0

    def describe(self) -> SourceDescription:
        return self.honest.describe()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self.opened += 1
        self.at("snapshot")
        with self.honest.snapshot() as honest:
            yield FlakySnapshot(self, cast(SqlSnapshot, honest))

    def at(self, place: str) -> None:
        if place == self.place and self.opened <= self.times:
            raise self.error(f"source 'main' could not be read: {place}")


@dataclass
class FlakySnapshot:
    """One moment, which may end early."""

    collector: Flaky
    honest: SqlSnapshot

    def as_of(self) -> datetime | None:
        return self.honest.as_of()

    def probe(self, selection: Selection) -> Probe:
        self.collector.at("probe")
        return self.honest.probe(selection)

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        self.collector.at("probe_link")
        return self.honest.probe_link(link, tenants)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        self.collector.at("resolve")
        return self.honest.resolve(link, keys, tenants)

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        return self.honest.counts(selection)

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        return self.honest.codes(selection, field)

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        self.collector.at("chunks")
        for chunk in self.honest.chunks(selection):
            yield chunk
            self.collector.at("midway")
