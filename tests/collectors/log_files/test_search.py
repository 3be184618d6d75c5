"""The search of bytes finds every line that the parser would find, and the lines around it are never a person's."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.log_files.needles import Needles
from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.folding import search_value
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.source import Selection
from tests.collectors.log_files.logs import by, dataset, read

EVERY = Needles.lines
UUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
KEYS = (
    "sam@example.org",
    "C-1",
    "a/b",
    'a"b',
    "a\\b",
    "Jürgen",
    "jürgen@exämple.org",
    UUID,
    "42",
    "1.5",
    "sk",
    "a b",
    "true",
)
# Letters that fold to the ASCII letters s and k, composed and decomposed ones, and signs that formats escape.
LETTERS = st.sampled_from([*'sSkKaAbB1245.@-"\\/%+ \t', "ſ", "K", "ü", "Ü", "u\u0308", "é", "\x7f", "xn--"])


def spelled(key: str) -> st.SearchStrategy[str]:
    """A key as somebody may have typed it, and texts that are nearly the same."""
    forms = [
        key,
        key.upper(),
        key.title(),
        f" {key}",
        f"{key} ",
        key.replace("s", "ſ"),
        key.replace("k", "K"),
    ]
    forms += [key.replace("ü", "u\u0308"), key.replace("-", ""), f"{{{key}}}", f"{key}0", key[1:]]
    return st.sampled_from(forms) | st.lists(LETTERS, max_size=6).map("".join)


def json_text(text: str, escaped: Sequence[bool]) -> str:
    """A JSON text in which some letters are escaped, needed or not."""
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    if "\\" in plain or len(plain) != len(text):
        return f'"{plain}"'
    spelled = (
        f"\\u{ord(c):04X}" if e else "\\/" if c == "/" else c for c, e in zip(text, escaped, strict=False)
    )
    return f'"{"".join(spelled)}{text[len(escaped) :]}"'


def log_text(text: str, escaped: Sequence[bool]) -> str:
    """A text as Apache or nginx may write it."""
    written = ""
    for n, letter in enumerate(text):
        if not letter.isprintable() or letter in '"\\' or not letter.isascii() or escaped[n % len(escaped)]:
            written += "".join(f"\\x{byte:02{'X' if escaped[0] else 'x'}}" for byte in letter.encode())
        else:
            written += letter
    return written


def percent_text(text: str, escaped: Sequence[bool]) -> str:
    """A text as a browser may put it into an address."""
    needed = {*' "\\%+&#?=\t\x7f'}
    return "".join(
        "+" if letter == " " and escaped[0]
        else "".join(f"%{b:02{'X' if escaped[0] else 'x'}}" for b in letter.encode())
        if letter in needed or not letter.isascii() or escaped[n % len(escaped)]
        else letter
        for n, letter in enumerate(text)
    )  # fmt: skip


@contextmanager
def without_search() -> Iterator[None]:
    """Every line is parsed, whatever bytes it has."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(Needles, "lines", lambda _, text: EVERY(Needles(every_line=True), text))
        yield


@st.composite
def logs(draw: st.DrawFn) -> tuple[LogLines, str, bytes, str]:
    """A log about somebody: its form, the column with the key, its text, and the key."""
    key = draw(st.sampled_from(KEYS))
    cells = draw(st.lists(spelled(key), min_size=1, max_size=8))
    escaped = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    form = draw(st.sampled_from(["ndjson", "number", "json_array", "csv", "apache", "percent"]))
    if form in {"ndjson", "json_array"}:
        lines = [f'{{"who": {json_text(c, escaped)}, "what": {n}}}' for n, c in enumerate(cells)]
        text = "\n".join(lines) if form == "ndjson" else "[" + ",\n".join(lines) + "]"
        return (
            LogLines(files="a.log", format=LogFormat(form), optional=("who", "what")),
            "who",
            text.encode(),
            key,
        )
    if form == "number":
        numbers = draw(
            st.lists(st.sampled_from(["42", "42.0", "4.2e1", "420e-1", "1.5", "1.50", "15", "true", "-0"]))
        )
        text = "".join(f'{{"who": {n}, "what": 1}}\n' for n in numbers)
        return (
            LogLines(files="a.log", format=LogFormat.NDJSON, optional=("who", "what")),
            "who",
            text.encode(),
            key,
        )
    if form == "csv":
        quoted = [c.replace('"', '""') for c in cells]
        text = "who,what\n" + "".join(f'"{c}",{n}\n' for n, c in enumerate(quoted))
        return LogLines(files="a.log", format=LogFormat.CSV), "who", text.encode(), key
    if form == "apache":
        text = "".join(f'{n} "{log_text(c, escaped)}"\n' for n, c in enumerate(cells))
        return (
            LogLines(files="a.log", format=LogFormat.APACHE, log_format='%{what}n "%{who}n"'),
            "note_who",
            text.encode(),
            key,
        )
    text = "".join(f'{n} "GET /a?who={percent_text(c, escaped)} HTTP/1.1"\n' for n, c in enumerate(cells))
    at = LogLines(files="a.log", format=LogFormat.NGINX, log_format='$what "$request"')
    return at, "request.query.who", text.encode(), key


