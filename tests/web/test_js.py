"""The browser's own modules, tested by node's test runner: one pytest test for each file."""

import subprocess
from pathlib import Path

import pytest

from tests.js.node import CHECKOUT, NODE

FILES = sorted((CHECKOUT / "tests/js").glob("*.test.mjs"))


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_node_passes(file: Path) -> None:
    """Every test of one file passes in node."""
    done = subprocess.run(  # what node prints is the failure's explanation
        [NODE, "--test", "--test-reporter=spec", file],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
