"""What agents do with a request before anything is collected: who it is about, who asks, and for whom."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.use_cases.choosing import choose_candidate
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.codes import accept_code, finish_code, prove_by_code
from dsar_export.use_cases.hand_on import hand_on
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.mandates import correct_mandate
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.take_in import correct
from dsar_export.web.console.deeds.deed import AGENT, After, Asked, Deed
from dsar_export.web.console.intake_fields import correction_in, further_right_in, identifiers_in
from dsar_export.web.staff.routes import Rule


def _correct(asked: Asked) -> None:
    identifiers, subject = identifiers_in(asked.fields), asked.fields.get("subject") or None
    correct(asked.desk, asked.register, asked.reference, identifiers, subject)


def _mandate(asked: Asked) -> None:
    controller = request_file(asked.desk, asked.reference).request.listed.controller
    correction = correction_in(asked.fields, zone_in(asked.register, controller))
    correct_mandate(asked.desk, asked.register, asked.reference, correction)


def _verify(asked: Asked) -> None:
    proves = asked.texts("proves")
    if not proves:  # on a page, boxes without a tick would be easily taken for nothing proven
        raise WrongUseError("no identifier is ticked; tick those that the evidence proves")
    kind, evidence = asked.text("evidence-kind"), asked.text("evidence")
    prove_by_evidence(asked.desk, asked.register, asked.reference, kind, evidence, proves)


def _verify_by_code(asked: Asked) -> None:
    prove_by_code(asked.desk, asked.register, asked.reference, asked.text("code"))


def _send_code(asked: Asked) -> After:
    """The sources are asked after the answer, which is the same whether they know an address."""
    accepted = accept_code(asked.desk, asked.register, asked.reference)
    return After(partial(finish_code, asked.desk, asked.place.services, accepted))


def _hand_on(asked: Asked) -> None:
    right = further_right_in(asked.text("right"))
    hand_on(asked.desk, asked.reference, right, asked.text("contact"))


def _choose(asked: Asked) -> None:
    chosen = [key for text in asked.texts("chosen") for line in text.splitlines() if (key := line.strip())]
    if not chosen:
        raise WrongUseError("nobody is chosen; tick the person, or write the key")
    reason = asked.text("reason")
    choose_candidate(asked.desk, asked.place.services(), asked.reference, chosen, reason)


_RULE: Final = Rule(AGENT, of_request=True)
INTAKE: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "correct": Deed(_correct, _RULE),
        "mandate": Deed(_mandate, _RULE),
        "verify": Deed(_verify, _RULE),
        "verify-by-code": Deed(_verify_by_code, _RULE),
        "send-code": Deed(_send_code, _RULE),
        "hand-on": Deed(_hand_on, _RULE),
        "choose": Deed(_choose, _RULE, reads_sources=True),
    }
)
