"""What empty pages and those of errors say of the next step."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nothing_waits": message("Nothing waits for you now. The list has all requests that you may see."),
        "nothing_fits": message(
            "No request fits these filters. Look at the reference again, or choose “Any” for the rest."
        ),
        "all_requests": message("Show all requests"),
        "no_requests": message("No request is open. Those that have ended are under “Any”."),
        "no_records": message("This dataset has no more records here."),
        "no_figures": message("No request was received in this time. Choose another one."),
        "no_entries": message("The trail has no entry about this. Look at the reference again."),
        "next_step": message("Go back, correct what the sentence names, and try again."),
    }
)
