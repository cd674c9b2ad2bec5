"""No time limit of the law stands outside whistle/law.

What the checker looks for, in every Python file of whistle/ except those of whistle/law. A
*span* is a number of days that a limit in states/*.toml or duties.toml could have been
written as: n days; n months as 30 n or as any true length; n years as 365 n or 366 n; the
hours of the breach as days and as hours.

1. `timedelta(...)` whose arguments are numbers, products of numbers or names of such
   constants of the same file, and whose length is a span;
2. any use of `relativedelta`;
3. a number, or a number in a tuple or list, that is given to a name which says what it
   counts in (`…days`, `…weeks`, `…months`, `…years`, `…hours`, in any case): an assignment, a
   default, or a keyword argument; and which is the figure of a limit in that unit or a span;
4. a whole number that is a span in seconds or in milliseconds, also written as a product.

It does not look into strings, nor follow a number through calls.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from whistle.law.periods import Unit, parse_period

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "whistle"
LAW = PACKAGE / "law"

SECONDS = 86_400
DAYS_IN: Mapping[str, float] = {
    "weeks": 7,
    "days": 1,
    "hours": 1 / 24,
    "minutes": 1 / 1440,
    "seconds": 1 / SECONDS,
}
TRUE_MONTHS = {1: (28, 31), 2: (59, 62), 3: (89, 92), 6: (181, 184), 12: (365, 366)}

ALLOWED: Mapping[tuple[str, str], str] = {
    ("whistle/case/clock.py", "warn_acknowledge_days"): "when to warn is a policy, not a limit",
    ("whistle/case/clock.py", "warn_feedback_days"): "when to warn is a policy, not a limit",
    ("whistle/case/clock.py", "sleeping_months"): "an alarm of our own, set by no law",
    ("whistle/case/clock.py", "close_every_days"): "a reminder of our own, set by no law",
    ("whistle/services/pauses.py", "timedelta"): "after how long a machine's time is suspected",
    ("whistle/services/pauses.py", "days"): "the same, in its argument",
    ("whistle/services/old_seals.py", "timedelta"): "protocol section 5: how long old keys stay",
    ("whistle/services/old_seals.py", "days"): "the same, in its argument",
    ("whistle/crypto/keyring.py", "WAITING_DAYS"): "protocol section 2: an unseconded key waits",
    ("whistle/crypto/keyring.py", "timedelta"): "the same, where it is added",
    ("whistle/crypto/keyring.py", "days"): "the same, where it is added",
    ("whistle/services/office/joining.py", "timedelta"): "how long an invitation lasts",
    ("whistle/services/office/joining.py", "days"): "the same, in its argument",
    ("whistle/services/keyrings.py", "timedelta"): "protocol section 2: how late it may be met",
    ("whistle/services/keyrings.py", "days"): "the same",
    ("whistle/crypto/keyring_file.py", "HANDLER_KEY_MONTHS"): "protocol section 2: life of a key",
}
"""Where a figure of the law stands for something else, with the reason."""

_COUNTS_IN = re.compile(r"(days|weeks|months|years|hours)$", re.IGNORECASE)


def _limits() -> set[tuple[int, str]]:
    """Every figure of the law with its unit."""
    found: set[tuple[int, str]] = set()
    for file in (*LAW.glob("states/*.toml"), LAW / "duties.toml"):
        found |= set(_figures(tomllib.loads(file.read_text(encoding="utf-8"))))
    return found


def _figures(table: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    for key, value in table.items():
        if key == "period" and isinstance(value, list):
            for part in parse_period(value):
                yield part.count, "days" if part.unit is Unit.WORKING_DAYS else part.unit.value
        elif key == "hours" and isinstance(value, int):
            yield value, "hours"
        elif isinstance(value, dict):
            yield from _figures(value)


LIMITS = _limits()


def _spans() -> set[float]:
    """Every number of days that a limit could have been written as."""
    spans: set[float] = set()
    for count, unit in LIMITS:
        if unit == "months":
            first, last = TRUE_MONTHS[count]
            spans |= {30 * count, *range(first, last + 1)}
        elif unit == "years":
            spans |= {365 * count, 365 * count + 1, 366 * count}
        else:
            spans.add(count * DAYS_IN[unit])
    return spans


SPANS = _spans()


def _number(node: ast.AST | None, names: Mapping[str, float]) -> float | None:
    """The number that an expression of numbers stands for, or None."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        return float(node.value) if isinstance(node.value, int | float) else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _number(node.left, names), _number(node.right, names)
        return None if left is None or right is None else left * right
    return None


