"""A line of an access log -> cells by its declared format, as Apache and nginx write and escape it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from collectors.log_files.faults import BrokenLineError
from collectors.log_files.parts import LogFormat

REQUEST: Final = "request"
DERIVED: Final = ("request.method", "request.path")
QUERY: Final = "request.query."
_APACHE: Final = re.compile(r"%[<>]?(?:!?[0-9,]+)?(?:\{([^}]*)\})?([a-zA-Z]|\^[a-z]{2})|%%")
_NGINX: Final = re.compile(r"\$\{?([a-z0-9_]+)\}?")
_NAMES: Final = {
    "h": "remote_host", "a": "remote_addr", "l": "remote_logname", "u": "remote_user", "t": "time",
    "r": REQUEST, "s": "status", "b": "bytes_sent", "B": "bytes_sent", "O": "bytes_out", "I": "bytes_in",
    "D": "microseconds", "T": "seconds", "v": "server_name", "V": "host", "p": "port", "m": "method",
    "U": "path", "q": "query", "H": "protocol", "f": "filename", "P": "process", "X": "connection",
}  # fmt: skip
_WITH_NAME: Final = {"i": "", "o": "sent_", "C": "cookie_", "e": "env_", "n": "note_"}
_TIMES: Final = frozenset({"time", "time_local"})
_MONTHS: Final = dict(
    zip(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), range(1, 13), strict=True)
)  # fmt: skip
_WHEN: Final = re.compile(r"(\d\d)/(\w{3})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)", re.ASCII)
_ESCAPE: Final = re.compile(rb'\\(?:x([0-9a-fA-F]{2})|(["\\bnrtv]))')
_LETTERS: Final = {b'"': b'"', b"\\": b"\\", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


class AccessLine:
    """The lines of one declared format."""

    def __init__(self, format: LogFormat, pattern: str, columns: Sequence[str] = ()) -> None:  # noqa: A002 - its name
        self._form, self.names = _compiled(format, pattern)
        self._columns = columns

    @property
    def columns(self) -> Sequence[str]:
        """All that a line of this format has."""
        return [*self.names, *(DERIVED if REQUEST in self.names else ())]

    def cells(self, line: bytes) -> tuple[object, ...]:
        """The cells of the columns; BrokenLineError if the line has another form."""
        found = self._form.fullmatch(line)
        if found is None:
            raise BrokenLineError
        held = {name: found[n] for n, name in enumerate(self.names, start=1)}
        return tuple(_cell(held, name) for name in self._columns)


def _compiled(format: LogFormat, pattern: str) -> tuple[re.Pattern[bytes], Sequence[str]]:  # noqa: A002 - its name
    """The form of a line and the names of its parts. What stands in quotes or brackets ends there, not at a space."""
    variable = _APACHE if format is LogFormat.APACHE else _NGINX
    form, names, at = "", list[str](), 0
    for found in variable.finditer(pattern):
        form += re.escape(pattern[at : found.start()].replace('\\"', '"'))
        at = found.end()
        if found[0] == "%%":
            form += "%"
            continue
        name = _apache_name(found) if format is LogFormat.APACHE else found[1]
        is_time = format is LogFormat.APACHE and name == "time"
        form += r"\[([^\]]*)\]" if is_time else _value(pattern, found.start(), at)
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    form += re.escape(pattern[at:].replace('\\"', '"'))
    return re.compile(form.encode(), re.DOTALL), names


def _value(pattern: str, start: int, end: int) -> str:
    before, after = pattern[:start], pattern[end:]
    if before.endswith('"') and after.startswith(('"', '\\"')):
        return r'((?:[^"\\]|\\.)*)'
    if before.endswith("[") and after.startswith("]"):
        return r"([^\]]*)"
    return r"(.*?)"  # a user's name may have spaces


def _apache_name(found: re.Match[str]) -> str:
    named, letter = found[1], found[2]
    if named and letter in _WITH_NAME:
        return _WITH_NAME[letter] + re.sub(r"[^a-z0-9]+", "_", named.lower())
    return _NAMES.get(letter, letter)


def _cell(held: Mapping[str, bytes], column: str) -> object:
    if column in held:
        text = _text(held[column])
        return _moment(text) if column in _TIMES else None if text in {"-", ""} else text
    return _of_request(unescaped(held.get(REQUEST, b"")), column)


def _of_request(request: bytes, column: str) -> object:
    """A part of the request line, percent-decoded; of a parameter that comes twice, nobody knows which one counts."""
    method, _, rest = request.partition(b" ")
    target = rest.rpartition(b" ")[0] or rest
    path, _, query = target.partition(b"?")
    if column == "request.method":
        return method.decode("utf-8", "surrogateescape") or None
    if column == "request.path":
        return unquote_to_bytes(path).decode("utf-8", "surrogateescape") or None
    if not column.startswith(QUERY):
        return None
    try:
        pairs = parse_qsl(query.decode("utf-8", "surrogateescape"), True, errors="surrogateescape")  # noqa: FBT003 - keeps empty values
    except ValueError:  # too many
        raise BrokenLineError from None
    values = [value for name, value in pairs if name == column.removeprefix(QUERY)]
    if len(values) > 1:
        raise BrokenLineError
    return values[0] if values and values[0] else None


def unescaped(text: bytes) -> bytes:
    """What a server escaped, in one pass from the left: `\\x5Cx22` is a backslash, then x22."""
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]) if m[1] else _LETTERS[m[2]], text)


def _text(written: bytes) -> str:
    return unescaped(written).decode("utf-8", "surrogateescape")


def _moment(text: str) -> str:
    """A server's time in ISO 8601; any other text as it is."""
    found = _WHEN.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        return text
    day, month, year, clock, hours, minutes = found.groups()
    return f"{year}-{_MONTHS[month]:02}-{day}T{clock}{hours}:{minutes}"
