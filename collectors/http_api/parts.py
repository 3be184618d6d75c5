"""What a dataset or link says about the questions to an API, in five words: find, list, page, poll, fetch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Final

from dsar_export.model.column_names import Columns, column_names, require_columns
from dsar_export.model.place import TablePlace
from dsar_export.model.toml_table import toml_table

KEY: Final = "@key"
"""A column of lists with `find`: the person's identifier in the row of `find` that the list's row belongs to."""
_SLOT: Final = re.compile(r"\{([a-z]*)\}")


@toml_table
class Posted:
    """A question that is sent as JSON."""

    post: str
    """The address; `{key}` and the other slots may stand in it and in the texts of `body`."""
    body: Mapping[str, object] = field(default_factory=dict)
    """The JSON; a text such as `{key}` is replaced by the value as text, which can't break out of it."""
    safe: bool = False
    """Whether the API only reads on this question, so that it may be asked again after a failure."""


Address = str | Posted
"""An address below the API's own, such as `/v1/customers?email={key}`: its slots are filled URL-encoded."""


def slots(address: Address) -> frozenset[str]:
    """The names of the slots of an address, and of its JSON."""
    texts = [address] if isinstance(address, str) else [address.post, *_texts(address.body)]
    return frozenset(name for text in texts for name in _SLOT.findall(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def require_slots(word: str, address: Address, needed: str, allowed: frozenset[str]) -> None:
    """ValueError for an address without the slot that it needs, or with one that nothing fills."""
    text, found = address if isinstance(address, str) else address.post, slots(address)
    if not text.startswith(("/", "https://")) and not text.startswith("{"):
        raise ValueError(f"{word}: an address begins with / (below the source's url) or with https://")
    if needed not in found:
        raise ValueError(f"{word}: the address needs {{{needed}}}; without it, it would ask for everybody")
    if found - allowed:
        raise ValueError(f"{word}: nothing fills {{{min(found - allowed)}}}; use {{{needed}}}")


class PageKind(StrEnum):
    """How an API hands out a long list."""

    CURSOR = "cursor"
    PAGE = "page"
    OFFSET = "offset"
    LINK = "link"


@toml_table
class Page:
    """How the next part of a list is asked for, and when the list is at its end."""

    kind: PageKind
    """`cursor`, `page` (a number), `offset` (of rows) or `link` (the header `Link` with rel="next")."""
    parameter: str | None = None
    """The parameter that carries the cursor, number or offset; with JSON, its member."""
    next: str | None = None
    """With `cursor`: where the answer has the next cursor, or the whole next address. Without `next` there is none."""
    last_row: str | None = None
    """With `cursor`, instead of `next`: the column of a page's last row that is the next cursor."""
    more: str | None = None
    """Where the answer has whether there are more rows: true or false."""
    total: str | None = None
    """Where the answer has the number of all rows; a list of another length is a gap."""
    first: int = 1
    """With `page`: the number of the first one."""

    def __post_init__(self) -> None:
        if self.kind is PageKind.CURSOR and (self.next is None) == (self.last_row is None):
            raise ValueError("page: a cursor needs one of next and last_row")
        if self.kind is not PageKind.CURSOR and (self.next or self.last_row):
            raise ValueError("page: next and last_row belong to kind cursor; drop them")
        needs = self.kind in {PageKind.PAGE, PageKind.OFFSET} or self.last_row is not None
        if needs and self.parameter is None:
            raise ValueError("page: parameter is missing; add the name under which the API takes it")


@toml_table
class Find:
    """The API's own id of the person, which a list is then asked for by."""

    address: Address
    """Where people are found, with `{key}` for the identifier."""
    rows: str = ""
    """Where the answer has the people found; without it, the answer is a list or one person."""
    id: str
    """Their id in such a row; it fills `{found}`."""
    key: str
    """The identifier in such a row; another person's, which a search may return too, is left aside."""
    row: str
    """The column of the list's rows that holds that id."""

    def __post_init__(self) -> None:
        require_slots("find", self.address, "key", frozenset({"key"}))


@toml_table
class Poll:
    """An export that the API prepares: started once, waited for, then read by `list` with `{job}` or `{result}`."""

    start: Address
    """Where it is started, with `{key}`; it is never started twice for one request."""
    job: str
    """Where the answer has the id of the job."""
    status: str
    """The address to ask how it stands, with `{job}`."""
    state: str
    """Where that answer has the state."""
    done: tuple[str, ...]
    """The states in which the result is ready."""
    failed: tuple[str, ...] = ()
    """The states in which there will be none."""
    result: str | None = None
    """Where the answer has the result's address, for `{result}`."""
    every: float = 5.0
    """Seconds between two questions."""
    at_most: float = 3600.0
    """Seconds that it may take."""

    def __post_init__(self) -> None:
        require_slots("poll.start", self.start, "key", frozenset({"key", "found"}))
        require_slots("poll.status", self.status, "job", frozenset({"job"}))
        if not self.done:
            raise ValueError("poll: done needs at least one state")
        if self.every <= 0 or self.at_most < self.every:
            raise ValueError("poll: every is above 0, and at_most no less than every")


@toml_table
class ApiRows:
    """The collector's own part of a dataset's file, and of a link."""

    table: str
    """A name for these rows, such as `payments`."""
    columns: tuple[str, ...]
    """Every member that a row has: `amount`, or `customer.email` for a member of a member."""
    id: Columns
    """The column that is different in every row, or a list."""
    list: Address
    """Where the rows are, with `{key}`; or with `{found}`, `{job}` or `{result}`, as `find` and `poll` have it."""
    rows: str = ""
    """Where the answer has the rows, such as `data`; without it, the answer itself is the list."""
    most: int | None = None
    """Without `page`: how many rows the API returns at most; as many as that are a gap."""
    find: Find | None = None
    page: Page | None = None
    poll: Poll | None = None
    fetch: str | None = None
    """The address of one whole record, with `{row}` for its id, if the list shows only a part of each."""
    fetched: str = ""
    """With `fetch`: where the answer has the record, if it is not the answer itself."""

    def __post_init__(self) -> None:
        require_columns("id", self.id)
        if not {*column_names(self.id)} <= {*self.columns}:
            raise ValueError("id must be among columns")
        if any(name.startswith("@") or not all(name.split(".")) for name in self.columns):
            raise ValueError("columns are names such as amount or customer.email")
        if any(other.startswith(f"{name}.") for name in self.columns for other in self.columns):
            raise ValueError("columns name a member whole, or members of it, not both")
        asked = "job" if self.poll is not None else "found" if self.find is not None else "key"
        if self.poll is not None and self.poll.result is not None:
            asked = "result"
        require_slots("list", self.list, asked, frozenset({asked, "key"}))
        if self.find is not None and self.find.row not in self.columns:
            raise ValueError("find: row must be among columns")
        if self.most is not None and self.page is not None:
            raise ValueError("most is for lists without pages; drop it or page")
        if (
            self.page is not None
            and self.page.last_row is not None
            and self.page.last_row not in self.columns
        ):
            raise ValueError("page: last_row must be among columns")
        if self.fetch is not None:
            require_slots("fetch", self.fetch, "row", frozenset({"row"}))
            if len(column_names(self.id)) != 1:
                raise ValueError("fetch needs an id of one column")

    @cached_property
    def place(self) -> TablePlace:
        """The rows as the core knows them: a table whose rows differ in their id."""
        return TablePlace(table=self.table, order_by=column_names(self.id))

    @property
    def held(self) -> tuple[str, ...]:
        """Every column that a row has for the core."""
        return self.columns if self.find is None else (KEY, *self.columns)
