"""What an API shows now, asked person by person and page by page."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collectors.http_api.answers import BrokenAnswerError, as_json, rows_at, text_at
from collectors.http_api.asking import Asking
from collectors.http_api.hosts import RefusedAddressError
from collectors.http_api.pages import Listing, Row, pages, row_id
from collectors.http_api.parts import ApiRows, Find, Poll
from collectors.http_api.polling import ExportFailedError, finished, started
from collectors.http_api.questions import Values, question
from collectors.http_api.rows import cell, chunks_of, has_unnamed, is_theirs, owner_cells, tree_of
from dsar_export.errors import RegisterError
from dsar_export.folding import Fold, equals_constant
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, LinkRow, Probe, Searched, Selection


@dataclass(frozen=True)
class _Person:
    """Whom a list is asked for: the slots of its address, the identifier that `find` read, and their id."""

    values: Values
    key: object = None
    found: str | None = None


@dataclass
class _Counts:
    others: int = 0
    unnamed: int = 0


@dataclass
class ApiSnapshot:
    """Reads lists and links; a page shows the moment at which it was asked for."""

    asking: Asking
    most_pages: int
    jobs: dict[str, str] = field(default_factory=dict)
    """The exports that were started, by what they are for; so none is started twice."""
    _searched: dict[str, Searched] = field(default_factory=dict)
    _keep: Callable[[Mapping[str, str]], None] = lambda _: None

    def as_of(self) -> datetime | None:
        return None

    def resume(self, jobs: Mapping[str, str], keep: Callable[[Mapping[str, str]], None]) -> None:
        """Goes on with exports that an earlier snapshot started; `keep` gets them whenever one starts or fails."""
        self.jobs, self._keep = dict(jobs), keep

    def probe(self, selection: Selection) -> Probe:
        """Nothing is asked; RegisterError for a column that the register itself does not declare."""
        dataset = selection.dataset
        keys = [
            column for key in dataset.subject_keys for column in (key.column, key.tenant_column, *key.where)
        ]
        self._require(dataset.at, [c for c in (*keys, *dataset.columns) if c is not None], dataset.name)
        return Probe(without_index=False, remote=True)

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:  # noqa: ARG002 - the contract's
        """The same for a link."""
        self._require(link.at, link.columns, f"{link.given} -> {link.leads_to}")
        return Probe(without_index=False, remote=True)

    def searched(self, selection: Selection) -> Searched:
        """What the last complete reading left aside."""
        return self._searched.get(selection.dataset.name, Searched())

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The subject's rows, in the order of the API."""
        self.probe(selection)
        dataset, part, counts = selection.dataset, _part(selection.dataset.at), _Counts()
        for index in range(len(dataset.subject_keys)):
            yield from chunks_of(self._rows(selection, part, index, counts), index)
        self._searched[dataset.name] = Searched(lines=None, others=counts.others, unnamed=counts.unnamed)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The rows of the link whose given identifier folds to one of the keys, each once."""
        self.probe_link(link, tenants)
        part, fold, ours = _part(link.at), Fold(link.comparison), {*map(str, tenants)}
        seen = set[int]()
        what = f"the link from {link.given!r} to {link.leads_to!r}"
        for key in sorted(keys):
            for person in self._people(part, (key,), fold, what, _Counts()):
                for row in self._listed(part, person, what):
                    held = tuple(cell(row, name, person.key) for name in link.where)
                    given = cell(row, link.given_column, person.key)
                    mine = link.tenant_column is None or str(cell(row, link.tenant_column)) in ours
                    found = mine and fold(given) in keys and _belongs(part, row, person)
                    identity = hash(row_id(row, part.place.order_by))
                    if (
                        found
                        and identity not in seen
                        and all(map(equals_constant, held, link.where.values()))
                    ):
                        seen.add(identity)
                        valid = link.valid
                        since = None if valid is None or valid.since is None else cell(row, valid.since)
                        until = None if valid is None or valid.until is None else cell(row, valid.until)
                        yield LinkRow(given, cell(row, link.leads_to_column, person.key), since, until, held)

    def _rows(
        self, selection: Selection, part: ApiRows, index: int, counts: _Counts
    ) -> Iterator[tuple[object, ...]]:
        dataset, keys = selection.dataset, selection.keys[index]
        fold, tree, seen = Fold(dataset.subject_keys[index].comparison), tree_of(part.columns), set[int]()
        what = f"dataset {dataset.name!r}"
        for person in self._people(part, keys, fold, what, counts):
            for listed in self._listed(part, person, what):
                identity = hash(row_id(listed, part.place.order_by))
                if identity in seen:  # two spellings of one identifier find the same rows
                    continue
                seen.add(identity)
                row = self._whole(part, listed, person, (selection, index, fold), what)
                theirs = row is not None and is_theirs(row, person.key, selection, index, fold)
                if row is None or theirs is False or not _belongs(part, row, person):
                    counts.others += 1
                elif theirs:
                    counts.unnamed += has_unnamed(row, tree)
                    yield (
                        *owner_cells(row, dataset, person.key),
                        *(cell(row, name, person.key) for name in dataset.columns),
                    )

    def _people(
        self, part: ApiRows, keys: Sequence[str], fold: Fold, what: str, counts: _Counts
    ) -> Iterator[_Person]:
        for key in keys:
            if part.find is None:
                yield _Person({"key": key})
                continue
            for row in self._found(part.find, key, what):
                held = cell(row, part.find.key)
                if fold(held) not in keys:
                    counts.others += 1
                    continue
                found = row_id(row, (part.find.id,))[0]
                yield _Person({"key": key, "found": found}, held, found)

    def _found(self, find: Find, key: str, what: str) -> Iterator[Row]:
        listing = Listing(find.address, find.rows, None, None, (find.id,), alone=True)
        for page in pages(self.asking, listing, {"key": key}, f"{what}, finding the person", 1):
            yield from page

    def _listed(self, part: ApiRows, person: _Person, what: str) -> Iterator[Row]:
        values = dict(person.values)
        if part.poll is not None:
            values |= self._prepared(part.poll, values, what)
        for page in pages(self.asking, Listing.of(part), values, what, self.most_pages):
            yield from page

    def _prepared(self, poll: Poll, values: Values, what: str) -> Values:
        """What an export is read with; it is started unless it was, and forgotten only if there will be none."""
        name = f"{what} {as_json(dict(values))}"
        if name not in self.jobs:
            self.jobs[name] = started(self.asking, poll, values, what)
            self._keep(self.jobs)
        try:
            return finished(self.asking, poll, self.jobs[name], what)
        except ExportFailedError as error:
            del self.jobs[name]
            self._keep(self.jobs)
            raise self.asking.unreadable(f"{what}, waiting for its export", str(error)) from None

    def _whole(
        self, part: ApiRows, row: Row, person: _Person, judged_by: tuple[Selection, int, Fold], what: str
    ) -> Row | None:
        """The row with the members of its whole record; None if it is another person's, which is not fetched."""
        if part.fetch is None:
            return row
        selection, index, fold = judged_by
        column = selection.dataset.subject_keys[index].column
        shows_owner = cell(row, column, person.key) is not None
        if shows_owner and is_theirs(row, person.key, selection, index, fold) is False:
            return None
        (own,) = row_id(row, part.place.order_by)
        where = f"{what}, fetching a record"
        try:
            answer = self.asking.ask(question(self.asking.hosts, part.fetch, {"row": own}, {}), where)
            (record,) = rows_at(answer.content, part.fetched, alone=True)
            if text_at(record, part.place.order_by[0], "an id") != own:
                raise BrokenAnswerError("the API returned another record than was asked for")
        except (BrokenAnswerError, RefusedAddressError) as error:
            raise self.asking.unreadable(where, str(error)) from None
        except ValueError:
            raise self.asking.unreadable(where, "the answer has not one record; correct fetched") from None
        return {**row, **record}

    def _require(self, at: object, columns: Sequence[str], what: str) -> None:
        part = _part(at)
        missing = [name for name in columns if name not in part.held]
        if missing:
            raise RegisterError(
                f"{what}: columns of {part.table!r} have no {missing[0]!r}; correct it, then run dsar-export check"
            )


def _part(at: object) -> ApiRows:
    if not isinstance(at, ApiRows):
        raise RegisterError(
            "a dataset or link of an HTTP API has other keys; see docs/register.md, 'HTTP APIs'"
        )
    return at


def _belongs(part: ApiRows, row: Row, person: _Person) -> bool:
    """Whether a row is of the person whom `find` found, and not only next to theirs."""
    if part.find is None:
        return True
    return text_at(row, part.find.row, "the id of the person") == person.found
