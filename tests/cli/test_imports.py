"""What a command does not need is not imported: it would cost each of them time and memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import LIMIT, export_arguments, packages
from tests.worlds import SUBJECT, World

IMPORTED = """
import atexit, json, sys
from dsar_export.cli import main
loaded = lambda: sorted(n for n in sys.modules if "." not in n)
atexit.register(lambda: print(json.dumps(loaded()), file=open(sys.argv.pop(), "w")))
main()
"""


def imported_by(folder: Path, *arguments: str) -> set[str]:
    """The top-level modules that a command has run when it ends."""
    report = folder / "imported.json"
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED.replace("sys.argv.pop()", repr(str(report))), *arguments],
        input=SUBJECT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, "COLUMNS": "120"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(report.read_text(encoding="utf-8")))


def test_help_imports_nothing_that_exports(tmp_path: Path) -> None:
    heavy = {"sqlalchemy", "reportlab", "pydantic", "jsonschema", "jsonschema_rs", "rich", "psycopg", "babel"}
    heavy |= {"fastapi", "starlette", "uvicorn", "jinja2"}
    assert not heavy & imported_by(tmp_path, "--help")


def test_requests_in_folders_import_nothing_of_s3_and_of_brokers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_STATE", str(tmp_path / "state"))
    used = imported_by(tmp_path, "people", "add", "sam", "--uid", "4711")
    assert "sqlalchemy" in used
    assert not {"obstore", "dramatiq", "redis", "pika", "fastapi", "starlette", "jinja2"} & used


@pytest.mark.parametrize(("cell", "explained"), [({"whole": 7}, False), ({"phone": "no"}, True)])
def test_an_export_imports_no_other_databases_driver_and_what_explains_only_for_what_was_rejected(
    cell: dict[str, object], *, explained: bool, tmp_path: Path
) -> None:
    world = World(tmp_path / "register").write([cell])
    arguments = export_arguments(world.folder, world.out)
    used = imported_by(tmp_path, *arguments, "--write-passphrase", str(tmp_path / "passphrase.txt"))
    assert packages(world.out)
    assert {"sqlalchemy", "reportlab", "jsonschema_rs"} <= used
    assert "psycopg" not in used
    assert ("jsonschema" in used) is explained
