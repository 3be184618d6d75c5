"""The values of letters that end something: a refusal, a search that found nobody, and the outcome of a complaint."""

from dsar_export.errors import WrongUseError
from dsar_export.language.law_words import ground_law
from dsar_export.language.letter_words import (
    due_words,
    follows_words,
    held_for_words,
    outcome_words,
    unsearched_words,
)
from dsar_export.language.register_words import dataset_titles, held_elsewhere, identifier_titles, unsearched
from dsar_export.model.complaint import Complaint, ComplaintOutcome
from dsar_export.model.decision import DecisionKind
from dsar_export.model.message import is_british
from dsar_export.model.refusal import ground_called
from dsar_export.model.request import in_scope
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.packages import packages_of
from dsar_export.use_cases.due import UNANSWERED
from dsar_export.use_cases.letter_matter import Given, Matter, Values, items, needed


def refusal_values(matter: Matter, given: Given) -> Values:
    """The reason in words for the person, and the law."""
    decisions = decisions_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    recorded = [each for each in decisions if each.kind is DecisionKind.REFUSE]
    proven = {each.ground for each in decisions if each.proof is not None}
    if given.text is None and recorded and recorded[-1].ground in proven:
        raise WrongUseError(
            f"{matter.reference} is refused as abusive, and what staff noted of that is for the file; "
            "write the reason for the person as the text of the letter"
        )
    reason = given.text or (recorded[-1].reason if recorded else None)
    code = recorded[-1].ground if recorded else None
    ground = None if code is None else ground_called(code)
    law = "" if ground is None else ground_law(ground, matter.controller.country, matter.words)
    return {"reason": needed(matter, reason, "a reason for the refusal"), "ground": law}


def nothing_held_values(matter: Matter, _: Given) -> Values:
    """What was searched with and what was searched, by the register; what lies outside a mandate is left out."""
    connection, reference = matter.act.connection, matter.reference
    if packages_of(connection, [reference]).get(reference):
        raise WrongUseError(f"{reference} was answered by packages; its letter is delivery")
    name, register, words = matter.request.listed.controller, matter.register, matter.words
    scope = () if matter.mandate is None else matter.mandate.scope
    held = identifiers_of(connection, reference, matter.act.desk.vault)
    kinds = sorted({each.identifier.kind for each in held if each.proven_by is not None})
    datasets = [d.name for d in register.datasets_of(name) if in_scope(d.name, scope)]
    titles = map(words.phrase, dataset_titles(register, datasets, matter.language))
    left = () if scope else unsearched(register, name, matter.language)
    held_for = () if scope else held_elsewhere(register, name, matter.language)
    return {
        "searched_with": items(map(words.phrase, identifier_titles(register, kinds, matter.language))),
        "searched": items(dict.fromkeys(titles)),
        "not_searched": items(
            (
                *(unsearched_words(*each, words) for each in left),
                *(held_for_words(*each, words) for each in held_for),
            )
        ),
    }


def outcome_values(matter: Matter, given: Given) -> Values:
    """Whether the person was right, why, and what follows."""
    listed, reason = (complaint := _answered(matter, given)).listed, given.text or complaint.answer
    if listed.outcome is None:
        raise WrongUseError(
            f"{matter.reference}: complaint {listed.number} was answered without an outcome; write the letter yourself"
        )
    values = {
        "complained": matter.written(matter.day_of(listed.received_at)),
        "outcome": outcome_words(listed.outcome, matter.words),
        "reason": needed(matter, reason, "the reasons"),
        "follows": _follows(matter, listed.outcome),
    }
    if is_british(matter.controller.country):
        values["authority_when"] = matter.words.phrase(
            "As you have complained to us first, it can look into your complaint now (Art. 77 {gdpr}; section 165 Data "
            "Protection Act 2018)."
        )
    return values


def _answered(matter: Matter, given: Given) -> Complaint:
    """The complaint that was answered last, of those that arrived on the given day."""
    recorded = complaints_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    answered = [(each.listed.answered_at, each) for each in recorded if each.listed.answered_at is not None]
    if not answered:
        raise WrongUseError(f"{matter.reference}: no complaint has an outcome yet; answer one")
    days = [
        (at, each)
        for at, each in answered
        if given.complained in {None, matter.day_of(each.listed.received_at)}
    ]
    if not days:
        raise WrongUseError(
            f"{matter.reference}: no complaint that arrived on {given.complained} has an outcome; correct the day"
        )
    return max(days, key=lambda pair: (pair[0], pair[1].listed.number))[1]


def _follows(matter: Matter, outcome: ComplaintOutcome) -> str:
    if matter.request.listed.state not in UNANSWERED or matter.is_answered:
        return follows_words(outcome, matter.words)
    due = matter.due
    if due.overdue:
        return matter.words.phrase(
            "Your request goes on: you will have our answer as soon as we can give it."
        )
    return matter.words.phrase(
        "Your request goes on: you will have our answer by {due}.", due=due_words(due, matter.words)
    )
