"""`whistle keys`: the ceremony of the keyring (keys/README.md tells it step by step)."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from whistle.cli.faults import told
from whistle.cli.files import write_new
from whistle.cli.keys_new import new
from whistle.cli.recovering import recover
from whistle.cli.recovery import recovery
from whistle.cli.sealing import read_private_keys
from whistle.crypto import names, sshsig
from whistle.crypto.keyring import (
    COSIGN_NAMESPACE,
    SIGN_NAMESPACE,
    Keyring,
    KeyringChain,
    Link,
    adds,
    parse,
    phrase,
    removed,
    verify_chain,
)
from whistle.crypto.phrase import fingerprint
from whistle.crypto.signing import SigningKey, handler_signing_key
from whistle.errors import KeyringError
from whistle.storage import keys_dir

_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_DATE = click.DateTime(["%Y-%m-%d"])


@click.group()
def keys() -> None:
    """Make, sign, check and publish the keyring.

    The order: root, new (service, handler, keyring), sign, perhaps sign --cosign, verify,
    publish. The root key stays offline; only public keys are ever published.
    """


keys.add_command(new)
keys.add_command(recovery)
keys.add_command(recover)


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="whistle-root")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def root(file: Path, *, as_json: bool) -> None:
    """Make the organisation's root key: FILE (private) and FILE.pub.

    The private file has no passphrase: make it on a machine that is offline, on a stick that then
    lies in a safe. ssh-keygen -t ed25519 makes one under a passphrase; sign with ssh-keygen then.
    """
    key = SigningKey.generate()
    public = file.with_name(f"{file.name}.pub")
    with told():
        write_new(file, [sshsig.private_openssh(key).encode()], secret=True)
        line = sshsig.public_line(key.public, keys_dir.ROOT_COMMENT)
        write_new(public, [f"{line}\n".encode()])
    words = phrase(key.public)
    if as_json:
        facts = {"private": str(file), "public": str(public), "line": line, "phrase": words}
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Private key: {file} (into a safe; whoever has it names the handlers)")
    click.echo(f"Public key:  {public}")
    click.echo(f"Its phrase, for the poster: {' '.join(words)}")


@keys.command(short_help="Sign a keyring FILE with the root key, or as a handler.")
@click.argument("file", type=_EXISTING)
@click.option("--key", "key_file", type=_EXISTING, required=True, help="The private key.")
@click.option("--cosign", is_flag=True, help="Sign as a handler, with the handler's key file.")
def sign(file: Path, key_file: Path, *, cosign: bool) -> None:
    """Sign a keyring FILE: with the root key, or as a handler with --cosign.

    Writes FILE.sig or FILE.cosig. Instead of this, ssh-keygen signs with the root key:
    ssh-keygen -Y sign -f ROOT -n whistle-keyring-v1 FILE
    """
    suffix = keys_dir.COSIGNATURE_SUFFIX if cosign else keys_dir.SIGNATURE_SUFFIX
    namespace = COSIGN_NAMESPACE if cosign else SIGN_NAMESPACE
    with told():
        content = file.read_bytes()
        keyring = parse(content)
        names.check(keyring)
        key = _handler_key(key_file) if cosign else _root_key(key_file)
        target = file.with_name(file.name + suffix)
        write_new(target, [sshsig.sign(key, namespace, content).encode()])
    for one in keyring.handlers:
        words = " ".join(fingerprint(one.age.raw, one.sign))
        click.echo(f"{one.id}, {one.name}: {words}")
    click.echo(f"Signed serial {keyring.serial} of {keyring.org}: {target}")


@keys.command(short_help="Put a signed keyring FILE into the folder of public keys.")
@click.argument("file", type=_EXISTING)
@click.option("--to", type=_FOLDER, required=True, help="Folder of public keys.")
@click.option("--root", "root_file", type=_EXISTING, help="The root's .pub (for the first one).")
@click.option("--on", type=_DATE, help="Date to judge by.  [default: today]")
def publish(file: Path, to: Path, root_file: Path | None, on: dt.datetime | None) -> None:
    """Put a signed keyring FILE into the folder of public keys, if it verifies there.

    Nothing in the folder is ever replaced. What adds somebody without a handler's signature is
    published on its day of issue, or the day after: the seven days of announcement run from there.
    """
    with told():
        try:
            root_key, chain = keys_dir.load_keys_dir(to)
        except KeyringError:
            if root_file is None or (to.is_dir() and any(to.glob("keyring-*"))):
                raise
            root_key, chain = keys_dir.read_root(root_file), []
        signed = keys_dir.read_signed(file)
        is_new = signed not in chain
        verified = verify_chain([*chain, signed] if is_new else chain, root_key)
        if is_new:
            _refuse_backdated(verified.links[-1], _day(on))
        written = keys_dir.publish(to, root_key, parse(signed.file).serial, signed)
    click.echo(f"Published: {written}")
    _tell_state(verified, _day(on))


@keys.command()
@click.argument("folder", type=_FOLDER, default="keys")
@click.option("--root", "root_file", type=_EXISTING, help="Root key to trust instead of root.pub.")
@click.option("--on", type=_DATE, help="Date to judge by.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(folder: Path, root_file: Path | None, on: dt.datetime | None, *, as_json: bool) -> None:
    """Verify every keyring in FOLDER under the root key.

    Exit code 1 when one breaks a rule, or when none is in force or the last has run out.
    """
    day = _day(on)
    root_key, chain = _load(folder, root_file)
    if as_json:
        facts = {**_facts(_in_force(chain, day), day), "phrase": phrase(root_key)}
        click.echo(json.dumps({**facts, "waiting": _waiting(chain, day)}, indent=2))
    else:
        click.echo(f"Root key: {' '.join(phrase(root_key))}")
        _tell_state(chain, day)
    if _in_force(chain, day).state(day) in ("expired", "closed"):
        sys.exit(1)


@keys.command(short_help="Show who is in the keyring in force, and what changed.")
@click.argument("folder", type=_FOLDER, default="keys")
@click.option("--on", type=_DATE, help="Date to judge by.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(folder: Path, on: dt.datetime | None, *, as_json: bool) -> None:
    """Show who is in the keyring in force, and what each keyring changed."""
    day = _day(on)
    _, chain = _load(folder, None)
    facts = {**_facts(_in_force(chain, day), day), "history": _history(chain)}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{facts['org']}, keyring {facts['serial']}: {facts['state']}")
    for handler in facts["handlers"]:
        until = f", until {handler['to']}" if handler["to"] else ""
        roles = ", ".join(f"{channel}: {role}" for channel, role in handler["channels"].items())
        click.echo(f"  {handler['id']}: {handler['name']}, {handler['role_text']} ({roles}{until})")
    for step in facts["history"]:
        added, gone = ", ".join(step["added"]) or "nobody", ", ".join(step["removed"]) or "nobody"
        cosigned = f", cosigned by {step['cosigned_by']}" if step["cosigned_by"] else ""
        click.echo(
            f"Keyring {step['serial']}, issued {step['issued_on']}, in force from "
            f"{step['in_force_from']}{cosigned}: added {added}; removed {gone}"
        )


def _refuse_backdated(link: Link, day: dt.date) -> None:
    """Refuse what would count before it was announced for its seven days; a night is allowed."""
    if link.announced and link.keyring.issued_on < day - dt.timedelta(days=1):
        raise KeyringError("backdated")


def _load(folder: Path, root_file: Path | None) -> tuple[bytes, KeyringChain]:
    """Return the root key and the verified chain of a folder."""
    with told():
        found, chain = keys_dir.load_keys_dir(folder)
        root_key = keys_dir.read_root(root_file) if root_file else found
        return root_key, verify_chain(chain, root_key)


def _in_force(chain: KeyringChain, day: dt.date) -> Keyring:
    """Return the keyring that counts on a day."""
    with told():
        return chain.effective(day)


def _tell_state(chain: KeyringChain, day: dt.date) -> None:
    """Print what is in force, until when, and what waits."""
    keyring = _in_force(chain, day)
    click.echo(
        f"In force: keyring {keyring.serial} of {keyring.org}, until {keyring.expires_on} "
        f"({keyring.state(day)})"
    )
    for link in chain.waiting(day):
        click.echo(f"Waiting: keyring {link.keyring.serial}, in force from {link.effective_on}")
    late = [h.id for h in keyring.handlers if h.renew_on <= day + dt.timedelta(days=60)]
    if late:
        click.echo(f"To renew within 60 days (12 months old): {', '.join(late)}")


def _facts(keyring: Keyring, day: dt.date) -> dict[str, Any]:
    """Return a keyring's facts for people and programs."""
    return {
        "org": keyring.org,
        "serial": keyring.serial,
        "state": keyring.state(day),
        "issued_on": keyring.issued_on.isoformat(),
        "expires_on": keyring.expires_on.isoformat(),
        "sha256": keyring.sha256.hex(),
        "recovery": keyring.recovery is not None,
        "handlers": [
            {
                "id": h.id,
                "name": h.name,
                "role_text": h.role_text,
                "from": h.valid_from.isoformat(),
                "to": None if h.valid_to is None else h.valid_to.isoformat(),
                "renew_on": h.renew_on.isoformat(),
                "channels": dict(h.channels),
            }
            for h in keyring.handlers
        ],
    }


