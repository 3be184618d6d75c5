"""The units that start workers and pages are such that systemd understands, and stop them as they need it."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from dsar_export.web.serving import GRACE
from dsar_export.worker.life import KILLED_AFTER

UNITS = Path(__file__).parents[2] / "examples" / "systemd"
TIMES = {"dsar-export-worker.service": KILLED_AFTER, "dsar-export-serve.service": GRACE}
"""How long each takes to end."""


def service(unit: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys of systemd have capitals
    parser.read(UNITS / unit, encoding="utf-8")
    return parser["Service"]


def test_there_is_a_test_of_each_unit() -> None:
    assert {file.name for file in UNITS.iterdir()} == TIMES.keys()


@pytest.mark.parametrize("unit", TIMES)
def test_the_main_process_is_asked_and_has_more_time_than_it_takes(unit: str) -> None:
    found = service(unit)
    assert found["KillMode"] == "mixed"
    assert int(found["TimeoutStopSec"]) > TIMES[unit]
    assert found["Restart"] == "always"
    assert found["UMask"] == "0077"
    assert (found["LimitCORE"], found["MemorySwapMax"]) == ("0", "0")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is missing")
@pytest.mark.parametrize("unit", TIMES)
def test_systemd_finds_nothing_wrong(unit: str, tmp_path: Path) -> None:
    program = tmp_path / "dsar-export"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    text = (
        (UNITS / unit).read_text(encoding="utf-8").replace("/opt/dsar-export/bin/dsar-export", str(program))
    )
    copy = tmp_path / unit
    copy.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False, timeout=60
    )
    about_it = [line for line in done.stderr.splitlines() if unit in line]
    assert about_it == []
