"""Under which terms data is processed: why, who receives it, where it goes and how long it is kept."""

from datetime import date
from enum import StrEnum

from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words


class RecipientRole(StrEnum):
    """The role of a recipient under Art. 4(7), 4(8) and 26 GDPR."""

    PROCESSOR = "processor"
    CONTROLLER = "controller"
    JOINT = "joint"


@toml_table
class Purpose:
    """Why data is processed (Art. 15(1)(a))."""

    title: Words
    description: Words


@toml_table
class Recipient:
    """To whom data was disclosed (Art. 4(9), 15(1)(c))."""

    name: str
    role: RecipientRole
    country: str
    description: Words
    controllers: tuple[str, ...] = ()
    """The controllers that disclose data to it, if not all."""


@toml_table
class Transfer:
    """A transfer of data to a third country, and its safeguard with a date (Art. 15(2))."""

    recipient: str
    country: str
    safeguard: str
    """The article of the safeguard, such as `A46-2-c`."""
    since: date
    description: Words
    controllers: tuple[str, ...] = ()
    """The controllers whose data goes there, if not all."""


@toml_table
class StoragePeriod:
    """How long data is kept, and from when (Art. 15(1)(d))."""

    title: Words
    duration: str
    """ISO 8601, such as `P7Y`."""
    starts: Words
    """The event from which the period is counted, in the person's words."""
    from_year_end: bool = False
    """Whether the period is counted from the end of the year in which that day lies."""
