"""`dsar-export serve` as a process of its own, over an office whose packages it hands out."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.use_cases.parcels import Parcels
from tests.web.served import Served

_STARTS_IN: Final = 60


@dataclass
class Serving:
    """A process that serves; its clock is that of the machine."""

    process: subprocess.Popen[str]
    log: Path
    served: Served

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log about something."""
        found = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in found if line["event"] == event]

    def peak(self) -> int:
        """The most memory that it has had, in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))

    def ask_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        return self.process.wait(_STARTS_IN)


@contextmanager
def serving(
    folder: Path, register: Path, variables: Mapping[str, str], workers: int = 0
) -> Iterator[Serving]:
    """Starts one on a free port, perhaps with workers beside."""
    url = f"sqlite:///{folder / 'requests.db'}"
    installation = founded_installation(url, folder / "keys.json")
    services = quick_services(register)
    office = Office(installation, services, folder, folder / "trail-anchor.json", datetime.now(UTC))
    parcels = Parcels(office, services, register)
    log = folder / "log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DSAR_")},
        "DSAR_REGISTER": str(register),
        "DSAR_STATE": str(folder),
        "DSAR_LOG_FORMAT": "json",
        "DSAR_DOWNLOADS_PER_CLIENT": "100",
        **variables,
    }
    command = [sys.executable, "-m", "dsar_export", "serve", "--workers", str(workers), "--port", "0"]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(command, env=environment, cwd=folder, stderr=errors, text=True)
    try:
        port = _port(process, log)
        served = Served(parcels, office.store, None, port, [])  # type: ignore[arg-type] # it is in the other process
        yield Serving(process, log, replace(served))
    finally:
        process.kill()
        process.wait()
        installation.engine.dispose()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    until = time.monotonic() + _STARTS_IN
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            if found["event"] == "serving":
                return int(found["url"].rpartition(":")[2])
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))
