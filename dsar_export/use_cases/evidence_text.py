"""Evidence as lines that a person reads, on a terminal or on paper."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Final

from dsar_export.language.catalogue import texts
from dsar_export.language.due_dates import due_sentence
from dsar_export.language.zones import moment_text
from dsar_export.model.evidence import Actor, Counted, Event, Evidence, SealedPackage, TimeLimit
from dsar_export.use_cases.evidence_check import Compared, PartVerdict
from dsar_export.use_cases.evidence_json import BRITISH_ENGLISH
from dsar_export.use_cases.evidence_timeline import is_moment

_Clock = Callable[[datetime], str]
VERDICTS: Final[Mapping[PartVerdict, str]] = {
    PartVerdict.SAME: "as it was",
    PartVerdict.GONE_ON: "as it was, and it has gone on",
    PartVerdict.CHANGED: "changed since, after later entries of the trail",
    PartVerdict.GONE: "erased or voided since; can't be compared",
    PartVerdict.DIFFERS: "DIFFERS, and no entry of the trail explains it",
}


def evidence_lines(found: Evidence, zone: tzinfo, language: str = BRITISH_ENGLISH) -> Iterator[str]:
    """The whole document, with the times of a clock in the zone.

    The sentences of the due day are in a language, the rest is in English.
    """
    request, clock = found.request, partial(moment_text, zone=zone, seconds=True)
    yield f"Evidence about request {request.reference}"
    yield f"Written {clock(found.written_at)} by dsar-export {found.software}."
    yield "Members of staff have pseudonyms that hold within this document, and the roles that they had then."
    yield from _headed("Request", _opening(found, clock))
    yield from _headed("Timeline", _timeline(found, clock))
    yield from _headed("Verification", _verification(found, clock))
    yield from _headed("Time limit", _time_limit(found.time_limit, language, clock))
    yield from _headed(
        "Decisions", (f"{clock(d.at)}  {_words(d.kind)}, {_actor(d.by)}" for d in found.decisions)
    )
    for counted in found.outcomes:
        yield from _headed(f"Outcomes by dataset, right of {counted.right}", _outcomes(counted))
    yield from _headed("Versions", _versions(found))
    yield from _headed("Sealed packages", (line for p in found.packages for line in _package(p, clock)))
    yield from _headed("Not shown", found.not_shown)


def compared_lines(compared: tuple[Compared, ...]) -> Iterator[str]:
    """Each part of a document with what became of it."""
    width = max(len(each.part) for each in compared)
    return (f"{_words(each.part):<{width}}  {VERDICTS[each.verdict]}" for each in compared)


def _headed(title: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield title
    found = list(lines)
    yield from (f"  {line}" for line in found or ["none"])


def _opening(found: Evidence, clock: _Clock) -> Iterator[str]:
    request = found.request
    yield f"rights      {', '.join(request.rights)}"
    yield f"controller  {request.controller}"
    yield f"channel     {_words(request.channel)}"
    yield f"received    {clock(request.received_at)}"
    yield f"opened      {clock(request.opened_at)}"
    ended = "" if request.ended_at is None else f", ended {clock(request.ended_at)}"
    yield f"state       {_words(request.state)}{ended}"
    fault = "verifies" if found.trail.passed else f"does not verify ({_words(str(found.trail.fault))})"
    yield f"trail       {fault}; {found.trail.entries} entries are in order"


def _timeline(found: Evidence, clock: _Clock) -> Iterator[str]:
    for event in found.timeline:
        details = "".join(f"; {text}" for text in _details(event, clock))
        yield f"{clock(event.at)}  {_words(event.action)}, {_actor(event.by)}{details}"


def _details(event: Event, clock: _Clock) -> Iterator[str]:
    for name, value in event.details.items():
        shown = clock(datetime.fromisoformat(str(value))) if is_moment(event.action, name) else value
        yield f"{_words(name)} {shown}"


def _verification(found: Evidence, clock: _Clock) -> Iterator[str]:
    proof = found.verification
    if proof is not None:
        yield f"{clock(proof.at)}  by {', '.join(map(_words, proof.kinds))}, {_actor(proof.by)}"


def _time_limit(limit: TimeLimit | None, language: str, clock: _Clock) -> Iterator[str]:
    if limit is None:
        return
    words = texts(language)
    yield from (due_sentence(step, words) for step in limit.due.steps)
    for pause in limit.pauses:
        until = "still open" if pause.until is None else f"until {clock(pause.until)}"
        yield f"waited for {pause.ground} from {clock(pause.since)}, {until}"
    if limit.extended is not None:
        yield f"extended on {limit.extended}"
    if limit.answered is not None:
        yield f"answered on {limit.answered}, {'in time' if limit.in_time else 'late'}"


def _outcomes(counted: Counted) -> Iterator[str]:
    for o in counted.outcomes:
        yield (
            f"{o.dataset}: {o.read} read, {o.written} written, {o.withheld} withheld, {o.nonconforming} kept beside"
        )
    for gap in counted.gaps:
        yield f"gap in {gap.source}{'' if gap.dataset is None else f', {gap.dataset}'}: {gap.reason}"
    if counted.not_covered:
        yield f"outside the agent's mandate: {', '.join(counted.not_covered)}"


def _versions(found: Evidence) -> Iterator[str]:
    if found.versions is None:
        return
    yield f"software  {found.versions.software}, Draft of format {found.versions.draft_format}"
    yield f"register  SHA-256 {found.versions.register}"
    for name, sha256 in found.versions.schemas.items():
        yield f"schema    {name}, SHA-256 {sha256}"


def _package(package: SealedPackage, clock: _Clock) -> Iterator[str]:
    erased = ", file erased" if package.erased else ""
    yield f"right of {package.right}, published {clock(package.published_at)}, attempt {package.attempt}{erased}"
    yield f"  SHA-256 {package.sha256}"
    yield f"  keyed hash of the manifest inside {package.manifest_hmac or 'not recorded'}"


def _actor(actor: Actor) -> str:
    roles = ", ".join(actor.roles)
    return f"{actor.pseudonym} ({roles})" if roles else actor.pseudonym


def _words(code: str) -> str:
    return code.replace("_", " ")
