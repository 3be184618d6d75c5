"""A list is read to its end, or its page is named: never a list that only looks whole."""

from collections.abc import Iterator

import pytest

from collectors.http_api.parts import ApiRows, Page, PageKind
from dsar_export.errors import SourceUnreadableError
from tests.collectors.http_api.apis import (
    EMAIL,
    OTHER,
    Object,
    api_rows,
    api_source,
    counted,
    mail,
    paged,
    read,
)
from tests.collectors.http_api.server import ApiServer, Asked, Reply, reply, serving

CURSOR = Page(kind=PageKind.CURSOR, parameter="after", next="next")
THREE = [mail(n) for n in (1, 2, 3)]


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving() as api:
        yield api


def refused(server: ApiServer, at: ApiRows | None = None, **own: object) -> str:
    with pytest.raises(SourceUnreadableError) as caught:
        read(server, at, api_source(**own))
    text = str(caught.value)
    assert "dataset 'mails'" in text
    assert not any(private in text for private in ("PRIVATE", EMAIL, "sam%40", OTHER))
    return text


def test_an_empty_page_ends_a_numbered_list_and_a_short_one_does_not(server: ApiServer) -> None:
    pages = {"1": THREE[:1], "2": THREE[1:]}
    server.answering = lambda asked: reply({"data": pages.get(asked.query["page"], [])})
    assert [row[0] for row in read(server)] == [1, 2, 3]
    assert [asked.query["page"] for asked in server.asked] == ["1", "2", "3"]


def test_a_cursor_that_comes_twice_is_an_error_of_its_page(server: ApiServer) -> None:
    numbers = iter(range(1, 100))
    server.answering = lambda _: reply({"data": [mail(next(numbers))], "next": "again"})
    assert "page 2: the same next page is named twice" in refused(server, api_rows(page=CURSOR))


def test_the_next_address_is_taken_whole_and_must_lie_where_it_was(server: ApiServer) -> None:
    page = Page(kind=PageKind.CURSOR, next="links.next.href")
    following = {"links": {"next": {"href": "/mails?from=2"}}}

    def answer(asked: Asked) -> Reply:
        if "from" in asked.query:
            return reply({"data": THREE[1:], "links": {"next": None}})
        return reply({"data": THREE[:1], **following})

    server.answering = answer
    assert [row[0] for row in read(server, api_rows(page=page))] == [1, 2, 3]
    server.answering = lambda _: reply({"data": THREE})
    assert "nothing where page.next lies" in refused(server, api_rows(page=page))


def test_an_endless_last_page_is_an_error(server: ApiServer) -> None:
    server.answering = lambda _: reply({"data": THREE})
    assert "page 2: the page has only rows of earlier pages" in refused(server)


def test_a_list_without_an_end_stops_at_most_pages(server: ApiServer) -> None:
    numbers = iter(range(1, 100))
    server.answering = lambda _: reply({"data": [mail(next(numbers))]})
    assert "page 6: the list has more pages than most_pages" in refused(server, most_pages=5)
    assert len(server.asked) == 5


@pytest.mark.parametrize("total", [2, 4])
def test_a_total_that_disagrees_is_an_error(server: ApiServer, total: int) -> None:
    server.answering = paged(THREE, size=3, more=lambda _: {"total": total})
    page = Page(kind=PageKind.PAGE, parameter="page", total="total")
    assert "the list is not as long as its total" in refused(server, api_rows(page=page))


def test_a_total_that_changes_is_an_error_and_none_is_one_too(server: ApiServer) -> None:
    page = Page(kind=PageKind.PAGE, parameter="page", total="meta.total")
    server.answering = paged(THREE, size=1, more=lambda number: {"meta": {"total": 3 + number}})
    assert "page 2: the total changed" in refused(server, api_rows(page=page))
    server.answering = paged(THREE)
    assert "page 1: the total is no whole number" in refused(server, api_rows(page=page))


