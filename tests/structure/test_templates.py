"""Templates hold no script, style or bare sentence, each is used, and each form is a safe one."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates"

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "data": re.compile(r"""=\s*["']?\s*(?:data|javascript|blob):""", re.IGNORECASE),
    "elsewhere": re.compile(r"""<(?:script|link|img|iframe|source)[^>]*=\s*["']?(?:https?:)?//"""),
}
"""What the policy of the pages forbids, found before a browser silently drops it."""

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ATTRIBUTES_READ = re.compile(r"""(?:aria-label|title|alt|placeholder)="([^"]*)\"""")
FORM = re.compile(r"<form\b(.*?)</form>", re.DOTALL)

GET_FORMS: dict[str, str] = {
    "desk/cases.html": "a filter changes nothing",
    "office/log.html": "a filter changes nothing",
    "office/anchor.html": "a comparison changes nothing",
}
"""Templates that may hold a form without method=post, each with the reason."""


def templates() -> dict[str, str]:
    """Each template's text by its name."""
    return {
        str(file.relative_to(FOLDER)): file.read_text(encoding="utf-8")
        for file in sorted(FOLDER.glob("**/*.*"))
        if file.suffix in {".html", ".txt"}
    }


def inline(text: str) -> list[str]:
    """The kinds of inline or foreign content in a template."""
    return [kind for kind, pattern in INLINE.items() if pattern.search(text)]


def bare_words(text: str) -> list[str]:
    """Words that a person would read and no translator would see."""
    plain = JINJA.sub(" ", text)
    # What is left of an attribute that a macro makes outside of any tag is no text either.
    shown = re.sub(r'[\w-]+="[^"]*"', " ", re.sub(r"<[^>]*>", "\n", plain))
    lines = [
        line.strip()
        for part in (*ATTRIBUTES_READ.findall(plain), shown)
        for line in part.split("\n")
    ]
    return [line for line in lines if re.search(r"[^\W\d_]", line)]


def unguarded_forms(name: str, text: str) -> list[str]:
    """The forms of a template that send by GET, or stand behind the desk without CSRF token."""
    found = []
    for form in FORM.findall(text):
        posted = re.search(r'\bmethod="post"', form)
        # A form that only scripts read says "dialog": without them it goes nowhere, and what was
        # typed never becomes part of an address.
        if not re.search(r'\bmethod="(?:post|dialog)"', form) and name not in GET_FORMS:
            found.append("not posted")
        inside = name.startswith(("desk/", "office/", "parts/desk", "parts/office"))
        if posted and inside and "csrf_token" not in form:
            found.append("no csrf_token")
    return found


def named_in_templates(texts: dict[str, str]) -> set[str]:
    """Templates that another one extends, includes or imports."""
    pattern = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
    return {name for text in texts.values() for name in pattern.findall(text)}


def named_in_code(sources: Iterator[str]) -> set[str]:
    """Every string in the code that could be a template's name."""
    return {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.endswith((".html", ".txt"))
    }


def rendered_under_other_names(source: str) -> list[tuple[str, str]]:
    """(function, template) of each view that renders a template of its area by another name."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef) or not _is_view(function):
            continue
        names = [
            call.args[0].value
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "render_template"
            and call.args
            and isinstance(call.args[0], ast.Constant)
        ]
        own = [name for name in names if Path(str(name)).stem == function.name.rstrip("_")]
        if names and not own:
            found.append((function.name, str(names[0])))
    return found


def _is_view(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "door"
        for one in function.decorator_list
    )


def code() -> Iterator[str]:
    """The text of each of our modules."""
    for file in ROOT.glob("whistle/**/*.py"):
        yield file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('<script src="/static/a.js"></script>', []),
        ("<script>alert(1)</script>", ["script"]),
        ("<style>a{}</style>", ["style"]),
        ('<p style="color:red">', ["style"]),
        ('<button type="submit" onclick="x()">', ["handler"]),
        ('<img src="data:image/png;base64,AA">', ["data"]),
        ('<a href="javascript:x">', ["data"]),
        ('<link href="//cdn.example/a.css">', ["elsewhere"]),
        ('<p data-on="x" class="style">on = 1</p>', []),
    ],
)
def test_the_finder_of_inline_content_finds_it(text: str, kinds: list[str]) -> None:
    """Each kind once, and what only looks like one."""
    assert inline(text) == kinds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<p>{{ _("Words") }}</p>', []),
        ("<p>Words</p>", ["Words"]),
        ('<p aria-label="Words">{# words #}</p>', ["Words"]),
        ('<input value="{{ value }}" name="what"> 1.', []),
    ],
)
def test_the_finder_of_bare_words_finds_them(text: str, words: list[str]) -> None:
    """In the text and in what is read aloud."""
    assert bare_words(text) == words


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("reporter/a.html", '<form method="post"></form>', []),
        ("reporter/a.html", "<form></form>", ["not posted"]),
        ("reporter/a.html", '<form method="dialog"></form>', []),
        ("desk/a.html", '<form method="post"></form>', ["no csrf_token"]),
        ("desk/a.html", '<form method="post">{{ csrf_token() }}</form>', []),
        ("desk/cases.html", "<form></form>", []),
    ],
)
def test_the_reader_of_forms_sees_each_fault(name: str, text: str, faults: list[str]) -> None:
    """A form that sends by GET, a desk form without its token."""
    assert unguarded_forms(name, text) == faults


def test_the_reader_of_views_sees_another_name() -> None:
    """A view may render more than one template, one of them by its own name."""
    view = '@door("desk")\ndef {}():\n    return render_template("desk/{}.html")\n'
    assert rendered_under_other_names(view.format("cases", "cases")) == []
    assert rendered_under_other_names(view.format("return_", "return")) == []
    assert rendered_under_other_names(view.format("cases", "list")) == [("cases", "desk/list.html")]


@pytest.mark.parametrize("check", [inline, bare_words], ids=["inline", "bare words"])
def test_no_template_has_what_the_check_finds(check: Callable[[str], list[str]]) -> None:
    """Nothing inline, nothing untranslated."""
    assert {name: check(text) for name, text in templates().items() if check(text)} == {}


def test_every_form_is_a_safe_one() -> None:
    """Posted, and with its token where there is a cookie."""
    found = {name: unguarded_forms(name, text) for name, text in templates().items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_template_is_used() -> None:
    """What no view renders and no template includes is dead."""
    texts = templates()
    used = named_in_templates(texts) | named_in_code(code())
    assert set(texts) - used == set()
    assert {name for name in used if "/" in name and name.split("/")[0] == "parts"} <= set(texts)


def test_a_view_renders_a_template_of_its_own_name() -> None:
    """Who knows the page knows the view."""
    assert [pair for source in code() for pair in rendered_under_other_names(source)] == []
