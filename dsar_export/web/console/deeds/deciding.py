"""What staff decide about a request and its clock."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.use_cases import decide, due, refusing
from dsar_export.web.console.deeds.deed import AGENT, EITHER, REVIEWER, Asked, Deed
from dsar_export.web.staff.routes import Rule


def _approve(asked: Asked) -> None:
    decide.approve(asked.desk, asked.register, asked.reference)


def _send_back(asked: Asked) -> None:
    decide.send_back(asked.desk, asked.reference, asked.text("reason"))


def _accept_gap(asked: Asked) -> None:
    decide.accept_gap(asked.desk, asked.register, asked.reference, asked.text("source"), asked.text("reason"))


def _refuse(asked: Asked) -> None:
    code = asked.text("ground")
    ground = refusing.ground_of(code, asked.desk.clock())
    objective, subjective = (asked.fields.get(name, "") for name in ("objective", "subjective"))
    proof = (
        AbuseProof(objective, subjective) if ground.proof_by_two_people or objective or subjective else None
    )
    refusing.refuse(asked.desk, asked.reference, Refusal(code, asked.text("reason"), proof))


def _confirm_refusal(asked: Asked) -> None:
    refusing.confirm_refusal(asked.desk, asked.reference)


def _withdraw_refusal(asked: Asked) -> None:
    refusing.withdraw_refusal(asked.desk, asked.reference, asked.text("reason"))


def _assign(asked: Asked) -> None:
    decide.assign(asked.desk, asked.reference, asked.text("assignee"))


def _note(asked: Asked) -> None:
    decide.note(asked.desk, asked.reference, asked.text("note"))


def _extend(asked: Asked) -> None:
    due.extend(asked.desk, asked.register, asked.reference, asked.text("reason"))


def _pause(asked: Asked) -> None:
    ground = asked.text("ground")
    if ground not in list(Ground):
        raise WrongUseError(f"the field ground is one of {', '.join(Ground)}")
    due.pause(asked.desk, asked.register, asked.reference, Ground(ground))


def _resume(asked: Asked) -> None:
    due.resume(asked.desk, asked.register, asked.reference)


def _cancel(asked: Asked) -> None:
    decide.cancel(asked.desk, asked.reference)


def _close(asked: Asked) -> None:
    decide.close(asked.desk, asked.reference)


DECIDING: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "approve": Deed(_approve, Rule(REVIEWER, of_request=True, proven=True)),
        "send-back": Deed(_send_back, Rule(REVIEWER, of_request=True)),
        "accept-gap": Deed(_accept_gap, Rule(REVIEWER, of_request=True)),
        "refuse": Deed(_refuse, Rule(REVIEWER, of_request=True)),
        "confirm-refusal": Deed(_confirm_refusal, Rule(REVIEWER, of_request=True)),
        "withdraw-refusal": Deed(_withdraw_refusal, Rule(REVIEWER, of_request=True)),
        "assign": Deed(_assign, Rule(EITHER, of_request=True)),
        "note": Deed(_note, Rule(EITHER, of_request=True)),
        "extend": Deed(_extend, Rule(EITHER, of_request=True)),
        "pause": Deed(_pause, Rule(EITHER, of_request=True)),
        "resume": Deed(_resume, Rule(EITHER, of_request=True)),
        "cancel": Deed(_cancel, Rule(AGENT, of_request=True)),
        "close": Deed(_close, Rule(AGENT, of_request=True)),
    }
)
