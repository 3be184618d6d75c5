"""The statements of one snapshot, filled with keys; compiled statements are kept with the catalogue."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from sqlalchemy import Connection, TextClause
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.chunks import Conversion
from collectors.sql_database.dialect import Dialect
from collectors.sql_database.kept import Catalogue
from collectors.sql_database.keys import Keys, filled
from collectors.sql_database.parts import Part
from collectors.sql_database.queries import query_statement, unjoined_query
from collectors.sql_database.relations import Relation
from collectors.sql_database.statements import Statement, Statements
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.source import ColumnKind, Selection


@dataclass(frozen=True)
class Prepared:
    """Prepares statements for one snapshot."""

    connection: Connection
    dialect: Dialect
    catalogue: Catalogue

    @cached_property
    def statements(self) -> Statements:
        return Statements(self.dialect, self.kinds_of, self.relation_of)

    def kinds_of(self, table: str) -> Mapping[str, ColumnKind]:
        """The kind of each column of a table."""
        kinds = self.catalogue.kinds
        if table not in kinds:
            kinds[table] = self.dialect.kinds(self.connection, table)
        return kinds[table]

    def relation_of(self, table: str) -> Relation:
        """The properties of a table that statements depend on."""
        relations = self.catalogue.relations
        if table not in relations:
            relations[table] = self.dialect.relation(self.connection, table)
        return relations[table]

    def rows(self, selection: Selection, index: int, keys: Sequence[str], part: Part) -> ExpandedState:
        """Selects the rows that one subject key finds in a part of the dataset, or by its query."""

        def statement(keys: Keys) -> Statement:
            if selection.dataset.place.query is not None:
                return query_statement(self.statements, selection, keys)
            return self.statements.rows(selection, index, keys, part)

        dataset = selection.dataset
        about = (dataset.name, index, selection.tenants, selection.other_tenants)
        return self._filled((dataset, part), about, keys, statement)

    def counts(self, selection: Selection, keys: Sequence[str]) -> ExpandedState:
        """Counts the rows that the key of a dataset with a query finds in its own table."""
        about = ("counts", selection.dataset.name, selection.tenants, selection.other_tenants)
        return self._filled(
            selection.dataset, about, keys, lambda keys: self.statements.counts(selection, keys)
        )

    def link(self, link: Link, keys: Sequence[str], tenants: tuple[str | int, ...]) -> ExpandedState:
        """Selects a link's rows."""
        about = (link.given, link.leads_to, tenants)
        return self._filled(link, about, keys, lambda keys: self.statements.link(link, keys, tenants))

    def unjoined(self, dataset: Dataset, keys: Sequence[str]) -> ExpandedState:
        """The register's query as written."""
        about = ("unjoined", dataset.name)
        return self._filled(dataset, about, keys, lambda keys: unjoined_query(self.statements, dataset, keys))

    def conversions(self, selection: Selection, part: Part) -> Mapping[int, Conversion]:
        """What happens to cells of rows as drivers return them, by place."""
        dataset = selection.dataset
        make = partial(self.statements.conversions, selection, part.history)
        return self.catalogue.conversions.of((dataset, part), dataset.name, make)

    def compiled(self, statement: Statement | ExpandedState) -> ExpandedState:
        """A statement ready for the driver."""
        if isinstance(statement, ExpandedState):
            return statement
        return statement.compile(self.connection).construct_expanded_state()

    def _filled(
        self,
        subject: object,
        about: Hashable,
        keys: Sequence[str],
        statement: Callable[[Keys], Statement | TextClause],
    ) -> ExpandedState:
        templates = self.catalogue.templates.of(subject, about, list)
        return filled(templates, keys, lambda keys: statement(keys).compile(self.connection))
