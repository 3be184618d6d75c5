"""What comes with a request: a small form, a language; and answers that take the same least time."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from dsar_export.language.catalogue import ENGLISH, languages, primary_language

LARGEST_FORM: Final = 4096
"""Bytes; the longest form of a link has 40 letters."""
MOST_FIELDS: Final = 10
"""Of a small form; more of them are too much."""
FORM_WITHIN: Final = 10.0
"""Seconds in which a form must be there."""
LEAST: Final = 0.25
"""Seconds that an answer takes at least which must not differ by what was found."""
_MOST_LANGUAGES: Final = 20


class TooMuchError(Exception):
    """The body is longer than any form of ours, or has more fields."""


class LateError(Exception):
    """The body did not come in time."""


@dataclass(frozen=True)
class Form(Mapping[str, str]):
    """The fields of a form, each by its first value; `texts` has all values of one, as of boxes that were ticked."""

    values_of: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.values_of[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_of)

    def __len__(self) -> int:
        return len(self.values_of)

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a field, without blanks around them, that are not empty."""
        return tuple(text for each in self.values_of.get(name, ()) if (text := each.strip()))


async def form_of(request: Request, largest: int = LARGEST_FORM, most_fields: int = MOST_FIELDS) -> Form:
    """The fields of a form that are not empty; TooMuchError or LateError."""
    found: dict[str, list[str]] = {}
    for name, value in await fields_of(request, largest, most_fields):
        if value:
            found.setdefault(name, []).append(value)
    return Form(found)


async def fields_of(request: Request, largest: int, most_fields: int) -> tuple[tuple[str, str], ...]:
    """The fields of a form as they were sent, with those that are empty; TooMuchError or LateError."""
    body = await body_of(request, largest)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=most_fields)
    except ValueError:
        raise TooMuchError from None
    return tuple(pairs)


async def body_of(request: Request, largest: int) -> bytes:
    """A whole body of so many bytes at most; TooMuchError or LateError."""
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or int(announced[:12]) > largest:
        raise TooMuchError
    body = b""
    try:
        async with asyncio.timeout(FORM_WITHIN):
            async for piece in request.stream():
                body += piece
                if len(body) > largest:
                    raise TooMuchError
    except TimeoutError:
        raise LateError from None
    return body


def language_of(request: Request, otherwise: Sequence[str]) -> str:
    """The first language that the reader's browser asks for and that has a catalogue, or one of the controllers'."""
    wanted = request.headers.get("accept-language", "").split(",")[:_MOST_LANGUAGES]
    for item in sorted(wanted, key=_weight, reverse=True):  # the order stays among equals
        language = primary_language(item.partition(";")[0].strip())
        if _weight(item) > 0 and language in languages():
            return language
    return next((each for each in otherwise if primary_language(each) in languages()), ENGLISH)


def _weight(item: str) -> float:
    _, separator, value = item.partition(";q=")
    if not separator:
        return 1.0
    try:
        return min(1.0, max(0.0, float(value.strip())))
    except ValueError:
        return 0.0


async def not_before(begun: float, least: float) -> None:
    """Waits until so many seconds have gone by since a moment of the monotonic clock."""
    await asyncio.sleep(max(0.0, least - (time.monotonic() - begun)))


@asynccontextmanager
async def same_time() -> AsyncIterator[None]:
    """A block that takes the same least time, whatever it finds."""
    begun = time.monotonic()
    try:
        yield
    finally:
        await not_before(begun, LEAST)
