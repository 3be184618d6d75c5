"""Compares evidence that was written earlier, or a manifest out of a package, with what the database says now."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.request import Right
from dsar_export.requests.packages import all_packages_of
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.evidence import DECIDED_BY, TRAIL_PASSED, request_for_evidence
from dsar_export.use_cases.evidence_json import FORMAT

_ONLY_READ: Final = frozenset(
    {
        *("evidence", "show_whole", "identify", "letter", "fetch", "note", "assign", "hold", "end_hold"),
        *("ask", "put_off", "reveal"),
        *("queue_mail", "end_mail", "send_code", "no_contact", "too_many_codes", "code_failed", "wrong_code"),
        *(
            "send_link",
            "hand_out_link",
            "remind",
            "revoke",
            "start_download",
            "package_damaged",
            "link_failed",
            "no_contact_for_link",
        ),
        *("send_passphrase_code", "no_other_contact", "passphrase_code_failed", "wrong_passphrase_code"),
        *("complain", "acknowledge_complaint", "answer_complaint"),
    }
)
"""Actions after which a request has the same state, proof, decisions and outcomes."""
_FIXED: Final = ("reference", "controller", "rights", "channel", "received_at", "opened_at")
_ADDED_BY: Final[Mapping[str, frozenset[str]]] = {
    "decisions": frozenset(DECIDED_BY),
    "packages": frozenset({"publish"}),
}
"""The actions that each add an entry to a part of the document."""
_FACTS: Final = ("answered", "extended", "pauses")
_OF_THE_DRAFT: Final = ("outcomes", "versions")


class PartVerdict(StrEnum):
    """What became of a part of a document."""

    SAME = "same"
    GONE_ON = "gone_on"
    """All of it is still there, and more has happened."""
    CHANGED = "changed"
    """It is another one now, after later entries of the trail."""
    GONE = "gone"
    """It can't be compared any more."""
    DIFFERS = "differs"
    """Nothing that happened since explains that it is another one."""


@dataclass(frozen=True)
class Compared:
    """A part of the document with what became of it."""

    part: str
    verdict: PartVerdict


def compared(document: Mapping[str, object], now: Mapping[str, object]) -> tuple[Compared, ...]:
    """Each part of a document beside the same of today; WrongUseError if it is evidence of another request."""
    if document.get("format") != FORMAT or not isinstance(document.get("request"), dict):
        raise WrongUseError("the file is no evidence that this program wrote with --json; name such a file")
    if _request(document).get("reference") != _request(now)["reference"]:
        raise WrongUseError("the file is evidence of another request; name that request")
    return tuple(_parts(document, now))


def _parts(document: Mapping[str, object], now: Mapping[str, object]) -> Iterator[Compared]:
    before, after = _request(document), _request(now)
    fixed = all(before.get(name) == after[name] for name in _FIXED)
    yield Compared("request", PartVerdict.SAME if fixed else PartVerdict.DIFFERS)
    yield Compared("written_at", PartVerdict.SAME if _was_written(document, now) else PartVerdict.DIFFERS)
    yield Compared("software", _as_noted("software", document, now))
    yield Compared("trail", _as_noted("trail", document, now))
    events = _lasting("timeline", document)
    yield Compared("timeline", _grown("timeline", document, now, len(events)))
    for part, actions in _ADDED_BY.items():
        added = sum(isinstance(event, dict) and event.get("action") in actions for event in events)
        yield Compared(part, _grown(part, document, now, added))
    later = _later(document, now)
    states = [{name: each.get(name) for name in ("state", "ended_at")} for each in (before, after)]
    yield Compared("state", _changed(states[0], states[1], later=later))
    yield Compared("verification", _changed(document.get("verification"), now["verification"], later=later))
    for part in _OF_THE_DRAFT:
        lost = bool(document.get(part)) and not now[part]  # erased, or damaged
        verdict = _changed(document.get(part), now[part], later=later)
        yield Compared(part, PartVerdict.GONE if lost else verdict)
    yield Compared("time_limit", _time_limit(document, now, later=later))
    yield Compared("not_shown", _not_shown(document, now, later=later))


