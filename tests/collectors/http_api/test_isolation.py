"""Nobody else's row gets in, no row gets lost, and nothing of an answer reaches a log or a disk."""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.http_api.parts import ApiRows, Page, PageKind
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.source import Selection
from tests.collectors.http_api.apis import EMAIL, Object, api_rows, collector, dataset, mail, read
from tests.collectors.http_api.server import Answering, ApiServer, Asked, Reply, reply, serving

PAGES: Mapping[PageKind, Page] = {
    PageKind.CURSOR: Page(kind=PageKind.CURSOR, parameter="at", next="next"),
    PageKind.PAGE: Page(kind=PageKind.PAGE, parameter="at", first=0, total="total"),
    PageKind.OFFSET: Page(kind=PageKind.OFFSET, parameter="at", more="more"),
    PageKind.LINK: Page(kind=PageKind.LINK),
}
LOOK_ALIKES = [
    EMAIL,
    "Sam@Example.org",
    "sam@example.org.example.net",
    "x" + EMAIL,
    " " + EMAIL,
    "",
    None,
    True,
    0,
]
ROWS, PAGE_ROWS = 5_000, 100
SECONDS, GROWTH = 2.6, 70 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    with serving() as api:
        yield api


def listing(rows: list[Object], kind: PageKind, size: int) -> Answering:
    def answer(asked: Asked) -> Reply:
        at = int(asked.query.get("at", "0"))
        start = at * size if kind is PageKind.PAGE else at
        end = start + size
        more = end < len(rows)
        content = {"data": rows[start:end], "next": end if more else None, "total": len(rows), "more": more}
        if kind is PageKind.LINK and more:
            return reply(content, Link=f'<?at={end}>; rel="next"')
        return reply(content)

    return answer


@settings(max_examples=40, deadline=None)
@given(
    keys=st.lists(st.sampled_from(LOOK_ALIKES), max_size=12),
    size=st.integers(1, 4),
    kind=st.sampled_from(PageKind),
)
def test_each_row_is_the_persons_or_counted_as_anothers(
    server: ApiServer, keys: list[object], size: int, kind: PageKind
) -> None:
    rows: list[Object] = [{"id": n, "to": key, "subject": f"{n}"} for n, key in enumerate(keys)]
    server.answering = listing(rows, kind, size)
    at = api_rows(page=PAGES[kind])
    selection = Selection(dataset(at), ((EMAIL,),))
    with collector(server.url).snapshot() as snapshot:
        got = [row[2] for chunk in snapshot.chunks(selection) for row in chunk.rows]
        others = snapshot.searched(selection).others
    theirs = [n for n, key in enumerate(keys) if isinstance(key, str) and key.strip().lower() == EMAIL]
    assert got == theirs
    assert len(got) + others == len(rows)


def test_nothing_of_an_answer_is_logged_or_written(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.INFO)
    marker = "MARKER-7f3a"
    replies = [
        reply({"data": [mail(1, subject=marker)]}),
        Reply(f'{{"data": [{{"id": "{marker}"'.encode()),
        Reply(marker.encode(), 500),
        reply({"data": [{"id": {"x": marker}, "to": EMAIL}]}),
        Reply(marker.encode(), 302, {"Location": f"https://{marker}.example.org/{EMAIL}"}),
        reply({"data": []}, Link=f"<https://{marker}.example.org/{EMAIL}>; rel=next"),
    ]
    for number, each in enumerate(replies):
        server.answering = lambda _, each=each: each  # type: ignore[misc] # bound now
        if number == 0:
            assert len(read(server, api_rows(page=None))) == 1
            continue
        with pytest.raises(SourceUnreadableError) as caught:
            read(server, api_rows(page=None))
        assert marker not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
    assert marker not in caplog.text
    assert EMAIL not in caplog.text
    assert list(tmp_path.iterdir()) == []


def peak() -> int:
    """The peak of this process's own memory; ru_maxrss would begin with that of the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def measured(url: str) -> tuple[int, float, int]:
    """Rows, seconds and bytes of growth of a reading; run in a process of its own."""
    at: ApiRows = api_rows(page=PAGES[PageKind.OFFSET])
    selection = Selection(dataset(at), ((EMAIL,),))
    before = peak()
    started, rows = time.perf_counter(), 0
    with collector(url, timeout=60).snapshot() as snapshot:
        for chunk in snapshot.chunks(selection):
            rows += len(chunk.rows)
    seconds = time.perf_counter() - started
    return rows, seconds, peak() - before


def test_five_thousand_rows_are_read_page_by_page_in_little_memory(server: ApiServer) -> None:
    rows: list[Object] = [mail(n, subject="PRIVATE " + "x" * 2_000) for n in range(ROWS)]
    server.answering = listing(rows, PageKind.OFFSET, PAGE_ROWS)
    code = f"import json; from {__name__} import measured; print(json.dumps(measured({server.url!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    read_rows, seconds, growth = json.loads(done.stdout)
    assert read_rows == ROWS
    assert growth < GROWTH
    assert seconds < 4 * SECONDS  # the goal itself is measured in benchmarks
