"""What the README, the decisions and the other pages at the top say is so."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.documents import reading
from whistle.cli import COMMANDS

PAGES = (
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/protocol.md",
    "docs/threat-model.md",
    "docs/decisions.md",
)
PICTURES_BYTES_MAX = 600_000
README_LINES_MAX = 100


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_the_checkout_leads_somewhere(name: str) -> None:
    """Links and pictures name files that are there."""
    page = reading.text(name)
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page) + re.findall(r'src="([^"]+)"', page)
    folder = (reading.ROOT / name).parent
    inside = [one for one in targets if not one.startswith("https://")]
    assert [one for one in inside if not (folder / one).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_path_in_a_page_is_there(name: str) -> None:
    """Paths of tests and modules that a page names exist."""
    marked = re.findall(r"`((?:tests|whistle|docs|keys|deploy)/[\w./-]+)`", reading.text(name))
    named = [one for one in marked if not re.search(r"/v\d$", one)]  # labels of the protocol
    assert [one for one in named if not (reading.ROOT / one).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_page_names_exists(name: str) -> None:
    """`whistle …` and `make …` in a page can be typed."""
    page = reading.text(name)
    commands = re.findall(r"(?:`|^    )whistle ([a-z]+(?:-[a-z]+)*)", page, re.MULTILINE)
    targets = re.findall(r"(?:`|^    )make ([a-z]+)", page, re.MULTILINE)
    made = re.findall(r"^([a-z]+):", reading.text("Makefile"), re.MULTILINE)
    assert set(commands) <= set(COMMANDS)
    assert set(targets) <= set(made)


def test_the_readme_can_be_read_in_five_minutes() -> None:
    """Two screens, and pictures that a slow line can load."""
    assert len(reading.text("README.md").splitlines()) <= README_LINES_MAX
    pictures = sorted((reading.ROOT / "docs" / "pictures").glob("*.png"))
    assert 2 <= len(pictures) <= 4
    assert sum(one.stat().st_size for one in pictures) <= PICTURES_BYTES_MAX


def test_the_changelog_names_every_command() -> None:
    """What can be typed was announced."""
    page = reading.text("CHANGELOG.md")
    assert [one for one in COMMANDS if not re.search(rf"`(whistle )?{one}`", page)] == []


def test_every_package_is_justified_and_no_other() -> None:
    """The tables of packages hold what pyproject.toml asks for."""
    project = tomllib.loads(Path(reading.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [one for group in project["dependency-groups"].values() for one in group]
    asked = project["project"]["dependencies"] + [one for one in groups if isinstance(one, str)]
    names = {re.split(r"[<>=~]", one)[0] for one in asked}
    part = reading.section(reading.text("docs/decisions.md"), "Packages")
    assert {name for row in reading.rows(part) for name in reading.code(row[0])} == names


def test_every_decision_says_what_why_and_what_was_refused() -> None:
    """Three lines each: choice, why, and what was refused or measured."""
    page = reading.text("docs/decisions.md")
    decisions = re.split(r"^### ", page.split("## Packages")[0], flags=re.MULTILINE)[1:]
    assert len(decisions) >= 30
    for one in decisions:
        said = re.findall(r"^- \*\*(\w+)\*\* .", one, re.MULTILINE)
        assert said == ["Choice", "Why", "Refused"], one.splitlines()[0]
