"""Every column says why it may exist, and the threat model lists what each gives away."""

import ast
import re
from pathlib import Path

from whistle.storage.tables import Table

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "whistle" / "storage" / "tables"
THREAT_MODEL = ROOT / "docs" / "threat-model.md"
LISTED = re.compile(r"^\| `(\w+\.\w+)` \| (.+?) \|$", re.MULTILINE)
FORBIDDEN = re.compile(
    r"address|agent|browser|\bip\b|language|subject|topic|category|phone|file_?name|created_at|"
    r"received_at|time",
)
ALLOWED = {
    "people.language": "a handler's own, for reminders",
    "people.one_time_secret": "one-time codes",
    "people.one_time_step": "one-time codes",
}
"""Columns whose name would be forbidden for a reporter's, each with what it is."""


def columns() -> set[str]:
    """Every column of every table, as `table.column`."""
    return {
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
    }


def documented(source: str) -> dict[str, str]:
    """The columns that a module's classes declare, with the sentence below each."""
    found = {}
    for kind in (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)):
        name = next(
            (
                node.value.value
                for node in kind.body
                if isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "__tablename__"
                and isinstance(node.value, ast.Constant)
            ),
            None,
        )
        for node, below in zip(kind.body, [*kind.body[1:], None], strict=True):
            if not isinstance(node, ast.AnnAssign):
                continue
            said = below.value if isinstance(below, ast.Expr) else None
            text = said.value if isinstance(said, ast.Constant) else ""
            found[f"{name!s}.{ast.unparse(node.target)}"] = str(text)
    return found


def test_a_sentence_is_found_below_its_column() -> None:
    """And its absence as well."""
    source = '''
class Case(Table):
    """One report."""

    __tablename__ = "cases"

    id: Mapped[bytes]
    """Random."""
    bare: Mapped[int] = mapped_column(default=0)
    on: Mapped[date | None]
'''
    assert documented(source) == {"cases.id": "Random.", "cases.bare": "", "cases.on": ""}


def test_every_column_has_a_sentence() -> None:
    """What it is for, and whether it could point to the reporter."""
    found: dict[str, str] = {}
    for file in TABLES.glob("*.py"):
        found |= documented(file.read_text(encoding="utf-8"))
    assert set(found) == columns()
    assert sorted(name for name, sentence in found.items() if len(sentence) < 5) == []


def test_the_threat_model_lists_every_column() -> None:
    """And none that is not there; each with what it gives away."""
    listed = dict(LISTED.findall(THREAT_MODEL.read_text(encoding="utf-8")))
    assert sorted(columns() - set(listed)) == []
    assert sorted(set(listed) - columns()) == []
    assert sorted(name for name, said in listed.items() if len(said.strip()) < 3) == []


def test_no_column_is_named_like_something_that_is_never_kept() -> None:
    """No address, agent, clock time, file name, subject or language of a reporter (design 4.1)."""
    assert sorted(name for name in columns() if FORBIDDEN.search(name.split(".")[1])) == sorted(
        ALLOWED
    )


def test_an_instant_is_a_handlers_or_the_clocks() -> None:
    """What ends in `_at` or is an instant stands only where no reporter acts."""
    instants = {
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if "DATETIME" in str(column.type).upper() or "TIMESTAMP" in str(column.type).upper()
    }
    assert {name.split(".")[0] for name in instants} <= {
        "sessions",
        "notices",
        "people",
        "tries",
        "marks",
    }
