"""Imports point down the house, nothing goes round in a circle, and nothing grows without end.

The order is that of the packages below. Imports inside functions and for types count too: a
circle that is hidden is a circle.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FUNCTION = 60
LONGEST_FILE = 400

ORDER = (
    "cli",
    "web",
    "services",
    "storage",
    "notify",
    "documents",
    "figures",
    "richtext",
    "wording",
    "translations",
    "case",
    "law",
    "crypto",
    "data",
    "config",
    "errors",
)
"""From the top of the house to its ground; a module imports only from its own package and below."""

WEB_IMPORTS = {"web", "services", "wording", "documents", "figures", "config", "errors", "case"}
"""The web asks the services; it never reaches past them to tables or keys."""

STRANGERS = (
    {"web.reporter", "web.desk", "web.office"},
    {"services.reporting", "services.handling", "services.office", "services.upkeep"},
)
"""Rooms that never import each other."""

ALLOWED: dict[tuple[str, str], str] = {
    ("whistle.web.session", "whistle.crypto.keyring"): "the type of who is signed in",
}
"""Single imports against a rule, each with the reason."""

Imports = Mapping[str, set[str]]


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package under `root` by its dotted name."""
    found = {}
    for file in sorted(root.glob("whistle/**/*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports_of(name: str, source: str, known: set[str], *, package: bool = False) -> set[str]:
    """The modules of the house that a source text imports, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                levels = node.level - (1 if package else 0)
                above = name.split(".")[: len(name.split(".")) - levels]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found |= {whole if whole in known else base} & known
    return found - {name}


def house() -> dict[str, set[str]]:
    """Each module of Whistle with the modules of Whistle that it imports."""
    files = modules(ROOT)
    return {
        name: imports_of(
            name,
            file.read_text(encoding="utf-8"),
            set(files),
            package=file.name == "__init__.py",
        )
        for name, file in files.items()
    }


def package_of(module: str) -> str:
    """The top package of a module: "whistle.web.app" is in "web"."""
    return module.split(".")[1] if "." in module else ""


def room_of(module: str) -> str:
    """The two upper packages of a module: "whistle.web.desk.cases" is in "web.desk"."""
    return ".".join(module.split(".")[1:3])


def broken(imports: Imports) -> Iterator[tuple[str, str]]:
    """Each import that points up, past the services, or into a stranger's room."""
    for importer, imported in sorted(imports.items()):
        for target in sorted(imported):
            above, below = package_of(importer), package_of(target)
            if not above or not below:
                continue
            up = ORDER.index(below) < ORDER.index(above)
            past = above == "web" and below not in WEB_IMPORTS
            rooms = {room_of(importer), room_of(target)}
            strange = len(rooms) == 2 and any(rooms <= group for group in STRANGERS)
            if (up or past or strange) and (importer, target) not in ALLOWED:
                yield importer, target


def circles(imports: Imports) -> list[list[str]]:
    """The groups of modules that reach each other (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(imports.get(name, ())):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(imports):
        if name not in index:
            visit(name)
    return found


def long_functions(source: str) -> list[str]:
    """The names of the functions in a source text that are over the budget."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def measured() -> list[Path]:
    """Every Python file that has a budget: all but the numbered migrations."""
    files = [*ROOT.glob("whistle/**/*.py"), *ROOT.glob("tests/**/*.py")]
    return [file for file in files if "migrations" not in file.parts]


KNOWN = {
    "whistle.web",
    "whistle.web.app",
    "whistle.web.desk.cases",
    "whistle.law",
    "whistle.errors",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import whistle.law", {"whistle.law"}),
        ("from whistle import errors", {"whistle.errors"}),
        ("from whistle.web.app import create_app", {"whistle.web.app"}),
        ("from .desk import cases", {"whistle.web.desk.cases"}),
        ("from . import app", {"whistle.web.app"}),
        ("def late():\n    from whistle import law", {"whistle.law"}),
        ("if TYPE_CHECKING:\n    import whistle.errors", {"whistle.errors"}),
        ("import json\nfrom pathlib import Path", set()),
    ],
)
def test_the_reader_of_imports_sees_every_kind(source: str, expected: set[str]) -> None:
    """Plain, from, relative, inside a function, for types only."""
    assert imports_of("whistle.web.other", source, KNOWN) == expected


def test_the_reader_of_rules_sees_each_fault() -> None:
    """Up, past the services, a stranger's room; and lets the rest pass."""
    imports = {
        "whistle.law.periods": {"whistle.case", "whistle.errors"},
        "whistle.web.app": {"whistle.storage.engine", "whistle.services.thread", "whistle.case"},
        "whistle.web.desk.cases": {"whistle.web.reporter.start", "whistle.web.guards"},
        "whistle.services.handling.cases": {"whistle.services.reporting.filing"},
        "whistle.services.thread": {"whistle.crypto.chain", "whistle.storage"},
    }
    assert list(broken(imports)) == [
        ("whistle.law.periods", "whistle.case"),
        ("whistle.services.handling.cases", "whistle.services.reporting.filing"),
        ("whistle.web.app", "whistle.storage.engine"),
        ("whistle.web.desk.cases", "whistle.web.reporter.start"),
    ]


def test_the_finder_of_circles_finds_them() -> None:
    """One of two, one of three, and a straight line."""
    imports = {"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"e"}, "e": {"c", "f"}, "f": set[str]()}
    assert circles(imports) == [["a", "b"], ["c", "d", "e"]]
    assert circles({"a": {"b"}, "b": {"c"}}) == []


def test_the_measure_of_functions_counts_lines() -> None:
    """Sixty lines pass, sixty-one do not."""
    body = "    pass\n"
    assert long_functions("def fits():\n" + body * 59) == []
    assert long_functions("def grown():\n" + body * 60) == ["grown"]


def test_every_package_has_its_place() -> None:
    """A new package at the top is a decision, written into the order."""
    packages = {package_of(name) for name in modules(ROOT)} - {""}
    assert packages <= set(ORDER)


def test_imports_point_down() -> None:
    """No arrow up, none past the services, none between rooms."""
    assert list(broken(house())) == []


def test_every_exception_is_still_needed() -> None:
    """An exception goes with its import."""
    imports = house()
    assert [pair for pair in ALLOWED if pair[1] not in imports.get(pair[0], set())] == []


def test_no_modules_import_each_other() -> None:
    """Shared things live in the lowest of them."""
    assert circles(house()) == []


def test_no_function_is_over_its_budget() -> None:
    """Sixty lines can be read at once."""
    long = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in measured()
        for name in long_functions(file.read_text(encoding="utf-8"))
    }
    assert long == set()


def test_no_file_is_over_its_budget() -> None:
    """Four hundred lines are one subject."""
    long = {
        str(file.relative_to(ROOT))
        for file in measured()
        if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    }
    assert long == set()