def _constants(tree: ast.Module) -> dict[str, float]:
    names: dict[str, float] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _number(node.value, names)
            if value is not None:
                names[node.targets[0].id] = value
    return names


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def _length(node: ast.Call, names: Mapping[str, float]) -> float | None:
    """The length in days of a timedelta(...) of numbers."""
    days = [_number(one, names) for one in node.args[:1]]
    for keyword in node.keywords:
        value = _number(keyword.value, names)
        scale = DAYS_IN.get(keyword.arg or "")
        days.append(None if value is None or scale is None else value * scale)
    return None if None in days else sum(one for one in days if one is not None)


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every name in `node` that is given a value: assigned, by default, or by keyword."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield ast.unparse(target).rpartition(".")[2], node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield ast.unparse(node.target).rpartition(".")[2], node.value
    elif isinstance(node, ast.keyword) and node.arg is not None:
        yield node.arg, node.value
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        after = positional[len(positional) - len(node.defaults) :]
        yield from ((one.arg, value) for one, value in zip(after, node.defaults, strict=True))
        for one, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            if default is not None:
                yield one.arg, default


def _is_limit(name: str, value: ast.expr, names: Mapping[str, float]) -> bool:
    match = _COUNTS_IN.search(name)
    if match is None:
        return False
    unit = match[1].lower()
    listed = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    numbers = [_number(one, names) for one in listed]
    return any(
        number is not None and ((number, unit) in LIMITS or number * DAYS_IN.get(unit, 0) in SPANS)
        for number in numbers
    )


def time_limits(source: str) -> list[tuple[int, str]]:
    """The line and the name of everything in a file that looks like a limit of the law."""
    tree = ast.parse(source)
    names = _constants(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "timedelta":
            length = _length(node, names)
            if length is not None and round(length, 6) in SPANS:
                found.append((node.lineno, "timedelta"))
        if "relativedelta" in (getattr(node, "id", ""), getattr(node, "attr", "")):
            found.append((getattr(node, "lineno", 0), "relativedelta"))
        if isinstance(node, ast.Constant | ast.BinOp):
            number = _number(node, {})
            if number in {span * scale for span in SPANS for scale in (SECONDS, 1000 * SECONDS)}:
                found.append((node.lineno, "seconds"))
        for name, value in _named(node):
            if _is_limit(name, value, names):
                found.append((value.lineno, name))
    return sorted(set(found))


@pytest.mark.parametrize(
    "line",
    [
        "due = received + timedelta(days=7)",
        "due = received + datetime.timedelta(7)",
        "due = received + timedelta(weeks=1)",
        "due = received + timedelta(days=6, hours=24)",
        "due = received + timedelta(hours=168)",
        "due = received + timedelta(days=90)",
        "due = received + timedelta(days=3 * 30)",
        "due = received + timedelta(days=92)",
        "due = received + timedelta(days=730)",
        "due = received + timedelta(days=2 * 365)",
        "due = aware + timedelta(hours=72)",
        "WEEK = 7\ndue = received + timedelta(days=WEEK)",
        "due = received + relativedelta(months=+3)",
        "ACKNOWLEDGE_DAYS = 7",
        "feedback_months: int = 3",
        "limit(months=3)",
        "def due(received, days=7): ...",
        "def due(received, *, retention_years=2): ...",
        "due_days = (7, 90)",
        "wait(604_800)",
        "wait(7 * 24 * 60 * 60)",
        "wait(604_800_000)",
    ],
)
def test_the_checker_finds_a_limit(line: str) -> None:
    """Known examples of law by arithmetic."""
    assert time_limits(line)


@pytest.mark.parametrize(
    "line",
    [
        "SESSION = timedelta(minutes=15)",
        "tomorrow = today + timedelta(days=1)",
        "due = received + timedelta(days=days)",
        "due = received + timedelta(days=limit.days)",
        "size = 7",
        "seven = [7, 90, 730]",
        "columns = 3 * 30",
        "warn(days=days)",
        "DAY_SECONDS = 86_400",
        "march = day.replace(month=3, day=7)",
        "def due(received, days): ...",
    ],
)
def test_the_checker_leaves_other_numbers_alone(line: str) -> None:
    """Known examples of what is no limit of the law."""
    assert time_limits(line) == []


def test_no_time_limit_of_the_law_stands_outside_the_law() -> None:
    """Each figure has one home, with its article."""
    found = {}
    for file in sorted(PACKAGE.glob("**/*.py")):
        if LAW in file.parents:
            continue
        path = file.relative_to(ROOT).as_posix()
        for line, name in time_limits(file.read_text(encoding="utf-8")):
            if (path, name) not in ALLOWED:
                found[f"{path}:{line}"] = name
    assert found == {}


def test_every_allowed_figure_is_still_there() -> None:
    """The list of exceptions names nothing that is gone."""
    for path, name in ALLOWED:
        names = {found for _, found in time_limits((ROOT / path).read_text(encoding="utf-8"))}
        assert name in names, (path, name)
