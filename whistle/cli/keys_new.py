"""`whistle keys new`: a service key, a handler's keys, and the draft of a keyring."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from whistle.cli.faults import told
from whistle.cli.files import write_new
from whistle.crypto import drafting, names, passphrase, sshsig, strictjson
from whistle.crypto.age import PrivateKey, seal_with_passphrase
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import (
    WAITING_DAYS,
    Keyring,
    adds,
    parse,
    removed,
    verify_chain,
)
from whistle.crypto.keyring_file import LIFE_DAYS_MAX, ROLES
from whistle.crypto.signing import SigningKey, handler_signing_key
from whistle.errors import KeyringError
from whistle.storage import keys_dir
from whistle.storage.secret_file import read_or_make

_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW = click.Path(path_type=Path, dir_okay=False)
_DATE = click.DateTime(["%Y-%m-%d"])


@click.group()
def new() -> None:
    """Make a service key, a handler's keys, or the draft of a keyring."""


@new.command(short_help="Make the server's own signing key FILE.")
@click.argument("file", type=_NEW)
def service(file: Path) -> None:
    """Make the server's own signing key FILE, if it is not there yet, and print its public key.

    Run it on the server, with FILE the service.key in its data folder. Redirect what it prints
    into service.pub, which the keyring takes.
    """
    with told():
        key = SigningKey.from_seed(read_or_make(file))
    click.echo(sshsig.public_line(key.public, "whistle-service"))


@new.command()
@click.argument("name_id", metavar="ID")
@click.option("--name", required=True, help="Name, as reporters know the person.")
@click.option("--role-text", required=True, help="Role in words, such as: Case handler.")
@click.option("--person", help="Short name of the person, if not the same as ID.")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    required=True,
    metavar="CHANNEL[=ROLE]",
    help="Channel and role (handler, deputy, investigator); repeatable.",
)
@click.option("--from", "since", type=_DATE, help="First day of validity.  [default: today]")
@click.option("--until", type=_DATE, help="Last day.  [default: as long as the keyring]")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the passphrase.")
def handler(name_id: str, folder: Path, *, as_json: bool, **asked: Any) -> None:
    """Make a handler's keys on the handler's own machine.

    Writes ID.key.age (private, under a generated passphrase that is shown once) and
    ID.public.json (for the keyring).
    """
    key = PrivateKey.generate()
    since, until = _day(asked["since"]), asked["until"]
    entry = {
        "id": name_id,
        "person": asked["person"] or name_id,
        "name": asked["name"],
        "role_text": asked["role_text"],
        "age": str(key.public_key),
        "sign": b64u(handler_signing_key(key.seed).public),
        "from": since.isoformat(),
        "to": until.date().isoformat() if until else None,
        "channels": _channels(asked["channels"]),
    }
    words = passphrase.generate()
    private, public = folder / f"{name_id}.key.age", folder / f"{name_id}.public.json"
    with told():
        drafting.write(drafting.first("check", since) | {"handlers": [entry]})
        names.check_name(asked["name"])
        write_new(private, [seal_with_passphrase(f"{key}\n".encode(), words)], secret=True)
        write_new(public, [strictjson.write(entry) + b"\n"])
    if as_json:
        facts = {"private": str(private), "public": str(public), "passphrase": words}
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Passphrase, shown this once: {words}")
    click.echo(f"Private key, to keep: {private}")
    click.echo(f"Public key, for whoever makes the keyring: {public}")


