"""What the page of a request shows about work, packages, links, the passphrase and a hold."""

from dataclasses import dataclass
from typing import Any

from dsar_export.language.catalogue import Texts, languages
from dsar_export.language.zones import moment_text
from dsar_export.requests.states import HANDED_OUT
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.look_up import RequestFile
from dsar_export.use_cases.standing import HandedOut, Standing, handed_out, standing
from dsar_export.web.console.words.work import (
    link_sentence,
    passphrase_sentence,
    rows_sentence,
    work_sentence,
)


@dataclass(frozen=True)
class WorkSeen:
    """What is read of it."""

    standing: Standing
    handed_out: HandedOut


def see_work(desk: Desk, reference: str) -> WorkSeen:
    """What is read of it, for whoever may see the request."""
    return WorkSeen(standing(desk, reference), handed_out(desk, reference))


def work_facts(seen: WorkSeen, file: RequestFile, words: Texts) -> dict[str, Any]:
    """What the template shows, as texts."""
    work, listed, links = seen.standing.work, file.request.listed, seen.handed_out.links
    sentences = {right: link_sentence(words, link, file.zone) for right, link in links.items()}
    handed = listed.state in HANDED_OUT
    return {
        "work": "" if work is None else work_sentence(words, work, file.zone),
        "work_rows": "" if work is None else rows_sentence(words, work, file.zone),
        "work_goes_on": seen.standing.goes_on,
        "nobody_works": seen.standing.goes_on and not seen.standing.somebody_works,
        "links": sentences,
        "handed": handed,
        "passphrase": passphrase_sentence(words, seen.handed_out) if handed else "",
        "reveals": handed and seen.handed_out.passphrase_waits,
        "held_until": "" if listed.hold_until is None else moment_text(listed.hold_until, file.zone),
        "report_languages": languages(),
        "by_agent": file.request.subject.mandate is not None,
    }
