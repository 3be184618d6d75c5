"""What a request says about the person, as the one text that is sealed in its row."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dsar_export.model.intake import FurtherRight, HandedOn, Mandate, Subject
from dsar_export.model.request import Identifier


def subject_text(subject: Subject) -> str:
    """The text to seal; escapes keep whatever was typed, half of a surrogate pair too."""
    mandate = subject.mandate
    return json.dumps(
        {
            "identifiers": [[i.kind, i.value] for i in subject.identifiers],
            "mandate": mandate
            and {
                "agent": mandate.agent,
                "scope": mandate.scope,
                "until": mandate.until and mandate.until.isoformat(),
                "address": mandate.address,
            },
            "handed_on": [
                {"right": h.right, "contact": h.contact, "at": h.at.isoformat()} for h in subject.handed_on
            ],
        }
    )


def subject_in(text: str) -> Subject:
    """What was sealed."""
    content: Mapping[str, Any] = json.loads(text)
    return Subject(
        identifiers=tuple(Identifier(kind, value) for kind, value in content["identifiers"]),
        mandate=None if content["mandate"] is None else _mandate(content["mandate"]),
        handed_on=tuple(
            HandedOn(FurtherRight(h["right"]), h["contact"], datetime.fromisoformat(h["at"]))
            for h in content["handed_on"]
        ),
    )


def _mandate(content: Mapping[str, Any]) -> Mandate:
    until = content["until"]
    return Mandate(
        agent=content["agent"],
        scope=tuple(content["scope"]),
        until=None if until is None else datetime.fromisoformat(until),
        address=content.get("address"),  # none in a request of before there were links
    )
