"""The table of docs/law.md names all forty-one rules, and only tests that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "law.md"
RULES = range(1, 42)
STATES = {"held", "part", "waits"}

_TEST = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
_FILE = re.compile(r"`((?:law|case)/[\w./]+)`")
_NAMED = re.compile(r"test_invariant_(\d\d)_")


def rows(page: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of the table by its number."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[0].isdigit():
            names = ("number", "rule", "article", "state", "where", "tests")
            yield int(cells[0]), dict(zip(names, cells, strict=True))


def names_in(file: Path) -> set[str]:
    """The names of the test functions in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


TABLE = dict(rows(PAGE.read_text(encoding="utf-8")))


def test_the_reader_reads_a_row() -> None:
    """A known row, and lines that are none."""
    page = (
        "| # | Rule | Article | State | Where | Tests |\n|-|-|-|-|-|-|\n| 7 | a | b | c | d | e |"
    )
    assert [number for number, _ in rows(page)] == [7]


def test_every_rule_stands_in_the_table_once() -> None:
    """One to forty-one, in order, each with words, an article and a state."""
    numbers = [number for number, _ in rows(PAGE.read_text(encoding="utf-8"))]
    assert numbers == list(RULES)
    for row in TABLE.values():
        assert row["state"] in STATES
        assert all(row[name] for name in ("rule", "article", "where"))


def test_what_is_held_has_a_test_and_what_waits_says_for_what() -> None:
    """No claim without a proof, no gap without a name."""
    for number, row in TABLE.items():
        named = _TEST.findall(row["tests"])
        assert bool(named) == (row["state"] != "waits"), number
        assert ("Waits:" in row["where"]) == (row["state"] == "part"), number


def test_every_test_that_is_named_exists() -> None:
    """File and function."""
    for number, row in TABLE.items():
        for file, name in _TEST.findall(row["tests"]):
            assert name in names_in(ROOT / file), (number, name)


def test_every_place_that_is_named_exists() -> None:
    """Files of the law and the case."""
    for number, row in TABLE.items():
        for file in _FILE.findall(row["where"]):
            assert (ROOT / "whistle" / file).exists(), (number, file)


def test_every_test_that_names_a_rule_stands_in_its_row() -> None:
    """A test called after a rule is found from the table."""
    for file in sorted((ROOT / "tests").glob("**/test_*.py")):
        for name in names_in(file):
            match = _NAMED.match(name)
            if match:
                place = f"`{file.relative_to(ROOT).as_posix()}::{name}`"
                assert place in TABLE[int(match[1])]["tests"], place
