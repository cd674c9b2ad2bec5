"""Reading the vectors that pytest and node share."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors"


def load(name: str) -> Any:
    """Return the vectors in a file of that name."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["vectors"]


def comment(vector: Any) -> str:
    """Return what a vector is about, as a test's name."""
    return str(vector["comment"])
