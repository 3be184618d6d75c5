"""The codes of requests, and what the trail has, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Final, TypeVar

from dsar_export.language.catalogue import Texts
from dsar_export.language.zones import moment_text
from dsar_export.model.message import Message
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry
from dsar_export.use_cases.evidence_timeline import is_moment
from dsar_export.web.console.words import post, terms
from dsar_export.web.console.words.states import STATES
from dsar_export.web.console.words.trail import ACTIONS, DETAILS

Code = TypeVar("Code", bound=str)


def _by_code(named: Mapping[Code, str]) -> dict[str, str]:
    return {str(code): text for code, text in named.items()}


TERMS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "states": {**_by_code(STATES), **_by_code(post.CHECKED)},
        "channels": _by_code(terms.CHANNELS),
        "roles": _by_code(terms.ROLES),
        "rights": {**_by_code(terms.RIGHTS), **_by_code(terms.FURTHER_RIGHTS)},
        "waits": _by_code(terms.WAITS),
        "refusals": _by_code(terms.REFUSALS),
        "grounds": {**_by_code(terms.WAITS), **_by_code(terms.REFUSALS)},
        "decisions": _by_code(terms.DECISIONS),
        "whys": _by_code(terms.WHYS),
        "answers": _by_code(terms.ANSWERS),
        "left_out": _by_code(terms.LEFT_OUT),
        "complaint_outcomes": _by_code(terms.COMPLAINT_OUTCOMES),
        "mail_kinds": _by_code(post.MAIL_KINDS),
        "mail_states": _by_code(post.MAIL_STATES),
        "letter_kinds": _by_code(post.LETTER_KINDS),
        "steps": _by_code(post.STEPS),
        "faults": _by_code(post.FAULTS),
        "proofs": _by_code(post.PROOFS),
        "reason_codes": _by_code(post.REASON_CODES),
        "actions": ACTIONS,
        "details": DETAILS,
    }
)
"""Each kind of code by its name in the templates."""
VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "state": "states", "channel": "channels", "role": "roles", "right": "rights", "rights": "rights",
        "ground": "grounds", "outcome": "complaint_outcomes", "mail_kind": "mail_kinds", "mail_state": "mail_states",
        "letter_kind": "letter_kinds", "step": "steps", "evidence_kind": "proofs", "reason_code": "reason_codes",
    }
)  # fmt: skip
"""The kind of code that a detail of the trail has; those of other details are names, counts and hashes."""
_HASH: Final = 32
_SHOWN_OF_A_HASH: Final = 16


@dataclass(frozen=True)
class Wording:
    """What codes are called in one language; a code that is not ours stays as it is."""

    words: Texts

    def term(self, kind: str, code: str) -> str:
        """A code of a kind."""
        found = TERMS[kind].get(code)
        return code.replace("_", " ") if found is None else self.words.phrase(found)

    def terms(self, kind: str, codes: str) -> str:
        """Several codes between commas."""
        return ", ".join(self.term(kind, code.strip()) for code in codes.split(","))

    def reason(self, reason: Message) -> str:
        """Why there is a gap, under the law as the texts have it."""
        return self.words.phrase(reason.text, **dict(reason.named))

    def details(self, entry: Entry, zone: tzinfo, shown: frozenset[str] | None = None) -> Iterator[str]:
        """The details of an entry that may be shown; all, if nothing is said of it."""
        found = entry.values["details"] if isinstance(entry.values["details"], dict) else {}
        action, reason = str(entry.values["action"]), entry.values["reason_code"]
        if reason is not None:
            yield self.term("reason_codes", str(reason))
        for name, value in found.items():
            if is_moment(action, name):
                text = moment_text(moment(int(str(value))), zone)
            elif shown is None or name in shown:
                text = self._value(name, str(value))
            else:
                continue
            yield f"{self.term('details', name)} {text}"

    def _value(self, name: str, value: str) -> str:
        if name in VALUES:
            return self.terms(VALUES[name], value)
        return value if len(value) < _HASH else value[:_SHOWN_OF_A_HASH]
