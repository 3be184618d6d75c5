"""The unit that starts workers is one that systemd understands, and stops them as they need it."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from dsar_export.worker.life import KILLED_AFTER

UNIT = Path(__file__).parents[2] / "examples" / "systemd" / "dsar-export-worker.service"


def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys of systemd have capitals
    parser.read(UNIT, encoding="utf-8")
    return parser["Service"]


def test_workers_are_asked_by_their_master_and_have_more_time_than_they_take() -> None:
    found = service()
    assert found["KillMode"] == "mixed"
    assert int(found["TimeoutStopSec"]) > KILLED_AFTER
    assert found["Restart"] == "always"
    assert found["UMask"] == "0077"
    assert (found["LimitCORE"], found["MemorySwapMax"]) == ("0", "0")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is missing")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    program = tmp_path / "dsar-export"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    text = UNIT.read_text(encoding="utf-8").replace("/opt/dsar-export/bin/dsar-export", str(program))
    unit = tmp_path / UNIT.name
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False, timeout=60
    )
    about_it = [line for line in done.stderr.splitlines() if unit.name in line]
    assert about_it == []
