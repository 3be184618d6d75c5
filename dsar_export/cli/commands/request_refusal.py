"""`request refuse`, `confirm-refusal` and `withdraw-refusal`."""

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.desk import desk, text_from
from dsar_export.errors import WrongUseError
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.use_cases import refusing


def run_refuse(
    reference: str, code: str, files: tuple[str | None, str | None, str | None], *, as_json: bool
) -> int:
    """Refuses, or proposes to; `files` have the reason and the two parts of the proof of an abuse."""
    at_work = desk()
    ground = refusing.ground_of(code, at_work.clock())
    if files.count("-") > 1:
        raise WrongUseError("only one of the files can be standard input")
    reason_file, objective_file, subjective_file = files
    reason, proof = text_from(reason_file, "reason"), None
    if ground.proof_by_two_people:
        objective = text_from(objective_file, "what shows that the purpose is another")
        proof = AbuseProof(objective, text_from(subjective_file, "what shows the intent to abuse"))
    elif objective_file is not None or subjective_file is not None:
        raise WrongUseError(f"a refusal as {code} needs the reason only; leave the other files out")
    if not refusing.refuse(at_work, reference, Refusal(code, reason, proof)):
        terminal.warn("only proposed: a second reviewer decides, and the time limit runs on")
    return shown_request(at_work, reference, as_json=as_json)


def run_confirm_refusal(reference: str, *, as_json: bool) -> int:
    """Confirms."""
    at_work = desk()
    refusing.confirm_refusal(at_work, reference)
    return shown_request(at_work, reference, as_json=as_json)


def run_withdraw_refusal(reference: str, reason_file: str | None, *, as_json: bool) -> int:
    """Withdraws."""
    at_work = desk()
    refusing.withdraw_refusal(at_work, reference, text_from(reason_file, "reason"))
    return shown_request(at_work, reference, as_json=as_json)
