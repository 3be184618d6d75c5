"""Evidence as the one JSON object of docs/evidence.schema.json."""

from datetime import date, datetime
from typing import Final

from dsar_export.language.catalogue import texts
from dsar_export.language.due_dates import due_sentence
from dsar_export.model.evidence import Actor, Counted, Evidence, Opening, TimeLimit

FORMAT: Final = "dsar-export evidence 1"
BRITISH_ENGLISH: Final = "en-GB"


def evidence_json(found: Evidence, language: str = BRITISH_ENGLISH) -> dict[str, object]:
    """The object, with the sentences of the due day in a language."""
    return {
        "format": FORMAT,
        "written_at": found.written_at.isoformat(),
        "software": found.software,
        "request": _request(found.request),
        "trail": vars(found.trail).copy(),
        "timeline": [
            {
                "number": event.number,
                "at": event.at.isoformat(),
                "by": _actor(event.by),
                "action": event.action,
                "details": dict(event.details),
            }
            for event in found.timeline
        ],
        "verification": None
        if found.verification is None
        else {
            "kinds": list(found.verification.kinds),
            "at": found.verification.at.isoformat(),
            "by": _actor(found.verification.by),
        },
        "time_limit": None if found.time_limit is None else _time_limit(found.time_limit, language),
        "decisions": [
            {"kind": d.kind.value, "at": d.at.isoformat(), "by": _actor(d.by)} for d in found.decisions
        ],
        "outcomes": [_counted(counted) for counted in found.outcomes],
        "versions": None
        if found.versions is None
        else {**vars(found.versions), "schemas": dict(found.versions.schemas)},
        "packages": [
            {**vars(p), "right": p.right.value, "published_at": p.published_at.isoformat()}
            for p in found.packages
        ],
        "not_shown": list(found.not_shown),
    }


def _actor(actor: Actor) -> dict[str, object]:
    return {"person": actor.pseudonym, "roles": list(actor.roles)}


def _request(request: Opening) -> dict[str, object]:
    return {
        "reference": request.reference,
        "controller": request.controller,
        "rights": [right.value for right in request.rights],
        "channel": request.channel.value,
        "received_at": request.received_at.isoformat(),
        "opened_at": request.opened_at.isoformat(),
        "state": request.state,
        "ended_at": _text(request.ended_at),
    }


def _time_limit(limit: TimeLimit, language: str) -> dict[str, object]:
    words = texts(language)
    return {
        "due": limit.due.day.isoformat(),
        "due_at_the_earliest": limit.due.at_the_earliest,
        "answered": _text(limit.answered),
        "in_time": limit.in_time,
        "extended": _text(limit.extended),
        "pauses": [
            {"ground": p.ground.value, "since": p.since.isoformat(), "until": _text(p.until)}
            for p in limit.pauses
        ],
        "language": language,
        "sentences": [due_sentence(step, words) for step in limit.due.steps],
    }


def _counted(counted: Counted) -> dict[str, object]:
    return {
        "right": counted.right.value,
        "datasets": [
            {
                "name": o.dataset,
                "read": o.read,
                "written": o.written,
                "withheld": o.withheld,
                "nonconforming": o.nonconforming,
            }
            for o in counted.outcomes
        ],
        "gaps": [
            {"source": gap.source, "dataset": gap.dataset, "reason": str(gap.reason)} for gap in counted.gaps
        ],
        "not_covered": list(counted.not_covered),
    }


def _text(when: date | datetime | None) -> str | None:
    return None if when is None else when.isoformat()
