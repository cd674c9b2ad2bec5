"""Checking a package that the browser's code made: whole, or which change was made to it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.js.node import CHECKOUT, NODE
from whistle.cli import main
from whistle.crypto import package
from whistle.crypto.encoding import b64u_decode
from whistle.errors import PackageError
from whistle.storage.keys_dir import KEYRING_FILE, ROOT_FILE, SIGNATURE_SUFFIX


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """A report, its confirmation, three messages: a name covered, signs that turn the reading."""
    script = CHECKOUT / "tests/js/support/pack.mjs"
    done = subprocess.run([NODE, script], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def page(made: dict[str, Any]) -> str:
    """The package."""
    return str(made["page"])


def check(tmp_path: Path, page: str, *options: object) -> Result:
    """Run the command on a page."""
    file = tmp_path / "material.html"
    file.write_text(page, encoding="utf-8", newline="")
    return CliRunner().invoke(main, ["verify-export", str(file), *map(str, options)])


def test_a_package_is_whole_and_tells_what_is_proven(page: str) -> None:
    """Where nothing was covered, by whom it was written; the words are those that were signed."""
    found = package.read(page.encode())
    assert [one.covered for one in found.entries] == [False, False, False, True, False]
    assert [one.key is not None for one in found.entries] == [True, False, True, False, True]
    assert found.entries[0].texts == ("Rad ett\n<rad> två & 'tre'.", "Här")
    assert found.entries[3].texts == ("[x] har svarat.",)
    turned = "\N{RIGHT-TO-LEFT OVERRIDE}000 1\N{POP DIRECTIONAL FORMATTING}"
    assert found.entries[4].texts == (f"Betalt {turned} kr.",)
    assert turned not in page
    assert (found.to, found.identity, found.made_on) == ("court", None, "2026-11-22")


def test_the_command_names_writers_by_the_keyring(
    made: dict[str, Any], page: str, tmp_path: Path
) -> None:
    """Handlers by name; the reporter's key is in no keyring."""
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / ROOT_FILE).write_text(made["root"] + "\n")
    for serial, one in enumerate(made["keyrings"], 1):
        name = KEYRING_FILE.format(serial=serial)
        (keys / name).write_bytes(b64u_decode(one["file"]))
        (keys / (name + SIGNATURE_SUFFIX)).write_text(one["signature"])
    told = check(tmp_path, page, "--keys", keys, "--json")
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert facts["signed_by"] == "Anna Ek (anna)"
    assert [one["by"] for one in facts["entries"]] == [
        "the reporter of this case",
        None,
        "Anna Ek (anna)",
        None,
        "Anna Ek (anna)",
    ]
    plain = check(tmp_path, page, "--keys", keys)
    assert "3. message of 2026-11-22: nothing covered, proven: written by Anna Ek" in plain.stdout
    assert "key " in check(tmp_path, page).stdout


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Tack.", "Nej.", "text"),
        ("[x] har svarat.", "Kalle har svarat.", "text"),
        ("<main>", "<main><article></article>", "entries"),
        ('<bdi data-sign="202e">[U+202E]</bdi>', "", "text"),
        ('<bdi data-sign="202e">', '<bdi data-sign="202d">', "text"),
        ('<bdi data-sign="202e">', '<bdi data-sign="41">', "page"),
        ("<main>", '<main><bdi data-sign="202e"></bdi>', "page"),
        ("<main>", "<main><script>1</script>", "page"),
        ('data-path="answers.what"', 'data-path="answers.when_where"', "proof"),
        ("&quot;record&quot;", "&quot;recorf&quot;", "missing_key"),
        ('id="verification"', 'id="other"', "json"),
    ],
)
def test_every_change_is_found(tmp_path: Path, page: str, old: str, new: str, reason: str) -> None:
    """A word, a passage uncovered, an entry more, a script, another signature."""
    assert old in page
    changed = page.replace(old, new, 1)
    with pytest.raises(PackageError, match=reason):
        package.read(changed.encode())
    told = check(tmp_path, changed)
    assert told.exit_code == 1
    assert "package" in told.stderr


def test_an_entry_taken_out_is_found(page: str) -> None:
    """The record counts them."""
    start, end = page.index("<article>"), page.index("</article>") + len("</article>")
    with pytest.raises(PackageError, match="entries"):
        package.read((page[:start] + page[end:]).encode())


def test_another_makers_record_is_not_taken(page: str) -> None:
    """Its signature is over the record as it stands."""
    key = "&quot;sig&quot;:&quot;"
    at = page.index(key) + len(key)
    flipped = "A" if page[at] != "A" else "B"
    with pytest.raises(PackageError, match="signature"):
        package.read((page[:at] + flipped + page[at + 1 :]).encode())
