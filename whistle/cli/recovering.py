"""`whistle keys recover`: join shares in memory, and open with the key what was sealed to it.

On a machine of one's own, offline, with the holders in the room; never in a web page. The private
key is written nowhere; when the command ends it is gone, as far as memory can promise.
"""

import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from whistle.cli.faults import sentence, told
from whistle.cli.files import write_new
from whistle.cli.recovery import (
    CASE_FILE,
    DESK_FILE,
    FACTS_FILE,
    INPUT,
    RECOVERED,
    read_shares,
)
from whistle.cli.sealing import read_public_keys
from whistle.crypto import age, shares, strictjson
from whistle.crypto.age import PrivateKey, PublicKey
from whistle.crypto.chain import EntryRecord, VerifiedEntry, verify_thread
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import open_case_keys
from whistle.crypto.keyring import KeyringChain, verify_chain
from whistle.crypto.recovery import check_key, reseal
from whistle.crypto.shares import Share
from whistle.crypto.strictjson import Fields
from whistle.errors import NotForMeError, ShareError, ThreadError
from whistle.storage import keys_dir

_FACTS_BYTES_MAX = 512 * 1024 * 1024
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@dataclass(frozen=True)
class _Opened:
    """One case, opened and verified. Of `facts` only what was verified is used."""

    case: list[VerifiedEntry]
    notes: list[VerifiedEntry]
    case_keys: list[PrivateKey]
    desk_keys: list[PrivateKey]


@click.command(short_help="Join shares of the recovery key, and open cases with it.")
@click.option(
    "--share",
    "share_files",
    type=INPUT,
    multiple=True,
    help="File with a share, or - ; else typed.",
)
@click.option("--case", "cases", type=_FILE, multiple=True, help="A case.age alone; repeatable.")
@click.option("--to", type=_FILE, help="File with public keys to seal each --case to.")
@click.option(
    "--entries",
    "folders",
    type=_FOLDER,
    multiple=True,
    help="A case's folder as `recovery export` makes it; repeatable.",
)
@click.option("--keys", "keys_folder", type=_FOLDER, help="Folder of public keys, to verify with.")
@click.option("--root", "root_file", type=_FILE, help="Root key to trust instead of root.pub.")
@click.option("--reseal", "do_reseal", is_flag=True, help="Seal to the readers of today.")
@click.option("--read", is_flag=True, help="Print each thread as JSON.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Date to judge keys by.  [today]")
def recover(  # noqa: PLR0913  # one for each option
    share_files: Sequence[Path],
    cases: Sequence[Path],
    folders: Sequence[Path],
    to: Path | None,
    keys_folder: Path | None,
    root_file: Path | None,
    on: dt.datetime | None,
    *,
    do_reseal: bool,
    read: bool,
) -> None:
    """Join shares of the recovery key in memory, and open cases with it.

    With --entries, whole threads are verified under the keyring, printed (--read), and their keys
    sealed to the handlers whom thread and keyring name (--reseal, into FOLDER/recovered). With
    --case, only the keys are opened and sealed --to somebody: CASE.recovered.
    """
    if not cases and not folders:
        raise click.UsageError("Give --case or --entries.")
    if bool(cases) != bool(to) or (folders and keys_folder is None):
        raise click.UsageError("--case goes with --to, --entries with --keys.")
    day = on.date() if on else dt.datetime.now().astimezone().date()
    with told():
        keyrings = None if keys_folder is None else _verified(keys_folder, root_file)
        key = PrivateKey.from_seed(shares.join(_given(share_files)))
        if keyrings is not None:
            serial = check_key(key, keyrings)
            click.echo(f"Joined: the recovery key that keyring {serial} names.", err=True)
        public_keys = [] if to is None else read_public_keys(to)
        done = [_hand_over(path, key, public_keys) for path in cases]
        if keyrings is not None:
            done += [
                _recover(folder, key, keyrings, day, do_reseal=do_reseal, read=read)
                for folder in folders
            ]
    click.echo(f"Opened {sum(done)} of {len(done)}.", err=True)
    if not any(done):
        sys.exit(1)


def _verified(folder: Path, root_file: Path | None) -> KeyringChain:
    """Return the verified chain of a folder."""
    root, chain = keys_dir.load_keys_dir(folder)
    return verify_chain(chain, keys_dir.read_root(root_file) if root_file else root)


def _given(files: Sequence[Path]) -> list[Share]:
    """Return the shares in files, or those that are typed until there are enough."""
    if files:
        return [share for file in files for share in read_shares(file)]
    typed: list[Share] = []
    while not typed or len(typed) < typed[0].k:
        click.echo(f"Share number {len(typed) + 1}, its three lines:", err=True)
        lines = [click.prompt(str(n + 1), err=True) for n in range(shares.LINES)]
        try:
            typed.append(Share.parse("\n".join(lines)))
        except ShareError as error:
            click.echo(sentence(error), err=True)
    return typed