@new.command()
@click.option("--org", help="The organisation's name (for the first keyring).")
@click.option(
    "--after",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of public keys: the draft follows its newest keyring.",
)
@click.option("--handler", "handlers", type=_EXISTING, multiple=True, help="ID.public.json to add.")
@click.option("--remove", multiple=True, metavar="ID", help="Handler to leave out; repeatable.")
@click.option("--service", "services", type=_EXISTING, multiple=True, help="service.pub to add.")
@click.option("--recovery", type=_EXISTING, help="recovery.json: name this recovery key.")
@click.option("--no-recovery", is_flag=True, help="Name no recovery key any more.")
@click.option("--next-root", type=_EXISTING, help="The .pub of the root that signs from now on.")
@click.option("--issued", type=_DATE, help="Day of issue and of publishing.  [default: today]")
@click.option("--days", type=click.IntRange(1, LIFE_DAYS_MAX), default=LIFE_DAYS_MAX)
@click.option("-o", "--output", type=_NEW, help="New file.  [default: keyring-NNNN.json]")
def keyring(org: str | None, after: Path | None, output: Path | None, **asked: Any) -> None:
    """Draft a keyring, to be signed with `whistle keys sign`.

    Issue, sign and publish on one day: until it is published, reports are sealed by the old one.
    """
    with told():
        last = None if after is None else _newest(after)
        if last is None and org is None:
            raise click.UsageError("Give --org for the first keyring, or --after for the next.")
        file = strictjson.write(_draft(org, last, asked))
        found = parse(file)
        names.check(found)
        path = output or Path(keys_dir.KEYRING_FILE.format(serial=found.serial))
        write_new(path, [file])
    click.echo(f"Draft of keyring {found.serial}: {path}")
    _tell_changes(found, None if last is None else parse(last))


def _newest(folder: Path) -> bytes:
    """Return the newest keyring file of a folder, after verifying the chain."""
    root, chain = keys_dir.load_keys_dir(folder)
    verify_chain(chain, root)
    return chain[-1].file


def _draft(org: str | None, last: bytes | None, asked: dict[str, Any]) -> dict[str, Any]:
    """Return a keyring's content: the last one's, with what was asked for."""
    issued = _day(asked["issued"])
    added = [strictjson.parse(path.read_bytes(), 65536, KeyringError) for path in asked["handlers"]]
    services = [_service(path, issued) for path in asked["services"]]
    if last is None:
        content = drafting.first(org or "", issued, asked["days"])
    else:
        content = drafting.following(last, issued, asked["days"])
    replaced = {entry.get("id") for entry in added} | set(asked["remove"])
    unknown = set(asked["remove"]) - {entry["id"] for entry in content["handlers"]}
    if unknown:
        raise click.UsageError(f"Not in the keyring: {', '.join(sorted(unknown))}.")
    kept = [entry for entry in content["handlers"] if entry["id"] not in replaced]
    content["handlers"] = [*kept, *added]
    content["service"] = [*content["service"], *services]
    if asked["no_recovery"] or asked["recovery"]:
        content["recovery"] = _recovery(asked["recovery"], none=asked["no_recovery"])
    if asked["next_root"]:
        content["next_root"] = b64u(keys_dir.read_root(asked["next_root"]))
    return content


def _service(path: Path, issued: dt.date) -> dict[str, Any]:
    """Return a service key as the keyring writes it."""
    public = sshsig.parse_public_line(path.read_text("utf-8"))
    return drafting.service_member(public, issued)


def _recovery(path: Path | None, *, none: bool) -> dict[str, Any] | None:
    """Return the recovery key as `whistle keys recovery new` wrote it, or none."""
    if none and path is not None:
        raise click.UsageError("Give either --recovery or --no-recovery.")
    return None if path is None else strictjson.parse(path.read_bytes(), 65536, KeyringError)


def _channels(given: Sequence[str]) -> dict[str, str]:
    """Return channels and roles from CHANNEL[=ROLE]."""
    pairs = [text.partition("=") for text in given]
    found = {channel: role or "handler" for channel, _, role in pairs}
    wrong = sorted(set(found.values()) - set(ROLES))
    if wrong:
        raise click.UsageError(f"Unknown role {wrong[0]}: choose {', '.join(ROLES)}.")
    return found


def _tell_changes(draft: Keyring, last: Keyring | None) -> None:
    """Print what a draft changes, and from when it will count."""
    if last is None:
        click.echo("The first keyring counts at once. Next: whistle keys sign")
        return
    added, gone = adds(draft, last), removed(draft, last)
    click.echo(
        f"Added or changed: {', '.join(added) or 'nobody'}. Removed: {', '.join(gone) or 'nobody'}."
    )
    if added:
        later = draft.issued_on + dt.timedelta(days=WAITING_DAYS)
        click.echo(
            f"It counts from {later}, or at once with a second signature by a handler: "
            "whistle keys sign --cosign"
        )


def _day(on: dt.datetime | None) -> dt.date:
    """Return the date that was given, or today's."""
    return on.date() if on else dt.datetime.now().astimezone().date()
