"""An HTTP API keeps the contract of all collectors, whichever way its lists are handed out."""

import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from collectors.http_api.parts import ApiRows, Page, PageKind
from dsar_export.model.comparison import Match
from dsar_export.model.link import Link
from dsar_export.model.source import CHUNK_ROWS, LinkRow, Selection
from dsar_export.testing import CollectorCase, assert_contract
from tests.collectors.http_api.apis import (
    EMAIL,
    OTHER,
    Object,
    api_rows,
    api_source,
    collector,
    dataset,
    mail,
)
from tests.collectors.http_api.server import ApiServer, Asked, Reply, reply, serving

SIZE = 100
LONG = "PRIVATE " + "x" * (1 << 20)
MAILS: list[Object] = [
    {**mail(n, EMAIL if n % 2 else OTHER), "subject": LONG if n % 130 == 1 else f"PRIVATE {n}"}
    for n in range(1, 8 * CHUNK_ROWS)
]
PEOPLE = [{"id": "C-1", "email": "Sam@Example.org"}, {"id": "C-2", "email": OTHER}, {"id": "C-3"}]
LINK = Link(
    given="email",
    leads_to="customer_id",
    source="api",
    at=ApiRows(table="people", columns=("id", "email"), id="id", list="/people?email={key}"),
    given_column="email",
    leads_to_column="id",
    match=Match.CASEFOLD,
)
PAGES: Mapping[PageKind, Page] = {
    PageKind.CURSOR: Page(kind=PageKind.CURSOR, parameter="after", next="next"),
    PageKind.PAGE: Page(kind=PageKind.PAGE, parameter="page", total="total"),
    PageKind.OFFSET: Page(kind=PageKind.OFFSET, parameter="skip"),
    PageKind.LINK: Page(kind=PageKind.LINK),
}


def answering(kind: PageKind, mails: list[Object]) -> Callable[[Asked], Reply]:
    """A search that matches substrings, as many do: of people too."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/people":
            return reply(PEOPLE)
        found = [each for each in mails if asked.query["to"].partition("@")[2] in str(each["to"])]
        at = {
            PageKind.CURSOR: int(asked.query.get("after", "0")),
            PageKind.PAGE: (int(asked.query.get("page", "1")) - 1) * SIZE,
            PageKind.OFFSET: int(asked.query.get("skip", "0")),
            PageKind.LINK: int(asked.query.get("from", "0")),
        }[kind]
        end = at + SIZE if at + SIZE < len(found) else None
        content = {"data": found[at : at + SIZE], "total": len(found), "next": end}
        if kind is PageKind.LINK and end is not None:
            return reply(content, Link=f'</mails?to={asked.query["to"]}&from={end}>; rel="next"')
        return reply(content)

    return answer


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving() as api:
        yield api


@pytest.mark.parametrize("kind", PageKind)
def test_it_keeps_the_contract(server: ApiServer, kind: PageKind) -> None:
    mails = list(MAILS)
    server.answering = answering(kind, mails)
    assert_contract(
        CollectorCase(
            collector=lambda: collector(server.url, api_source(largest_answer=64 << 20)),
            broken=lambda: collector("http://127.0.0.1:9"),
            selection=Selection(dataset(api_rows(page=PAGES[kind])), ((EMAIL,),)),
            rows=[(EMAIL, None, m["id"], m["subject"]) for m in MAILS if m["to"] == EMAIL],
            link=LINK,
            given=frozenset({EMAIL}),
            linked=[LinkRow("Sam@Example.org", "C-1")],
            change=lambda: mails.append(mail(len(mails) + 1)),
            state=lambda: json.dumps(mails),
            private=("PRIVATE", EMAIL, "C-1"),
            one_moment=False,
        )
    )
