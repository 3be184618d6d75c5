"""What the trail takes: references, codes, counts and hashes, and nothing about a person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from dsar_export.errors import WrongUseError

Details = Mapping[str, str | int]

_LARGEST: Final = 2**53 - 1  # any reader of JSON reads whole numbers up to here as they are
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_CODES: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}(,[a-z][a-z0-9_-]{0,63}){0,9}")
_NAME: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9_.-]{0,63}"
)  # of a dataset, source or controller in the register
_ACTOR: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}")
_REFERENCE: Final = re.compile(r"[A-Z]{2,8}-[0-9]{8}-[A-Z0-9]{4,16}")
_HASH: Final = re.compile(r"[0-9a-f]{32,128}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+-]{0,31}")

_WHAT: Final[Mapping[str, re.Pattern[str]]] = {
    "actor": _ACTOR,
    "action": _CODE,
    "reference": _REFERENCE,
    "controller": _NAME,
    "reason_code": _CODE,
}
_OPTIONAL: Final = {"reference", "controller", "reason_code"}
_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    "state": _CODE, "right": _CODE, "channel": _CODE, "role": _CODE, "step": _CODE, "decision": _CODE,
    "rights": _CODES, "scopes": _CODES,
    "evidence_kind": _CODE, "identifier_kind": _CODE, "mail_kind": _CODE, "mail_state": _CODE,
    "dataset": _NAME, "source": _NAME,
    "person": _ACTOR, "assignee": _ACTOR, "key_id": _ACTOR, "draft_key_id": _ACTOR,
    "group_reference": _REFERENCE, "other_reference": _REFERENCE,
    "ledger": _HASH, "decisions": _HASH, "package": _HASH, "record": _HASH, "contact": _HASH, "register": _HASH,
    "software": _VERSION, "from_software": _VERSION,
    "ground": _CODE, "outcome": _CODE, "letter_kind": _CODE, "language": _LANGUAGE, "webhook": _ACTOR,
}  # fmt: skip
_COUNTS: Final = frozenset({
    "version", "attempt", "epoch", "format", "records", "carried", "rows_beside", "kept_back", "gaps", "requests",
    "pages", "page", "entries", "values", "up_to_number", "since", "until", "identifiers", "people", "datasets",
    "contacts", "complaint", "messages",
})  # fmt: skip


def is_code(text: str) -> bool:
    """Whether the trail takes a text as a code."""
    return _written(text, _CODE)


@dataclass(frozen=True)
class Happening:
    """What was done, by whom and when; `at` is in microseconds since 1970 in UTC.

    `reference`, `controller` and `reason_code` may be missing. `details` has the keys that this module lists.
    """

    at: int
    actor: str
    action: str
    reference: str | None = None
    controller: str | None = None
    reason_code: str | None = None
    details: Details = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _counted(self.at) or self.at == 0:
            raise WrongUseError("the trail takes `at` as microseconds since 1970; correct the caller")
        for name, pattern in _WHAT.items():
            given = getattr(self, name)
            if not (given is None and name in _OPTIONAL) and not _written(given, pattern):
                raise WrongUseError(f"the trail does not take this {name}: it has the form {pattern.pattern}")
        for name, given in self.details.items():
            _check_detail(name, given)
        # Nobody may change afterwards what was checked.
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))


def _check_detail(name: str, given: object) -> None:
    if name in _COUNTS:
        if not _counted(given):
            raise WrongUseError(f"the trail takes the detail `{name}` as a whole number from 0 on")
    elif name in _WORDS:
        if not _written(given, _WORDS[name]):
            raise WrongUseError(f"the trail takes the detail `{name}` in the form {_WORDS[name].pattern}")
    else:  # the name itself may be data
        raise WrongUseError(f"the trail takes these details only: {', '.join(sorted({*_COUNTS, *_WORDS}))}")


def _counted(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _LARGEST


def _written(given: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(given, str) and pattern.fullmatch(given) is not None
