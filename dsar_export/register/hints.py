"""What an error's text ends or begins with: the nearest valid name, and the place in a file."""

import difflib
from collections.abc import Iterable

from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Register


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint for an error's end: the valid name most like this one, or all of them."""
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"nearest valid name: {close[0]}"
    if len(names) > 30:
        return f"{len(names)} names are valid, and none is like it"
    return f"valid names: {', '.join(names) or 'none'}"


def location(register: Register, dataset: Dataset | None = None) -> str:
    """The file that a finding is about."""
    name = "register.toml" if dataset is None else f"datasets/{dataset.name}.toml"
    return str(register.folder / name)