def _waiting(chain: KeyringChain, day: dt.date) -> list[dict[str, Any]]:
    """Return the keyrings that do not count yet."""
    return [
        {"serial": link.keyring.serial, "in_force_from": link.effective_on.isoformat()}
        for link in chain.waiting(day)
    ]


def _history(chain: KeyringChain) -> list[dict[str, Any]]:
    """Return what each keyring changed against the one before."""
    steps = []
    before: Sequence[Keyring] = ()
    for link in chain.links:
        keyring = link.keyring
        last = before[-1] if before else None
        steps.append(
            {
                "serial": keyring.serial,
                "issued_on": keyring.issued_on.isoformat(),
                "in_force_from": link.effective_on.isoformat(),
                "cosigned_by": link.cosigned_by,
                "added": [h.id for h in keyring.handlers] if last is None else adds(keyring, last),
                "removed": [] if last is None else removed(keyring, last),
            }
        )
        before = [keyring]
    return steps


def _root_key(path: Path) -> SigningKey:
    """Return the root's private key."""
    return sshsig.read_private_openssh(path.read_text("utf-8", errors="replace"))


def _handler_key(path: Path) -> SigningKey:
    """Return a handler's signing key, from the handler's key file."""
    return handler_signing_key(read_private_keys(path)[0].seed)


def _day(on: dt.datetime | None) -> dt.date:
    """Return the date that was given, or today's."""
    return on.date() if on else dt.datetime.now().astimezone().date()
