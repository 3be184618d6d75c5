"""Parts of error messages: the nearest valid name, and the file with the problem."""

import difflib
from collections.abc import Iterable

from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Register


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint for the end of a message: the valid name most like this one, or all valid names."""
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"nearest valid name: {close[0]}"
    if len(names) > 30:
        return f"none of the {len(names)} valid names is similar"
    return f"valid names: {', '.join(names) or 'none'}"


def location(register: Register, dataset: Dataset | None = None) -> str:
    """The path of the register file that a finding is about: a dataset's, or register.toml without one."""
    name = "register.toml" if dataset is None else f"datasets/{dataset.name}.toml"
    return str(register.folder / name)
