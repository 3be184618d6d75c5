"""`request mandate` and `request hand-on`, and the same options of `request open`."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.desk import desk, register_of
from dsar_export.errors import WrongUseError
from dsar_export.model.intake import FurtherRight, HandedOn, Mandate
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.hand_on import hand_on
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.moments import end_of

_ALL: Final = "*"


@dataclass(frozen=True)
class Besides:
    """What a letter brings besides the request: an agent with a mandate, and other rights."""

    agent_file: str | None = None
    datasets: tuple[str, ...] = ()
    until: str | None = None
    also: tuple[str, ...] = ()

    def mandate(self, zone: tzinfo) -> Mandate | None:
        """The mandate of a new request, to the end of a day in the zone; WrongUseError for one without an agent."""
        if self.agent_file is None:
            if self.datasets or self.until is not None:
                raise WrongUseError("--mandate-dataset and --mandate-until need --agent-file; add it")
            return None
        return Mandate(self._agent() or "", self._scope() or (), end_of(self.until, zone))

    def correction(self, zone: tzinfo) -> MandateCorrection:
        """What was named, to be corrected; the rest stays."""
        if self.agent_file is None and not self.datasets and self.until is None:
            raise WrongUseError(
                "name what to correct: --agent-file, --mandate-dataset (* for all) or --mandate-until"
            )
        return MandateCorrection(self._agent(), self._scope(), end_of(self.until, zone))

    def handed_on(self, at: datetime) -> tuple[HandedOn, ...]:
        return tuple(HandedOn(right, contact, at) for right, contact in map(_right_and_contact, self.also))

    def _agent(self) -> str | None:
        return None if self.agent_file is None else terminal.read_text(self.agent_file).strip()

    def _scope(self) -> tuple[str, ...] | None:
        if not self.datasets:
            return None
        return () if _ALL in self.datasets else self.datasets


def run_mandate(register: Path | None, reference: str, besides: Besides, *, as_json: bool) -> int:
    """Corrects or adds a mandate."""
    at_work, read = desk(), register_of(register)
    controller = request_file(at_work, reference).request.listed.controller
    correct_mandate(at_work, read, reference, besides.correction(zone_in(read, controller)))
    return shown_request(at_work, reference, as_json=as_json)


def run_hand_on(reference: str, handed: str, *, as_json: bool) -> int:
    """Records that something else was handed on."""
    right, contact = _right_and_contact(handed)
    at_work = desk()
    hand_on(at_work, reference, right, contact)
    return shown_request(at_work, reference, as_json=as_json)


def _right_and_contact(text: str) -> tuple[FurtherRight, str]:
    right, _, contact = (part.strip() for part in text.partition("="))
    if right not in list(FurtherRight) or not contact:
        raise WrongUseError(f"expected RIGHT=CONTACT, with RIGHT one of {', '.join(FurtherRight)}")
    return FurtherRight(right), contact
