"""`request due`, `extend`, `pause` and `resume`."""

from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import due_json, due_text, shown_request
from dsar_export.cli.desk import desk, register_of, text_from, zone_of
from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import Texts, has_catalogue, languages, texts
from dsar_export.language.due_dates import due_sentence
from dsar_export.model.clock import DueDate, Ground, Step, StepKind
from dsar_export.use_cases import due
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.moments import moment_of

_FORMAT: Final = "format"


def run_due(register: Path | None, reference: str, language: str, *, as_json: bool) -> int:
    """Explains the due day."""
    if not has_catalogue(language):
        raise WrongUseError(f"no sentences in {language!r}; choose one of {', '.join(languages())}")
    found, words = due.due_of(desk(), register_of(register), reference), texts(language)
    if as_json:
        terminal.print_json(_json(reference, found, words))
        return 0
    for step in found.steps:
        sentence = due_sentence(step, words)
        if step.kind is StepKind.SAFE:
            terminal.warn(sentence)
        else:
            terminal.out().print(sentence)
    terminal.print_facts([("due", due_text(found))])
    return 0


def run_extend(register: Path | None, reference: str, reason_file: str | None, *, as_json: bool) -> int:
    """Extends."""
    at_work, read = desk(), register_of(register)
    due.extend(at_work, read, reference, text_from(reason_file, "reason"))
    return shown_request(at_work, reference, read, as_json=as_json)


def run_pause(register: Path | None, reference: str, ground: str, on: str | None, *, as_json: bool) -> int:
    """Pauses."""
    if ground == _FORMAT:
        raise WrongUseError("a question about the format of the answer never stops the clock")
    if ground not in list(Ground):
        raise WrongUseError(f"--ground is one of {', '.join(Ground)}")
    at_work, read = desk(), register_of(register)
    controller = request_file(at_work, reference).request.listed.controller
    due.pause(at_work, read, reference, Ground(ground), moment_of(on, zone_of(read, controller)))
    return shown_request(at_work, reference, read, as_json=as_json)


def run_resume(register: Path | None, reference: str, on: str | None, *, as_json: bool) -> int:
    """Resumes."""
    at_work, read = desk(), register_of(register)
    controller = request_file(at_work, reference).request.listed.controller
    due.resume(at_work, read, reference, moment_of(on, zone_of(read, controller)))
    return shown_request(at_work, reference, read, as_json=as_json)


def _json(reference: str, found: DueDate, words: Texts) -> dict[str, object]:
    return {
        "reference": reference,
        **due_json(found),
        "start": found.start.isoformat(),
        "safe": None if found.safe is None else found.safe.isoformat(),
        "latest_to_extend": found.latest_to_extend.isoformat(),
        "overdue": found.overdue,
        "steps": [_step(step, words) for step in found.steps],
    }


def _step(step: Step, words: Texts) -> dict[str, object]:
    return {
        "kind": step.kind,
        "day": step.day.isoformat(),
        "since": None if step.since is None else step.since.isoformat(),
        "ground": step.ground,
        "count": step.count,
        "sentence": due_sentence(step, words),
    }
