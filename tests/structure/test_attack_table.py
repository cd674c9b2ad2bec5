"""The table of attacks in docs/threat-model.md names only tests that exist."""

import re

from tests.structure.test_law_table import ROOT, names_in

_TEST = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_each_attack_names_its_test() -> None:
    """A row without one is a claim without a proof."""
    rows = [line for line in PAGE.split("## 8. ")[1].splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        named = _TEST.findall(row)
        assert named, row
        for file, name in named:
            assert name in names_in(ROOT / file), (file, name)
