"""What the second process answers, asked in this process."""

import pickle
import re
from io import BytesIO
from pathlib import Path

import pytest

from dsar_export.errors import InternalError, WrongUseError
from dsar_export.sealing.apart.child import made
from dsar_export.sealing.apart.wire import ClosedError, Made, send, send_chunks
from dsar_export.sealing.members import Rendered
from tests.sealing.test_apart import chunks, odd, sealer


def asked(folder: Path, does: str = "") -> bytes:
    """What the parent sends."""
    wire = BytesIO()
    send(wire, pickle.dumps((odd(folder, does), sealer(folder))))
    send_chunks(wire, chunks())
    return wire.getvalue()


def answer(folder: Path, does: str = "") -> Made | Exception:
    return made(BytesIO(asked(folder, does)))


def test_it_answers_with_the_counts_and_the_parts(tmp_path: Path) -> None:
    answered = answer(tmp_path)
    assert isinstance(answered, tuple)
    rendered, parts = answered
    assert rendered == Rendered(records=3 * 49, nonconforming=3, cells_changed=3 * 49)
    assert [part.file.stat().st_size for part in parts] == [part.sealed_size for part in parts]
    assert len(parts) == 5


@pytest.mark.parametrize(("does", "kind"), [("fail", "ValueError"), ("fail at the disk", "OSError")])
def test_a_failure_is_reported_by_its_kind_and_place_only(does: str, kind: str, tmp_path: Path) -> None:
    answered = answer(tmp_path, does)
    assert type(answered) is InternalError
    place = r"odd_renderers\.py, line \d+; nothing was handed over\. Please report this line"
    assert re.fullmatch(f"a renderer failed: {kind} in {place}", str(answered))


def test_our_own_error_is_answered_unchanged(tmp_path: Path) -> None:
    answered = answer(tmp_path, "refuse")
    assert type(answered) is WrongUseError
    assert str(answered) == "choose another renderer"


def test_a_refusal_of_the_disk_keeps_its_number_and_loses_its_file(tmp_path: Path) -> None:
    answered = answer(tmp_path, "fill the disk")
    assert isinstance(answered, OSError)
    assert (answered.errno, answered.strerror, answered.filename) == (28, "No space left on device", None)


def test_it_gives_up_with_its_parent(tmp_path: Path) -> None:
    with pytest.raises(ClosedError):
        made(BytesIO(asked(tmp_path)[:-1]))
