"""`whistle verify-export`: what can be proven of a package that was made at the desk."""

import json
from pathlib import Path
from typing import Any

import click

from whistle.cli.faults import told
from whistle.crypto import package
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import KeyringChain, verify_chain
from whistle.storage import keys_dir

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("verify-export")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--keys", "keys_folder", type=_FOLDER, help="Folder of public keys: names writers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_export(file: Path, keys_folder: Path | None, *, as_json: bool) -> None:
    """Check the package in FILE, an HTML file made at the desk.

    Tells of each entry whether words were covered, and who signed it, if that is shown. Exit code 1
    if anything was changed since the package was made. A sealed package is opened first: with
    `age --decrypt`, or `whistle open`.
    """
    with told():
        found = package.read(file.read_bytes())
        chain = None
        if keys_folder is not None:
            root, files = keys_dir.load_keys_dir(keys_folder)
            chain = verify_chain(files, root)
    entries = [_entry(one, chain) for one in found.entries]
    facts = {
        "made_on": found.made_on,
        "to": found.to,
        "identity": found.identity,
        "signed_by": _named(found.key, chain),
        "entries": entries,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"Whole, as made on {found.made_on}. Signed by {facts['signed_by']}.")
    for one in entries:
        covered = "words covered" if one["covered"] else "nothing covered"
        by = "" if one["by"] is None else f", proven: written by {one['by']}"
        click.echo(f"{one['number']}. {one['kind']} of {one['on']}: {covered}{by}")


def _entry(one: package.Packed, chain: KeyringChain | None) -> dict[str, Any]:
    """One entry, its writer named where that can be."""
    by = None if one.key is None else _named(one.key, chain, other="the reporter of this case")
    return {
        "number": one.number,
        "kind": one.kind,
        "on": one.on,
        "covered": one.covered,
        "sealed_sha256": one.sealed_sha256,
        "by": by,
    }


def _named(
    key: bytes, chain: KeyringChain | None, other: str = "a key that no keyring names"
) -> str:
    """Whose signing key this is by the keyrings; without them, the key itself."""
    if chain is None:
        return f"key {b64u(key)}"
    for link in reversed(chain.links):
        for handler in link.keyring.handlers:
            if handler.sign == key:
                return f"{handler.name} ({handler.id})"
    return other
