"""find, poll and fetch: their id, an export that is prepared, and the whole of each record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from collectors.http_api.parts import KEY, ApiRows, Find, Page, PageKind, Poll, Posted
from collectors.http_api.source_part import ApiSource, Auth, AuthKind
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.link import Link, Validity
from dsar_export.model.source import LinkRow, Selection
from tests.collectors.http_api.apis import EMAIL, OTHER, api_rows, collector, dataset, mail, read, rows_of
from tests.collectors.http_api.server import Answering, ApiServer, Asked, Reply, reply, serving

PEOPLE = [{"id": 7, "email": EMAIL}, {"id": 8, "email": f"not.{EMAIL}"}, {"id": 9, "email": None}]
PAYMENTS = [
    {"id": "p1", "customer": 7, "amount": 100},
    {"id": "p2", "customer": 8, "amount": 200},
    {"id": "p3", "customer": None, "amount": 300},
    {"id": "p4", "customer": "7", "amount": 400},
]
FIND = Find(address="/people?q={key}", rows="people", id="id", key="email", row="customer")
PAID = ApiRows(
    table="payments",
    columns=("id", "customer", "amount"),
    id="id",
    list="/payments?customer={found}",
    rows="data",
    find=FIND,
)


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving() as api:
        yield api


def finding(asked: Asked) -> Reply:
    if asked.path == "/people":
        return reply({"people": PEOPLE})
    return reply({"data": PAYMENTS})


def owned(server: ApiServer) -> tuple[list[tuple[object, ...]], int]:
    """The rows of payments with the cells of their owner, and how many rows of others were left aside."""
    at = PAID
    made = payments(at)
    with collector(server.url).snapshot() as snapshot:
        rows = [row for chunk in snapshot.chunks(made) for row in chunk.rows]
        return rows, snapshot.searched(made).others


def payments(at: ApiRows) -> Selection:
    fields = {"number": FieldMapping(column="id"), "amount": FieldMapping(column="amount")}
    return Selection(dataset(at, KEY, fields=fields), ((EMAIL,),))


def test_a_list_is_asked_for_by_the_id_that_was_found_for_the_person_alone(server: ApiServer) -> None:
    server.answering = finding
    rows, others = owned(server)
    assert rows == [(EMAIL, None, "p1", 100), (EMAIL, None, "p4", 400)]
    assert others == 4  # two people, and two payments that name another customer or none
    assert [asked.query for asked in server.asked] == [{"q": EMAIL}, {"customer": "7"}]


def test_nobody_found_asks_for_no_list(server: ApiServer) -> None:
    server.answering = lambda _: reply({"people": PEOPLE[1:]})
    assert owned(server) == ([], 2)
    assert server.paths == ["/people"]


def test_a_search_that_hands_out_pages_is_not_taken_for_whole(server: ApiServer) -> None:
    server.answering = lambda _: reply({"people": PEOPLE}, Link='</people?page=2>; rel="next"')
    with pytest.raises(
        SourceUnreadableError, match="finding the person, page 1: the answer names a next page"
    ):
        owned(server)


FETCHED = api_rows(columns=("id", "to", "subject", "opens"), fetch="/mails/{row}", fetched="mail", page=None)


def fetching(asked: Asked) -> Reply:
    if asked.path == "/mails":
        return reply({"data": [mail(1), mail(2, OTHER), {"id": 3}]})
    number = int(asked.path.removeprefix("/mails/"))
    return reply({"mail": mail(number, EMAIL if number == 1 else OTHER, opens=[{"ip": "192.0.2.1"}])})


def test_each_record_of_the_person_is_fetched_whole_and_no_other(server: ApiServer) -> None:
    server.answering = fetching
    with collector(server.url).snapshot() as snapshot:
        made = Selection(dataset(FETCHED, fields={"opens": FieldMapping(column="opens")}), ((EMAIL,),))
        rows = [row for chunk in snapshot.chunks(made) for row in chunk.rows]
        others = snapshot.searched(made).others
    assert rows == [(EMAIL, None, '[{"ip":"192.0.2.1"}]')]
    assert others == 2  # one by the list, one by the record itself
    assert server.paths == ["/mails", "/mails/1", "/mails/3"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"mail": mail(2)}, "another record than was asked for"),
        ({"mail": {}}, "another record"),
        ({}, "no list of objects"),
        ({"mail": []}, "not one record"),
    ],
)
def test_another_record_is_not_taken(server: ApiServer, content: object, reason: str) -> None:
    server.answering = lambda asked: reply({"data": [mail(1)]} if asked.path == "/mails" else content)
    with pytest.raises(SourceUnreadableError, match=f"fetching a record: .*{reason}"):
        read(server, FETCHED)


POLL = Poll(
    start=Posted(post="/exports", body={"mail": "{key}"}),
    job="job.id",
    status="/exports/{job}",
    state="state",
    done=("done",),
    failed=("failed",),
    every=0.01,
    at_most=0.2,
)
POLLED = api_rows(list="/exports/{job}/rows", poll=POLL, page=None)


def polling(*states: str) -> Answering:
    left = list(states)

    def answer(asked: Asked) -> Reply:
        if asked.path == "/exports":
            return reply({"job": {"id": "J 1"}}, 202)
        if asked.path == "/exports/J%201":
            state = left.pop(0) if len(left) > 1 else left[0]
            return reply({"state": state, "at": "/files/rows.json"})
        return reply({"data": [mail(1)]})

    return answer


def test_an_export_is_started_waited_for_and_read(server: ApiServer) -> None:
    server.answering = polling("new", "new", "done")
    assert len(read(server, POLLED)) == 1
    assert server.paths == ["/exports", *["/exports/J%201"] * 3, "/exports/J%201/rows"]
    assert server.asked[0].json == {"mail": EMAIL}


def test_it_is_started_once_in_a_snapshot(server: ApiServer) -> None:
    server.answering = polling("done")
    with collector(server.url).snapshot() as snapshot:
        assert rows_of(snapshot, POLLED) == rows_of(snapshot, POLLED)
    assert server.paths.count("/exports") == 1


def test_the_result_may_be_at_an_address_of_its_own(server: ApiServer) -> None:
    server.answering = polling("done")
    poll = replace(POLL, result="at")
    assert len(read(server, api_rows(list="{result}", poll=poll, page=None))) == 1
    assert server.paths[-1] == "/files/rows.json"


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        (["new", "failed"], "could not prepare it"),
        (["new"], "longer than poll.at_most"),
        ([""], "could not prepare"),
    ],
)
def test_an_export_that_never_comes_is_an_error(server: ApiServer, states: list[str], reason: str) -> None:
    server.answering = polling(*states)
    with pytest.raises(SourceUnreadableError, match=f"waiting for its export: .*{reason}"):
        read(server, POLLED)


def test_a_start_that_fails_is_not_repeated(server: ApiServer) -> None:
    server.answering = lambda _: Reply(status=503)
    with pytest.raises(SourceUnreadableError, match="starting its export"):
        read(server, POLLED)
    assert len(server.asked) == 1


def test_a_link_is_valid_for_the_time_that_its_row_says(server: ApiServer) -> None:
    at = ApiRows(
        table="people", columns=("id", "email", "from", "to", "kind"), id="id", list="/people?q={key}"
    )
    link = Link(
        given="email",
        leads_to="id",
        source="api",
        at=at,
        given_column="email",
        leads_to_column="id",
        match=Match.CASEFOLD,
        valid=Validity(since="from", until="to"),
        where={"kind": "person"},
    )
    row = {"id": 7, "email": EMAIL, "from": "2026-01-01", "to": None, "kind": "person"}
    server.answering = lambda _: reply(
        [row, {**row, "id": 8, "kind": "firm"}, {**row, "id": 9, "email": OTHER}]
    )
    with collector(server.url).snapshot() as snapshot:
        assert list(snapshot.resolve(link, {EMAIL}, ())) == [
            LinkRow(EMAIL, 7, "2026-01-01", None, ("person",))
        ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "number"}, "id must be among columns"),
        ({"columns": ("id", "@x")}, "columns are names"),
        ({"columns": ("id", "to", "to.name")}, "not both"),
        ({"list": "/mails"}, r"needs \{key\}"),
        ({"list": "/mails/{key}/{job}"}, r"nothing fills \{job\}"),
        ({"list": "mails/{key}"}, "begins with /"),
        ({"list": "http://api.example.org/{key}"}, "begins with /"),
        ({"list": "/mails", "poll": POLL}, r"needs \{job\}"),
        ({"find": FIND}, r"needs \{found\}"),
        ({"most": 5}, "most is for lists without pages"),
        ({"fetch": "/mails"}, r"needs \{row\}"),
        ({"fetch": "/{row}", "id": ("id", "to")}, "an id of one column"),
    ],
)
def test_a_wrong_declaration_is_named(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        api_rows(**change)


@pytest.mark.parametrize(
    "page",
    [
        {"kind": PageKind.CURSOR},
        {"kind": PageKind.CURSOR, "next": "a", "last_row": "b"},
        {"kind": PageKind.PAGE},
        {"kind": PageKind.OFFSET},
        {"kind": PageKind.LINK, "next": "a"},
        {"kind": PageKind.CURSOR, "last_row": "id"},
    ],
)
def test_a_page_needs_what_its_kind_needs(page: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="page: "):
        Page(**page)  # type: ignore[arg-type] # its own fields


@pytest.mark.parametrize(
    "auth",
    [
        {"kind": AuthKind.BEARER, "secret": "s3cret"},
        {"kind": AuthKind.BASIC, "secret": "env:X"},
        {"kind": AuthKind.BEARER, "secret": "env:X", "user": "u"},
        {"kind": AuthKind.API_KEY, "secret": "env:X"},
        {"kind": AuthKind.CLIENT_CREDENTIALS, "secret": "env:X", "user": "u"},
    ],
)
def test_a_secret_is_never_in_the_register_and_its_kind_needs_what_it_needs(auth: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"secret|needs|has no"):
        Auth(**auth)  # type: ignore[arg-type] # its own fields


@pytest.mark.parametrize(
    "own",
    [
        {"private": ("10.0.0.1/8",)},
        {"hosts": ("https://x",)},
        {"hosts": ("X.example.org",)},
        {"largest_answer": 0},
        {"headers": {"authorization": "x"}},
        {"probe": "/people/{key}"},
    ],
)
def test_a_wrong_source_is_named(own: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"lists|1 or more|sign in|names nobody"):
        ApiSource(**own)  # type: ignore[arg-type] # its own fields


def test_an_export_that_was_started_before_is_not_started_again(server: ApiServer) -> None:
    server.answering = polling("new", "done")
    kept: list[Mapping[str, str]] = []
    slow = replace(POLL, at_most=0.01)
    with collector(server.url).snapshot() as first:
        first.resume({}, lambda jobs: kept.append(dict(jobs)))
        with pytest.raises(SourceUnreadableError, match=r"longer than poll\.at_most"):
            rows_of(first, replace(POLLED, poll=slow))
    assert list(kept[-1].values()) == ["J 1"]
    with collector(server.url).snapshot() as second:
        second.resume(kept[-1], lambda jobs: kept.append(dict(jobs)))
        assert len(rows_of(second, POLLED)) == 1
    assert server.paths.count("/exports") == 1


def test_an_export_that_failed_is_forgotten(server: ApiServer) -> None:
    server.answering = polling("failed")
    kept: list[Mapping[str, str]] = []
    with collector(server.url).snapshot() as snapshot:
        snapshot.resume({}, lambda jobs: kept.append(dict(jobs)))
        with pytest.raises(
            SourceUnreadableError, match="waiting for its export: the API could not prepare it"
        ):
            rows_of(snapshot, POLLED)
    assert kept[-1] == {}
