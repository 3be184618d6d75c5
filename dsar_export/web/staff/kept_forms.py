"""A form that was sent to a closed door waits there, and is sent only when whoever came in sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from re import Pattern
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from dsar_export.web.asking import fields_of
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import LARGEST_FORM, MOST_FIELDS, Console, ForgedError, Page
from dsar_export.web.console.words.doors import NAMES_OF_DEEDS, NAMES_OF_FIELDS
from dsar_export.web.console.words.named import console_texts
from dsar_export.web.guard import is_from_here
from dsar_export.web.staff.signed import Signed

_CSRF: Final = "csrf"
_PATH: Final = "kept-path"
_FIELD: Final = "kept."
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_PATH: Final = 1024
_ROOM: Final = 8 * 1024
"""Bytes of a door's own fields, and of the longer names of those that wait."""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeptForm:
    """What was sent, and to which path."""

    path: str
    page: str
    """The page of the form."""
    fields: Fields = field(repr=False)

    @property
    def hidden(self) -> Fields:
        """The fields of a door that bring it along."""
        return ((_PATH, self.path), *((f"{_FIELD}{name}", value) for name, value in self.fields))


@dataclass(frozen=True)
class KeptForms:
    """Takes forms in at closed doors, and shows them behind; only those of paths that the console has."""

    console: Console
    paths: Sequence[tuple[Pattern[str], bool]]
    """Each with whether it is the page of its form, too."""

    @classmethod
    def of(cls, console: Console) -> "KeptForms":
        """Those of all forms of a console."""
        routes = console_routes(console)
        posts = [route for route in routes if route.method == "POST"]
        return cls(console, [(compile_path(route.path)[0], route.own_page) for route in posts])

    async def stopped(self, request: Request, signed: Signed | None) -> KeptForm | None:
        """A form that comes to a closed door; None for anything else, ForgedError for one of another session.

        Without a session, nothing but the browser's word says that one of these pages sent it.
        """
        if request.method != "POST" or not request.headers.get("content-type", "").startswith(_FORM):
            return None
        if signed is None and not is_from_here(request.headers):
            return None
        fields = await fields_of(request, LARGEST_FORM, MOST_FIELDS)
        if _CSRF not in dict(fields):
            return None
        _check(fields, signed)
        return self._known(request.scope["path"], fields)

    async def carried(
        self, request: Request, signed: Signed | None = None
    ) -> tuple[Mapping[str, str], KeptForm | None]:
        """The fields of a door's own form, and a form that waits there; ForgedError as above."""
        fields = await fields_of(request, LARGEST_FORM + _ROOM, MOST_FIELDS)
        _check(fields, signed)
        own = {name: value for name, value in reversed(fields) if not name.startswith(_FIELD)}
        path = own.pop(_PATH, "")
        if signed is None and not is_from_here(request.headers):
            return own, None
        kept = [(name.removeprefix(_FIELD), value) for name, value in fields if name.startswith(_FIELD)]
        return own, self._known(path, kept)

    def shown(self, request: Request, signed: Signed, kept: KeptForm) -> Response:
        """The page behind a door: what waits, with a button that sends it."""
        words = console_texts(self.console.words(request))
        name = kept.path.rpartition("/")[2]
        return self.console.render(
            "kept_form.html",
            Page(request, signed, "not_sent_yet"),
            deed=_text(words, NAMES_OF_DEEDS, name),
            entries=[(_text(words, NAMES_OF_FIELDS, name), value) for name, value in kept.fields if value],
            fields=kept.fields,
            action=quote(kept.path),
            leave_to=quote(kept.page),
        )

    def _known(self, path: str, fields: Sequence[tuple[str, str]]) -> KeptForm | None:
        if len(path) > _LONGEST_PATH:
            return None
        waiting = tuple((name, value) for name, value in fields if name != _CSRF)
        for pattern, own_page in self.paths:
            if pattern.fullmatch(path):
                return KeptForm(path, path if own_page else path.rpartition("/")[0], waiting)
        return None


def _check(fields: Fields, signed: Signed | None) -> None:
    given = dict(reversed(fields)).get(_CSRF, "")
    if signed is not None and not compare_digest(given.encode(), signed.csrf.encode()):
        raise ForgedError


def _text(words: Mapping[str, str], names: Mapping[str, str], name: str) -> str:
    """What something is called in the reader's language; its own name if it has no text."""
    plain = name.replace("-", "_")
    return words.get(names.get(name, plain), plain.replace("_", " "))
