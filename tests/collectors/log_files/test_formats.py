"""What lines of each format say: as Apache and nginx escape them, as CSV quotes them, as JSON nests them."""

import gzip
from decimal import Decimal
from pathlib import Path
from time import monotonic

import pytest

from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.link import Link, Validity
from dsar_export.model.source import LinkRow, Selection
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.log_files.logs import collector, dataset, objects, read, visit

APACHE = LogLines(files="access.log", format=LogFormat.APACHE)
NGINX = LogLines(files="access.log", format=LogFormat.NGINX)
NGINX_COLUMNS = (
    "remote_addr remote_user time_local request status body_bytes_sent http_referer http_user_agent "
    "request.method request.path"
)


def found(
    folder: Path, at: LogLines, text: bytes, key: str, column: str, *fields: str
) -> list[tuple[object, ...]]:
    """The cells of some columns in the lines of a person."""
    (folder / at.files).write_bytes(text)
    held = dataset(at, column, fields={f"f{n}": FieldMapping(column=name) for n, name in enumerate(fields)})
    return [row[2:] for row in read(folder, Selection(held, ((key,),)))[0]]


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("\\x22", '"'),
        ("\\x5C", "\\"),
        ("\\xC3\\xBC", "ü"),
        ("\\xc3\\xbc", "ü"),
        ("\\xFC", "\udcfc"),
        ("\\x09", "\t"),
        ("\\x5Cx22", "\\x22"),
        ("\\\\x22", "\\x22"),
        ('\\"', '"'),
        ("\\t", "\t"),
        ("", None),
        ("-", None),
    ],
)
def test_what_a_server_escaped_is_read_in_one_pass(tmp_path: Path, escaped: str, text: object) -> None:
    line = f'203.0.113.9 - sam [01/Dec/2026:02:41:40 +0100] "GET / HTTP/1.1" 200 5 "-" "{escaped}"\n'.encode()
    assert found(tmp_path, NGINX, line, "sam", "remote_user", "http_user_agent", "http_referer") == [
        (text, None)
    ]
    assert found(tmp_path, APACHE, line, "sam", "remote_user", "user_agent", "referer") == [(text, None)]


def test_the_columns_of_the_combined_logs_are_named_and_a_time_is_iso_8601(tmp_path: Path) -> None:
    line = (
        b'203.0.113.9 - sam [01/Dec/2026:02:41:40 -0530] "GET /a%20b?x=1&y=%C3%BC HTTP/1.1" 200 - "-" "-"\n'
    )
    own = ("remote_host", "time", "status", "bytes_sent", "request.method", "request.path", "request.query.y")
    assert found(tmp_path, APACHE, line, "sam", "remote_user", *own) == [
        ("203.0.113.9", "2026-12-01T02:41:40-05:30", "200", None, "GET", "/a b", "ü")
    ]
    assert found(tmp_path, NGINX, line, "sam", "remote_user", "time_local", "remote_addr") == [
        ("2026-12-01T02:41:40-05:30", "203.0.113.9")
    ]


def test_a_user_with_spaces_does_not_move_the_other_cells(tmp_path: Path) -> None:
    line = b'203.0.113.9 - j\\xC3\\xBCr gen \\x22x\\x22 [01/Dec/2026:02:41:40 +0000] "\\x16\\x03" 400 5 "-" "-"\n'
    assert found(tmp_path, NGINX, line, 'jür gen "x"', "remote_user", "status") == [("400",)]


def test_a_parameter_that_comes_twice_is_nobodys(tmp_path: Path) -> None:
    line = b'203.0.113.9 - - [01/Dec/2026:02:41:40 +0000] "GET /?u=C-1&u=C-2 HTTP/1.1" 200 5 "-" "-"\n'
    assert found(tmp_path, NGINX, line, "C-1", "request.query.u", "status") == []
    assert (
        read(
            tmp_path,
            Selection(
                dataset(NGINX, "request.query.u", fields={"s": FieldMapping(column="status")}), (("C-1",),)
            ),
        )[1].unattributed
        == 1
    )


def test_a_quoted_cell_of_csv_may_span_lines_and_an_empty_one_is_no_value(tmp_path: Path) -> None:
    at = LogLines(files="a.csv", format=LogFormat.CSV, delimiter=";")
    text = b'who;what;@line\r\nC-1;"two\nlines; ""so""";x\r\nC-2;C-1;y\r\n"C-1";;z\r\nC-1;cut\r\n'
    assert found(tmp_path, at, text, "C-1", "who", "@line", "what") == [(2, 'two\nlines; "so"'), (5, None)]


def test_columns_of_json_are_paths_or_pointers_and_values_keep_their_type(tmp_path: Path) -> None:
    at = LogLines(files="a.log", format=LogFormat.NDJSON)
    text = b'{"user.id": "C-1", "a": {"b": 1.10, "c": [1, "\xc3\xbc"], "d/e": true}, "big": 12345678901234567890123}\n'
    own = ("a.b", "a.c", "/a/d~1e", "big", "user.id")
    optional = LogLines(files="a.log", format=LogFormat.NDJSON, optional=("user.id",))
    assert found(tmp_path, optional, text, "C-1", "/user.id", *own) == [
        (Decimal("1.10"), '[1, "ü"]', True, 12345678901234567890123, None)
    ]
    with pytest.raises(RegisterError, match=r"no line of 'a\.log' in source 'logs' has 'a\.z'"):
        collected(tmp_path, at, "a.z")


