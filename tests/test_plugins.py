"""Renderers of third parties are loaded by name, and only if they can be pickled."""

from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.plugins import BUILT_IN, dataset_renderer

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
