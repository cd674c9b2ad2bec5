"""The published vectors are exactly what the committed script makes."""

import pytest

from tests.vectors.make import FILES, FOLDER, render


@pytest.mark.parametrize("name", FILES)
def test_published_vectors_are_what_the_script_makes(name: str) -> None:
    """Nobody edits a vector by hand, and no change of ours changes one unseen."""
    assert (FOLDER / f"{name}.json").read_text("utf-8") == render(name)
