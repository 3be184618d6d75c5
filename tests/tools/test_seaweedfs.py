"""The tests' S3 server is real, answers nobody without a signature, and is removed afterwards."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tools.servers.seaweedfs import answer, s3_server


def test_it_checks_who_asks_and_leaves_nothing(own_temp: Path) -> None:
    with ExitStack() as block:
        server = block.enter_context(s3_server())
        assert answer(server.host, "GET", "/") == 403
        with pytest.raises(KeyError), block:
            raise KeyError
    assert list(own_temp.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        answer(server.host, "GET", "/")