@given(logs(), st.sampled_from([Match.EXACT, Match.CASEFOLD]))
def test_a_search_gives_the_same_rows_as_reading_every_line(
    log: tuple[LogLines, str, bytes, str], match: Match
) -> None:
    at, column, text, key = log
    what = "note_what" if at.format is LogFormat.APACHE else "what"
    held = dataset(
        at, subject_keys=by(column, match), fields={"what": replace(dataset().fields["what"], column=what)}
    )
    value = search_value(key, Comparison(match), {})
    selection = Selection(held, ((value, key) if match is Match.EXACT else (value,),))
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.log").write_bytes(text)
        searched = read(Path(folder), selection)
        with without_search():
            assert read(Path(folder), selection) == searched


OTHER_SPELLINGS = [
    (Match.CASEFOLD, "sam@example.org", LogFormat.NDJSON, '{"who": "\u017fam@example.org", "what": 1}', True),
    (Match.CASEFOLD, "sk", LogFormat.NDJSON, '{"who": "s\u212a", "what": 1}', True),
    (Match.CASEFOLD, "sk", LogFormat.NDJSON, '{"who": "s\\u212A", "what": 1}', True),
    (Match.CASEFOLD, "sk", LogFormat.CSV, "who,what\ns\u212a,1", True),
    (Match.EXACT, "a/b", LogFormat.NDJSON, '{"who": "a\\/b", "what": 1}', True),
    (Match.EXACT, 'a"b', LogFormat.CSV, 'who,what\n"a""b",1', True),
    (Match.EXACT, "a b", LogFormat.NGINX, '1 "GET /?who=a+b HTTP/1.1"', True),
    (Match.EXACT, "C-1", LogFormat.NGINX, '1 "GET /?who=%43-1 HTTP/1.1"', True),
    (Match.EXACT, "42", LogFormat.NDJSON, '{"who": 42.0, "what": 1}', True),
    (Match.EXACT, "42", LogFormat.NDJSON, '{"who": 4.2e1, "what": 1}', False),
]


@pytest.mark.parametrize(("match", "key", "form", "line", "is_found"), OTHER_SPELLINGS)
def test_another_spelling_is_found_where_the_parser_would_find_it(
    tmp_path: Path, match: Match, key: str, form: LogFormat, line: str, is_found: object
) -> None:
    is_access = form is LogFormat.NGINX
    (tmp_path / "a.log").write_text(line, encoding="utf-8")
    at = LogLines(files="a.log", format=form, log_format='$what "$request"' if is_access else None)
    held = dataset(at, subject_keys=by("request.query.who" if is_access else "who", match))
    selection = Selection(held, ((key,),))
    assert len(read(tmp_path, selection)[0]) == int(bool(is_found))
    with without_search():
        assert len(read(tmp_path, selection)[0]) == int(bool(is_found))


def test_the_property_is_about_lines_that_are_found_and_lines_that_are_not() -> None:
    found = Needles(any_case=frozenset({b"sam"}))
    assert list(found.lines(b"a SaM b\nother\nsam")) == [(0, 7), (14, 17)]
    assert not list(found.lines(b"nobody\n"))


@pytest.mark.parametrize(
    ("needles", "line"),
    [
        (Needles(exact=frozenset({b"C-1"})), b"C\\u002d1"),
        (Needles(exact=frozenset({b"C-1"})), b"C\\x2D1"),
        (Needles(exact=frozenset({b"C-1"})), b"%43-1"),
        (Needles(any_case=frozenset({b"c-1"})), b"C-1"),
    ],
)
def test_a_broken_line_names_a_person_in_any_spelling(needles: Needles, line: bytes) -> None:
    assert needles.named_in(line)
    assert not needles.named_in(line.replace(b"1", b"2"))
