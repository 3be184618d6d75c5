"""Describes the machine and the versions that produced the figures."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Final

_LIBRARIES: Final = (
    "isal", "jsonschema", "jsonschema-rs", "orjson", "psycopg", "pycryptodomex", "pyzipper", "reportlab", "sqlalchemy",
)  # fmt: skip
_CPUINFO: Final = Path("/proc/cpuinfo")


def machine() -> dict[str, object]:
    """The facts needed to reproduce the figures; no name of a machine or a person."""
    return {
        "cpus": os.cpu_count(),
        "cpu": _cpu_model(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _cpu_model() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"
