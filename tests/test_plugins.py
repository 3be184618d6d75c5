"""Plugins of third parties are loaded by name, and refused if they lack what the core needs of them."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.plugins import BUILT_IN, collector_parts, dataset_renderer

_LOCAL = """
def make():
    class Local:
        mediatype = "text/plain"
    return Local()
"""


def test_a_renderer_that_cannot_be_pickled_is_refused_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "thirdparty-1.0.dist-info"
    metadata.mkdir()
    (tmp_path / "local_renderer.py").write_text(_LOCAL, encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: thirdparty\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[dsar_export.renderers]\nlocal = local_renderer:make\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(WrongUseError, match="renderer 'local' can't be pickled"):
        dataset_renderer("local", BUILT_IN | {"thirdparty"})


def test_a_collector_without_parts_of_its_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsar_export.plugins.collector_factory", lambda _kind, _allowed: object())
    with pytest.raises(RegisterError, match="kind 'old' has no dataset_part and link_part"):
        collector_parts("old", BUILT_IN)


def test_a_source_that_the_register_does_not_have_has_no_parts() -> None:
    assert collector_parts("", BUILT_IN) is None
    assert collector_parts("sql_database", BUILT_IN) is not None