def _grown(part: str, document: Mapping[str, object], now: Mapping[str, object], length: int) -> PartVerdict:
    """A part to which entries are only added; `length` is how many there were when the document was written."""
    before, after = _lasting(part, document), _lasting(part, now)
    if not isinstance(document.get(part), list) or before != after[:length]:
        return PartVerdict.DIFFERS
    return PartVerdict.SAME if before == after else PartVerdict.GONE_ON


def _changed(before: object, after: object, *, later: bool) -> PartVerdict:
    if before == after:
        return PartVerdict.SAME
    if not after and later:
        return PartVerdict.GONE
    return PartVerdict.CHANGED if later else PartVerdict.DIFFERS


def _lasting(part: str, document: Mapping[str, object]) -> list[object]:
    """The entries of a part, without whether a package's file is erased: its proof is not."""
    found = document.get(part)
    entries = found if isinstance(found, list) else []
    if part != "packages":
        return entries
    return [{k: v for k, v in e.items() if k != "erased"} if isinstance(e, dict) else e for e in entries]


def _as_noted(part: str, document: Mapping[str, object], now: Mapping[str, object]) -> PartVerdict:
    """Software and trail by the entry that the document was written, as today's are others."""
    details = _own_details(document, now)
    if details is None:
        return PartVerdict.GONE
    fault = None if details.get("state") == TRAIL_PASSED else details.get("state")
    noted: dict[str, object] = {
        "software": details.get("software"),
        "trail": {"passed": fault is None, "entries": details.get("entries"), "fault": fault},
    }
    return PartVerdict.SAME if document.get(part) == noted[part] else PartVerdict.DIFFERS


def _own_details(document: Mapping[str, object], now: Mapping[str, object]) -> Mapping[str, object] | None:
    """What the entry of the document says of it; None if there is none, or it is of an earlier version."""
    since = _lasting("timeline", now)[len(_lasting("timeline", document)) :]
    details = since[0].get("details") if since and isinstance(since[0], dict) else None
    return details if isinstance(details, dict) and "software" in details else None


def _not_shown(document: Mapping[str, object], now: Mapping[str, object], *, later: bool) -> PartVerdict:
    """What could not be shown; more of that is what was lost since."""
    before, after = _lasting("not_shown", document), _lasting("not_shown", now)
    if isinstance(document.get("not_shown"), list) and before != after and all(e in after for e in before):
        return PartVerdict.GONE
    return _changed(document.get("not_shown"), now["not_shown"], later=later)


def _was_written(document: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether the trail goes on, after what the document shows, with the entry that it was written then."""
    since = _lasting("timeline", now)[len(_lasting("timeline", document)) :]
    first = since[0] if since else None
    return isinstance(first, dict) and (first["action"], first["at"]) == (
        "evidence",
        document.get("written_at"),
    )


def _later(document: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether something happened since that may change a request."""
    since = _lasting("timeline", now)[len(_lasting("timeline", document)) :]
    return any(isinstance(entry, dict) and entry.get("action") not in _ONLY_READ for entry in since)


def _time_limit(document: Mapping[str, object], now: Mapping[str, object], *, later: bool) -> PartVerdict:
    """By what the rows have; the due day is reckoned by the register, which may have changed since."""
    before, after = document.get("time_limit"), now["time_limit"]
    if not isinstance(after, dict):  # the controller has left the register
        return PartVerdict.SAME if before is None else PartVerdict.GONE
    facts = [
        {name: each.get(name) for name in _FACTS} if isinstance(each, dict) else each
        for each in (before, after)
    ]
    return _changed(facts[0], facts[1], later=later)


def _request(document: Mapping[str, object]) -> Mapping[str, object]:
    found = document["request"]
    return found if isinstance(found, dict) else {}


def packages_with_manifest(desk: Desk, reference: str, manifest: bytes) -> tuple[Right, ...]:
    """The rights of those packages of a request that had this very manifest inside."""
    with desk.looking() as act:
        request_for_evidence(act, reference)
        packages = all_packages_of(act.connection, reference)
    sha256 = hashlib.sha256(manifest).hexdigest()
    return tuple(
        package.right
        for package in packages
        if package.manifest_hmac is not None
        and hmac.compare_digest(
            package.manifest_hmac, desk.vault.manifest_hmac(reference, package.right, sha256)
        )
    )
