"""The wheel with the dependencies that it declares is enough, in a place that has nothing else."""

import os
import re
import signal
import subprocess
import sys
import time
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of a virtual environment that holds the wheel, and links to what the wheel requires."""
    folder = tmp_path_factory.mktemp("a clean place")
    build: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for name in required("dsar-export", frozenset(), {}):
        link(name, site)
    return folder / "venv" / "bin" / "dsar-export"


def required(name: str, extras: frozenset[str], seen: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The distributions that one requires, and those that these require, with their extras."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        wanted = [{"extra": extra} for extra in ("", *extras)]
        if requirement.marker is not None and not any(map(requirement.marker.evaluate, wanted)):
            continue
        key, own = re.sub(r"[-_.]+", "-", requirement.name).lower(), frozenset(requirement.extras)
        if key not in seen or not own <= seen[key]:
            seen[key] = own | seen.get(key, frozenset())
            required(key, seen[key], seen)
    return seen


def link(name: str, site: Path) -> None:
    found = distribution(name)
    for top in {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}:
        target = site / top
        if not target.exists():
            target.symlink_to(Path(str(found.locate_file(top))).resolve())


def environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "PATH": os.environ["PATH"], "DSAR_REGISTER": "demo/organisation"}


def test_it_runs_the_demo_and_workers(installed: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed, *arguments],
            check=False,
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
        )

    demo = run("demo", "--events", "10")
    assert (demo.returncode, demo.stderr.count("Traceback")) == (0, 0), demo.stderr
    assert len(list((tmp_path / "demo" / "packages").glob("*.zip"))) == 1
    assert run("people", "add", "sam", "--uid", "4711").returncode == 0
    with subprocess.Popen(
        [installed, "worker", "--processes", "1"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
    ) as worker:
        for _ in range(120):
            if run("workers").returncode == 0:
                break
            time.sleep(0.5)
        else:
            worker.kill()
            pytest.fail("no worker showed a sign of life")
        worker.send_signal(signal.SIGTERM)
        _, log = worker.communicate(timeout=60)
    assert (worker.returncode, "Traceback" in log) == (0, False), log
    assert run("workers").returncode == 1  # it took leave
