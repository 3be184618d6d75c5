"""A small world with one table of things, on a server; each test brings its own statements."""

from pathlib import Path
from typing import Final

from tests.use_cases.on_postgres import registered
from tests.worlds import World

FIELDS: Final = '[fields]\nrecord_id = { column = "id" }\ntext = { column = "note" }\n'


def world_of(
    folder: Path,
    url: str,
    table: str = "things",
    *,
    dataset: str = "",
    fields: str = FIELDS,
    source: str = "",
) -> World:
    """A register of `table` (id, customer_id, note), with additions to its dataset or source."""
    made = World(folder / "register")
    made.register_text = made.register_text.replace("left_out = {", f"{source}\nleft_out = {{", 1)
    # Compared exactly, so that one plain index serves it.
    made.register_text = made.register_text.replace('match = "casefold"\n', "", 1)
    before, _, _ = made.dataset_text.partition("[fields]")
    made.dataset_text = before.replace('table = "records"', f"table = '{table}'\n{dataset}") + fields
    return registered(made, url)
