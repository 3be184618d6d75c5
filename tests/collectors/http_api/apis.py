"""Datasets, links and collectors of HTTP APIs, and rows in pages."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from collectors.http_api import HttpApi
from collectors.http_api.asking import Patience
from collectors.http_api.parts import ApiRows, Page, PageKind
from collectors.http_api.snapshot import ApiSnapshot
from collectors.http_api.source_part import ApiSource
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.register import Source
from dsar_export.model.source import Searched, Selection
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.http_api.server import LOOPBACK, ApiServer, Asked, Reply, reply

AT_ONCE = Patience(first=0.001, longest=0.05, together=1.0)
EMAIL = "sam@example.org"
OTHER = "robin@example.org"
Object = Mapping[str, object]
NUMBERED = Page(kind=PageKind.PAGE, parameter="page")


def api_rows(**changes: object) -> ApiRows:
    return ApiRows(
        **{  # type: ignore[arg-type] # its own fields
            "table": "mails",
            "columns": ("id", "to", "subject"),
            "id": "id",
            "list": "/mails?to={key}",
            "rows": "data",
            "page": NUMBERED,
            **changes,
        }
    )


def dataset(at: ApiRows | None = None, key: str = "to", **changes: object) -> Dataset:
    return Dataset(
        **{  # type: ignore[arg-type] # its own fields
            "name": "mails",
            "schema": "mails",
            "source": "api",
            "at": at or api_rows(),
            "subject_keys": (SubjectKey(column=key, identifier="email", match=Match.CASEFOLD),),
            "fields": {"number": FieldMapping(column="id"), "subject": FieldMapping(column="subject")},
            "purposes": {"service": "A6-1-b"},
            "storage_period": "service",
            **changes,
        }
    )


def api_source(**own: object) -> ApiSource:
    return ApiSource(**{"private": (f"{LOOPBACK}/32",), **own})  # type: ignore[arg-type] # its own fields


def collector(
    url: str, own: ApiSource | None = None, timeout: int = 5, patience: Patience = AT_ONCE
) -> HttpApi:
    source = Source(kind="http_api", url=url, controllers=("acme",), timeout=timeout, at=own or api_source())
    return HttpApi("api", source, Path(), patience)


def rows_of(snapshot: ApiSnapshot, at: ApiRows | None = None, key: str = "to") -> list[tuple[object, ...]]:
    selection = Selection(dataset(at, key), ((EMAIL,),))
    return [row for chunk in snapshot.chunks(selection) for row in chunk.rows]


def read(
    server: ApiServer, at: ApiRows | None = None, own: ApiSource | None = None, timeout: int = 5
) -> list[tuple[object, ...]]:
    """The rows of the person, without the cells of the key."""
    with collector(server.url, own, timeout).snapshot() as snapshot:
        return [row[2:] for row in rows_of(snapshot, at)]


def counted(server: ApiServer, at: ApiRows | None = None) -> Searched:
    """What a reading left aside."""
    with collector(server.url).snapshot() as snapshot:
        rows_of(snapshot, at)
        return snapshot.searched(Selection(dataset(at), ((EMAIL,),)))


def mail(number: int, to: object = EMAIL, **more: object) -> Object:
    return {"id": number, "to": to, "subject": f"PRIVATE {number}", **more}


def paged(
    rows: Sequence[Object], size: int = 2, more: Callable[[int], Object] = lambda _: {}
) -> Callable[[Asked], Reply]:
    """Numbered pages of rows; `more` are further members of the answer of a page."""

    def answer(asked: Asked) -> Reply:
        number = int(asked.query.get("page", "1"))
        return reply({"data": rows[(number - 1) * size : number * size], **more(number)})

    return answer