def collected(folder: Path, at: LogLines, column: str) -> None:
    with collector(folder).snapshot() as snapshot:
        snapshot.probe(
            Selection(dataset(at, "/user.id", fields={"x": FieldMapping(column=column)}), (("C-1",),))
        )


def test_a_column_that_only_few_lines_have_is_found_behind_the_sample(tmp_path: Path) -> None:
    at = LogLines(files="a.log", format=LogFormat.NDJSON)
    (tmp_path / "a.log").write_bytes(b'{"/user.id": 1, "user.id": 1}\n' * 500 + b'{"a": {"rare": 1}}\n')
    collected(tmp_path, at, "a.rare")


def test_a_register_check_sees_the_columns_of_each_pattern_and_the_logs_that_none_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "app.log.1").write_bytes(objects([{"user": {"id": 1}, "what": 2}]))
    (tmp_path / "other.log").write_bytes(b"")
    (tmp_path / "other.log.2.gz").write_bytes(b"")
    at = LogLines(files="app*", format=LogFormat.NDJSON, optional=("rare",))
    described = collector(tmp_path).describe_parts([at, NGINX])
    assert {table.name: table.columns for table in described.tables} == {
        "app*": ("@file", "@line", "user.id", "what", "rare"),
        "access.log": ("@file", "@line", *NGINX_COLUMNS.split()),
        "other.log*": ("@file", "@line"),
    }  # fmt: skip


def test_a_link_of_a_log_gives_its_period_and_keeps_to_its_company(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"device": "d1", "customer": "C-1", "from": "2026-01-01", "firm": 5},
        {"device": "d1", "customer": "C-1", "from": "2026-01-01", "firm": 5},
        {"device": "d1", "customer": "C-2", "from": "2026-02-01", "firm": 6},
        {"device": "d1", "customer": "C-3", "from": "2026-03-01"},
    ]
    (tmp_path / "a.log").write_bytes(objects(rows))
    link = Link(
        given="device",
        leads_to="customer_id",
        source="logs",
        at=LogLines(files="a.log", format=LogFormat.NDJSON),
        given_column="device",
        leads_to_column="customer",
        valid=Validity(since="from"),
        tenant_column="firm",
    )
    with collector(tmp_path).snapshot() as snapshot:
        assert list(snapshot.resolve(link, {"d1"}, (5,))) == [LinkRow("d1", "C-1", "2026-01-01")]


@pytest.mark.parametrize("broken", ["a line", "a file"])
def test_a_link_that_was_not_read_to_its_end_is_unreadable_and_not_short(tmp_path: Path, broken: str) -> None:
    (tmp_path / "a.log").write_bytes(objects([{"device": "d1", "customer": "C-1"}]))
    if broken == "a line":
        (tmp_path / "a.log.1").write_bytes(b'{"device": "d1", "customer": \n')
    else:
        (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(b"x" * 9999)[:-9])
    link = Link(
        given="device",
        leads_to="customer_id",
        source="logs",
        at=LogLines(files="a.log*", format=LogFormat.NDJSON),
        given_column="device",
        leads_to_column="customer",
    )
    with (
        collector(tmp_path).snapshot() as snapshot,
        pytest.raises(SourceUnreadableError, match=r"from 'device' to 'customer_id'"),
    ):
        list(snapshot.resolve(link, {"d1"}, ()))


def test_a_row_that_several_keys_find_comes_for_each_and_an_unknown_company_too(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"to": "C-1", "by": "C-1", "firm": 5},
        {"to": "C-2", "by": "C-1", "firm": 6},
        {"to": "C-1", "by": "C-2"},
    ]
    (tmp_path / "app.log").write_bytes(objects(lines))
    keys = tuple(SubjectKey(column=c, identifier="customer_id", tenant_column="firm") for c in ("to", "by"))
    held = dataset(subject_keys=keys, fields={"line": FieldMapping(column="@line")})
    selection = Selection(held, (("C-1",), ("C-1",)), (5,), (6,))
    with collector(tmp_path).snapshot() as snapshot:
        chunks = list(snapshot.chunks(selection))
    assert [(c.subject_key, [row[-1] for row in c.rows]) for c in chunks] == [(0, [1, 3]), (1, [1])]


def test_a_telephone_number_is_found_however_it_is_written(tmp_path: Path) -> None:
    numbers = ("+44 20 7946 0018", "020 7946-0018", "(020) 79460019", "+1 202 555 0100")
    (tmp_path / "app.log").write_bytes(objects({**visit(n, i), "land": "GB"} for i, n in enumerate(numbers)))
    key = SubjectKey(
        column="user.id", identifier="phone", match=Match.E164, region="GB", region_column="land"
    )
    rows, searched = read(tmp_path, Selection(dataset(subject_keys=(key,)), (("+442079460018",),)))
    assert [row[-1] for row in rows] == [0, 1]
    assert searched.unattributed == 0


def test_a_line_of_spaces_takes_no_time(tmp_path: Path) -> None:
    line = b"sam" + b" - " * 20_000 + b" [\n"
    began = monotonic()
    assert found(tmp_path, NGINX, line, "sam", "remote_user", "status") == []
    assert monotonic() - began < 5
