"""Addresses of the register with their slots filled -> questions, so that no identifier can change what is asked."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from collectors.http_api.answers import BrokenAnswerError, as_json
from collectors.http_api.asking import Question
from collectors.http_api.hosts import Hosts
from collectors.http_api.parts import Address

_SLOT: Final = re.compile(r"\{([a-z]+)\}")
_WHOLE: Final = "result"
"""The slot that is a whole address, which the API itself has named."""

Values = Mapping[str, str]
Parameters = Mapping[str, str | int]


def question(hosts: Hosts, address: Address, values: Values, more: Parameters) -> Question:
    """The question; `more` are parameters of the page, in the query or in the JSON. RefusedAddressError."""
    text = address if isinstance(address, str) else address.post
    url = (
        hosts.following(hosts.base, values[_WHOLE]) if _WHOLE in values and text == f"{{{_WHOLE}}}" else None
    )
    if url is None:
        url = hosts.absolute(_SLOT.sub(lambda slot: _encoded(values[slot[1]]), text))
    if not isinstance(address, str):
        body = {name: _filled(each, values) for name, each in address.body.items()} | dict(more)
        return Question(url, as_json(body).encode("utf-8", "surrogatepass"), address.safe)
    if more:
        kept = [(n, v) for n, v in parse_qsl(url.query, keep_blank_values=True) if n not in more]
        url = url._replace(query=urlencode([*kept, *more.items()], quote_via=quote))
    return Question(url)


def _filled(value: object, values: Values) -> object:
    if isinstance(value, str):
        return _SLOT.sub(lambda slot: values[slot[1]], value)
    if isinstance(value, Mapping):
        return {name: _filled(each, values) for name, each in value.items()}
    return [_filled(each, values) for each in value] if isinstance(value, list) else value


def _encoded(value: str) -> str:
    """A value as a part of a path or query; it can't be a step such as `..`, also for servers that decode first."""
    if value in {"", ".", ".."}:
        raise BrokenAnswerError("an identifier is a step of a path; it can't be asked for")
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise BrokenAnswerError("an identifier is not Unicode text; it can't be asked for") from None
