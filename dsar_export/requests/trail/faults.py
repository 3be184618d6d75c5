"""What can be wrong with a trail, in words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dsar_export.errors import TrailBrokenError


class Fault(StrEnum):
    """What is wrong with a trail."""

    DOES_NOT_FOLLOW = "does_not_follow"
    MISSING = "missing"
    CUT_OFF = "cut_off"
    CHECKPOINT_FALSE = "checkpoint_false"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_FALSE = "anchor_false"
    ANCHOR_ELSEWHERE = "anchor_elsewhere"


SENTENCES: Final[Mapping[Fault, str]] = {
    Fault.DOES_NOT_FOLLOW: "entry {number} was changed, moved or put in, or the key is another one",
    Fault.MISSING: "entry {number} is missing",
    Fault.CUT_OFF: "the end was cut off, from entry {number} on, or an older database was restored",
    Fault.CHECKPOINT_FALSE: "the checkpoint after entry {number} was not made with this key",
    Fault.ANCHOR_MISSING: "the anchor is missing: nothing shows whether the end was cut off",
    Fault.ANCHOR_FALSE: "the anchor can't be read or was not made with this key",
    Fault.ANCHOR_ELSEWHERE: "entry {number} is not the one that the anchor has seen",
}


class FaultFoundError(TrailBrokenError):
    """The first fault of a trail."""

    def __init__(self, fault: Fault, number: int) -> None:
        sentence = SENTENCES[fault].format(number=number)
        super().__init__(f"the trail is broken: {sentence}. Nothing was changed; compare it with a backup")
        self.fault = fault
        self.number = number
