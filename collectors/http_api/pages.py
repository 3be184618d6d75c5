"""A list, page by page: to its end and no further, or an error that says on which page it stopped making sense."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from collectors.http_api.answers import ABSENT, BrokenAnswerError, member, rows_at, text_at
from collectors.http_api.asking import Answer, Asking, Question
from collectors.http_api.hosts import RefusedAddressError
from collectors.http_api.parts import Address, ApiRows, Page, PageKind
from collectors.http_api.questions import Parameters, Values, question
from dsar_export.model.column_names import column_names

Row = Mapping[str, object]
_TRY_AGAIN: Final = "collect again; if it stays so, correct page"


@dataclass(frozen=True)
class Listing:
    """How a list is asked for, and by what its rows differ."""

    address: Address
    rows: str
    page: Page | None
    most: int | None
    id: tuple[str, ...]
    alone: bool = False

    @classmethod
    def of(cls, part: ApiRows) -> "Listing":
        return cls(part.list, part.rows, part.page, part.most, column_names(part.id))


@dataclass
class _Walk:
    """How far a list was read; hashes of ids, because a list may be long."""

    seen: set[int] = field(default_factory=set)
    cursors: set[str] = field(default_factory=set)
    returned: int = 0
    total: int | None = None


def row_id(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    """What names a row; BrokenAnswerError for a row without it."""
    cells = [text_at(row, name, "an id") for name in names]
    if None in cells:
        raise BrokenAnswerError("a row has no id; correct id")
    return tuple(map(str, cells))


def pages(
    asking: Asking, listing: Listing, values: Values, what: str, most_pages: int
) -> Iterator[Sequence[Row]]:
    """The rows of each page, each row once; SourceUnreadableError names the page."""
    walk, page = _Walk(), listing.page
    following: Question | Parameters | None = _first(page)
    for number in count(1):
        where = f"{what}, page {number}"
        try:
            if number > most_pages:
                raise BrokenAnswerError(
                    "the list has more pages than most_pages; raise it if the list is so long"
                )
            if not isinstance(following, Question):
                following = question(asking.hosts, listing.address, values, following or {})
            answer = asking.ask(following, where)
            rows = rows_at(answer.content, listing.rows, alone=listing.alone)
            fresh = _fresh(walk, rows, listing.id)
            following = _next(asking, listing, walk, answer, rows)
        except (BrokenAnswerError, RefusedAddressError) as error:
            raise asking.unreadable(where, str(error)) from None
        yield fresh
        if following is None:
            return


def _first(page: Page | None) -> Parameters:
    if page is None or page.parameter is None or page.kind not in {PageKind.PAGE, PageKind.OFFSET}:
        return {}
    return {page.parameter: page.first if page.kind is PageKind.PAGE else 0}


def _fresh(walk: _Walk, rows: Sequence[Row], names: Sequence[str]) -> Sequence[Row]:
    """The rows that no earlier page had: a list may move on while it is read."""
    fresh = []
    for row in rows:
        key = hash(row_id(row, names))
        if key not in walk.seen:
            walk.seen.add(key)
            fresh.append(row)
    if rows and not fresh:
        raise BrokenAnswerError(f"the page has only rows of earlier pages; {_TRY_AGAIN}")
    walk.returned += len(rows)
    return fresh


def _next(
    asking: Asking, listing: Listing, walk: _Walk, answer: Answer, rows: Sequence[Row]
) -> Question | Parameters | None:
    """How to ask for the next page; None at the end of the list, which must then have its total."""
    page = listing.page
    if page is None:
        if answer.links:
            raise BrokenAnswerError("the answer names a next page, but the register has no page; add it")
        if listing.most is not None and len(rows) >= listing.most:
            raise BrokenAnswerError("the answer has as many rows as it can have, so there may be more")
        return None
    _count(walk, page, answer)
    more = _more(page, answer)
    following = None if more is False else _following(asking, page, walk, answer, rows)
    if following is None:
        if more is True:
            raise BrokenAnswerError(f"there are more rows, but no way to them; {_TRY_AGAIN}")
        if walk.total is not None and len(walk.seen) != walk.total:
            raise BrokenAnswerError(f"the list is not as long as its total; {_TRY_AGAIN}")
    return following


def _count(walk: _Walk, page: Page, answer: Answer) -> None:
    if page.total is None:
        return
    total = member(answer.content, page.total)
    if isinstance(total, bool) or not isinstance(total, int):
        raise BrokenAnswerError("the total is no whole number; correct page.total")
    if walk.total not in {None, total}:
        raise BrokenAnswerError(f"the total changed while the list was read; {_TRY_AGAIN}")
    walk.total = total


def _more(page: Page, answer: Answer) -> bool | None:
    if page.more is None:
        return None
    more = member(answer.content, page.more)
    if not isinstance(more, bool):
        raise BrokenAnswerError("page.more is neither true nor false; correct it")
    return more


def _following(
    asking: Asking, page: Page, walk: _Walk, answer: Answer, rows: Sequence[Row]
) -> Question | Parameters | None:
    parameter = str(page.parameter)
    if page.kind is PageKind.CURSOR:
        return _by_cursor(asking, page, walk, answer, rows)
    if page.kind is PageKind.LINK:
        if len(answer.links) > 1:
            raise BrokenAnswerError("the header Link names two next pages")
        return _by_address(asking, walk, answer, answer.links[0]) if answer.links else None
    if not rows or (walk.total is not None and walk.returned >= walk.total):
        return None
    if page.kind is PageKind.OFFSET:
        return {parameter: walk.returned}
    number = page.first + len(walk.cursors) + 1
    walk.cursors.add(str(number))
    return {parameter: number}


def _by_cursor(
    asking: Asking, page: Page, walk: _Walk, answer: Answer, rows: Sequence[Row]
) -> Question | Parameters | None:
    if page.last_row is not None:
        cursor = text_at(rows[-1], page.last_row, "the cursor") if rows else None
    else:
        head, dot, _ = str(page.next).partition(".")
        if dot and member(answer.content, head) is ABSENT:
            raise BrokenAnswerError("the answer has nothing where page.next lies; correct it")
        cursor = text_at(answer.content, str(page.next), "the cursor")
    if cursor is None:
        return None
    if page.parameter is None:
        return _by_address(asking, walk, answer, cursor)
    _once(walk, cursor)
    return {page.parameter: cursor}


def _by_address(asking: Asking, walk: _Walk, answer: Answer, address: str) -> Question:
    _once(walk, address)
    return Question(asking.hosts.following(answer.url, address))


def _once(walk: _Walk, cursor: str) -> None:
    if cursor in walk.cursors:
        raise BrokenAnswerError(f"the same next page is named twice; {_TRY_AGAIN}")
    walk.cursors.add(cursor)
