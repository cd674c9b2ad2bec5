"""Running `whistle keys` for the recovery key: what the tests of making and using it share."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from whistle.cli import main
from whistle.crypto.shares import Share

HOLDERS = ("carin:Carin Dahl", "eva:Eva Ek", "gun:Gun Alm")


def run(*arguments: object, stdin: str | None = None) -> Result:
    """Run `whistle keys …`."""
    return CliRunner().invoke(main, ["keys", *map(str, arguments)], input=stdin)


def do(*arguments: object, stdin: str | None = None) -> Result:
    """Run a command that must succeed."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result


def refused(said: str, *arguments: object, stdin: str | None = None, code: int = 1) -> None:
    """Run a command that must fail and say why."""
    result = run(*arguments, stdin=stdin)
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, said in result.stderr) == (code, True), result.output


def make(folder: Path, *options: object, holders: tuple[str, ...] = HOLDERS) -> dict[str, Any]:
    """Make a recovery key; return what is printed as JSON."""
    named = [option for one in holders for option in ("--holder", one)]
    made = do("recovery", "new", "--k", 2, *named, "--out", folder, "--json", *options)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def pages(folder: Path) -> list[Path]:
    """The shares in a folder."""
    return sorted(folder.glob("share-*.txt"))


def share_in(page: Path) -> Share:
    """The share on a page."""
    lines = page.read_text().splitlines()
    return Share.parse("\n".join(line for line in lines if not line.startswith("#")))