def _hand_over(path: Path, key: PrivateKey, to: Sequence[PublicKey]) -> bool:
    """Seal a case's keys to given public keys, in a file beside it."""
    try:
        keys = open_case_keys(path.read_bytes(), [key])
    except NotForMeError:
        return _not_for_recovery(path)
    target = path.with_name(f"{path.name}.{RECOVERED}")
    text = "".join(f"{one}\n" for one in keys).encode()
    write_new(target, [age.seal(text, to)], secret=True)
    click.echo(
        f"{target}: sealed to {len(to)} keys. It is for reading with `whistle open`; the reporter "
        "is not among them, so never put it in the server's place.",
        err=True,
    )
    return True


def _recover(
    folder: Path,
    key: PrivateKey,
    keyrings: KeyringChain,
    on: dt.date,
    *,
    do_reseal: bool,
    read: bool,
) -> bool:
    """Open one case's folder, verify it, and do what was asked for."""
    try:
        opened = _open(folder, key, keyrings, on)
    except NotForMeError:
        return _not_for_recovery(folder)
    count = f"{len(opened.case)} entries and {len(opened.notes)} notes"
    click.echo(f"{folder}: opened, {count} verified.", err=True)
    if read:
        for entry in [*opened.case, *opened.notes]:
            click.echo(_shown(entry))
    if do_reseal:
        made = reseal(opened.case, opened.case_keys, opened.desk_keys, keyrings, on)
        target = folder / RECOVERED
        target.mkdir(mode=0o700)
        write_new(target / CASE_FILE, [made.case_age], secret=True)
        if made.desk_age is not None:
            write_new(target / DESK_FILE, [made.desk_age], secret=True)
        names = ", ".join(one.name for one in made.handlers)
        click.echo(f"{target}: sealed to the reporter and {names}.", err=True)
    return True


def _open(folder: Path, key: PrivateKey, keyrings: KeyringChain, on: dt.date) -> _Opened:
    """Open a case's keys and verify both its chains."""
    case_keys = open_case_keys((folder / CASE_FILE).read_bytes(), [key])
    content = (folder / FACTS_FILE).read_bytes()
    facts = Fields(strictjson.parse(content, _FACTS_BYTES_MAX, ThreadError), ThreadError)
    thread = facts.binary("thread", 32)
    records = [_record(one) for one in facts.items("entries")]
    case = verify_thread(records, case_keys, keyrings, thread=thread, today=on)
    desk = folder / DESK_FILE
    desk_keys = open_case_keys(desk.read_bytes(), [key]) if desk.exists() else []
    noted = [_record(one) for one in facts.items("notes")] if desk_keys else []
    notes = list[VerifiedEntry]()
    if noted:
        notes = verify_thread(noted, desk_keys, keyrings, thread=None, case=case, today=on)
    return _Opened(case, notes, case_keys, desk_keys)


def _record(one: Any) -> EntryRecord:
    """Return an entry as the API writes it."""
    fields = Fields(one, ThreadError)
    record = EntryRecord(
        chain=fields.one_of("chain", ("case", "desk")),
        seq=fields.number("seq", 1),
        kind=fields.text("kind"),
        handler_id=None if fields.absent("handler") else fields.id("handler"),
        on=fields.date("on"),
        sealed=_bytes(fields.take("sealed")),
        sha256=fields.binary("sha256", 32),
    )
    fields.end()
    return record


def _bytes(text: Any) -> bytes:
    """Return bytes written in base64url, none for an entry that was erased early."""
    try:
        return b64u_decode(text)
    except (TypeError, AttributeError, ValueError) as error:
        raise ThreadError("value") from error


def _shown(entry: VerifiedEntry) -> str:
    """Return an entry as a line of JSON; what a terminal might obey is written as a number."""
    facts: Mapping[str, Any] = {
        "chain": entry.chain,
        "seq": entry.seq,
        "on": entry.on.isoformat(),
        "kind": entry.kind,
        "author": entry.author_name or entry.side,
        "body": entry.json(),
        "alarm": entry.alarm,
    }
    text = json.dumps(facts, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _not_for_recovery(path: Path) -> bool:
    """Say that a case is not sealed to this key."""
    click.echo(
        f"{path}: not sealed to this key. The reporter left recovery out, or a holder of a share, "
        "or it is an older or newer key.",
        err=True,
    )
    return False
