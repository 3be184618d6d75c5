"""A Draft's own register is the one it was collected with."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import RegisterError
from dsar_export.plugins import collector_parts
from dsar_export.register.kept import kept_of, kept_register, kept_text, read_kept_register
from dsar_export.wiring import allowed_plugins, register_in

PARTS_OF = partial(collector_parts, allowed=allowed_plugins())


def test_a_register_comes_back_from_its_texts(tmp_path: Path) -> None:
    write_organisation(tmp_path / "organisation", events=0)
    register = register_in(tmp_path / "organisation")
    text = kept_text(kept_register(register))
    shutil.rmtree(tmp_path / "organisation")
    again = read_kept_register(kept_of(text), PARTS_OF)
    assert replace(again, folder=register.folder) == register
    assert again.own_schemas == register.own_schemas == {"hire_agreements"}
    assert "de" in again.translations
    assert not again.folder.exists()


def test_a_file_that_is_gone_meanwhile_is_named(tmp_path: Path) -> None:
    write_organisation(tmp_path / "organisation", events=0)
    register = register_in(tmp_path / "organisation")
    (tmp_path / "organisation" / "datasets" / "orders.toml").unlink()
    with pytest.raises(RegisterError, match=r"orders\.toml: can't be read"):
        kept_register(register)