def test_a_row_that_moves_to_the_next_page_is_read_once_and_its_total_holds(server: ApiServer) -> None:
    pages = {"1": THREE[:2], "2": THREE[1:]}
    server.answering = lambda asked: reply({"data": pages.get(asked.query["page"], [])})
    assert [row[0] for row in read(server)] == [1, 2, 3]


def test_more_must_be_true_or_false_and_true_needs_a_way_on(server: ApiServer) -> None:
    page = Page(kind=PageKind.CURSOR, parameter="after", last_row="id", more="more")
    server.answering = lambda asked: reply({"data": [] if "after" in asked.query else THREE, "more": True})
    assert "page 2: there are more rows, but no way to them" in refused(server, api_rows(page=page))
    server.answering = lambda _: reply({"data": THREE})
    assert "page.more is neither true nor false" in refused(server, api_rows(page=page))
    server.answering = lambda _: reply({"data": THREE, "more": False})
    assert len(read(server, api_rows(page=page))) == 3


def test_the_last_row_of_a_page_is_a_cursor_too(server: ApiServer) -> None:
    def answer(asked: Asked) -> Reply:
        after = int(asked.query.get("after", "0"))
        return reply({"data": THREE[after : after + 1], "more": after < 2})

    server.answering = answer
    page = Page(kind=PageKind.CURSOR, parameter="after", last_row="id", more="more")
    assert [row[0] for row in read(server, api_rows(page=page))] == [1, 2, 3]


def test_a_list_without_pages_that_is_full_may_be_cut(server: ApiServer) -> None:
    server.answering = lambda _: reply({"data": THREE})
    assert "as many rows as it can have" in refused(server, api_rows(page=None, most=3))
    assert len(read(server, api_rows(page=None, most=4))) == 3


def test_a_next_page_that_the_register_does_not_know_is_an_error(server: ApiServer) -> None:
    server.answering = lambda _: reply({"data": THREE}, Link='</mails?page=2>; rel="next"')
    assert "the register has no page" in refused(server, api_rows(page=None))


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example.org/mails", "http://127.0.0.1:1/mails", "//elsewhere.example.org/x"],
)
def test_a_next_page_on_another_host_is_not_asked_for(server: ApiServer, address: str) -> None:
    server.answering = lambda _: reply({"data": THREE}, Link=f'<{address}>; rel="next"')
    assert "a host that hosts does not list" in refused(server, api_rows(page=Page(kind=PageKind.LINK)))
    assert len(server.asked) == 1


def test_rows_of_others_are_counted_and_kept_out(server: ApiServer) -> None:
    found = [
        mail(1),
        mail(2, OTHER),
        mail(3, f"not.{EMAIL}"),
        mail(4, EMAIL.upper()),
        {"id": 5, "subject": "x"},
    ]
    server.answering = paged(found)
    assert [row[0] for row in read(server)] == [1, 4]
    assert (counted(server).others, counted(server).unnamed) == (3, 0)


def test_members_that_the_register_does_not_name_are_counted(server: ApiServer) -> None:
    columns = ("id", "to", "subject", "from.name")
    rows = [
        mail(1, **{"from": {"name": "Shop"}}),
        mail(2, **{"from": {"name": "Shop", "ip": "PRIVATE"}}),
        mail(3, **{"from": "Shop"}),
        mail(4, OTHER, new="x"),
        mail(5, new=None),
        mail(6, **{"from": None}),
    ]
    server.answering = paged(rows)
    assert counted(server, api_rows(columns=columns)).unnamed == 3


@pytest.mark.parametrize("row", [{"to": EMAIL}, {"id": None, "to": EMAIL}, {"id": {"x": 1}, "to": EMAIL}])
def test_a_row_without_an_id_is_an_error(server: ApiServer, row: Object) -> None:
    server.answering = lambda _: reply({"data": [row]})
    assert "page 1: a" in refused(server)


@pytest.mark.parametrize("content", [{}, {"data": None}, {"data": {"id": 1}}, {"data": ["PRIVATE"]}, []])
def test_an_answer_without_a_list_is_an_error_and_no_empty_list(server: ApiServer, content: object) -> None:
    server.answering = lambda _: reply(content)
    assert "has no list of objects" in refused(server)
