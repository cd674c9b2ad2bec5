"""Documents as data: their example boxes and their tables."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def text(name: str) -> str:
    """Return a document of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def examples(document: str) -> dict[str, dict[str, str]]:
    """Return each box that begins "```example name", as its lines' names and values."""
    found = {}
    for name, box in re.findall(
        r"^```example (\S+)\n(.*?)^```$", document, re.MULTILINE | re.DOTALL
    ):
        found[name] = {
            key: value.strip() for key, _, value in (x.partition(" ") for x in box.splitlines())
        }
    return found


def section(document: str, start: str) -> str:
    """Return what stands under the heading that begins with *start*, up to the next like it."""
    heading = re.search(rf"^(#+) {re.escape(start)}.*$", document, re.MULTILINE)
    assert heading, start
    rest = document[heading.end() :]
    end = re.search(rf"^#{{1,{len(heading[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(part: str) -> list[list[str]]:
    """Return the rows of the tables in a part of a document, without heads and rules."""
    found: list[list[str]] = []
    for line in part.splitlines():
        if not line.startswith("|"):
            continue
        if set(line) <= set("|-: "):
            found.pop()  # the head that stands above the rule
            continue
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def code(part: str) -> list[str]:
    """Return what a text marks as code, boxes left aside."""
    return re.findall(
        r"`([^`]+)`", re.sub(r"^```.*?^```$", "", part, flags=re.MULTILINE | re.DOTALL)
    )
