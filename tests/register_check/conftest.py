"""What holds for all tests of `check`."""

import pytest

from dsar_export.register_check import indexes


@pytest.fixture(autouse=True)
def tables_that_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few rows of a test stand for many: a small table needs no index."""
    monkeypatch.setattr(indexes, "SMALL", 0)
