"""`whistle keys recovery`: make the recovery key in shares, check a share, move sealed cases.

The private key is never written, and never leaves this program's memory. keys/README.md tells
who does what, and when.
"""

import datetime as dt
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from whistle.cli.faults import told
from whistle.cli.files import write_new
from whistle.crypto import names, shares, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.keyring import Holder, Recovery, verify_chain
from whistle.crypto.recovery import member
from whistle.crypto.shares import Share
from whistle.crypto.signing import SigningKey
from whistle.crypto.strictjson import Fields
from whistle.errors import ShareError
from whistle.services.operating.recovering import SealedCase, put_keys, sealed_cases
from whistle.services.thread import Voice
from whistle.storage import keys_dir
from whistle.storage.engine import Database

INPUT = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
_THERE = click.Path(path_type=Path, exists=True, file_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_DATE = click.DateTime(["%Y-%m-%d"])
_CHECKS_BYTES_MAX = 256 * 1024
_SHARE_CHARS_MAX = 64 * 1024

RECOVERY_FILE = "recovery.json"
CHECKS_FILE = "recovery-checks.json"
CASE_FILE = "case.age"
DESK_FILE = "desk.age"
FACTS_FILE = "case.json"
RECOVERED = "recovered"


@click.group(short_help="Make the recovery key, check a share, move sealed cases.")
def recovery() -> None:
    """Make the recovery key in shares, check a share, move sealed cases.

    The order: new, print and hand out, keys new keyring --recovery; each year check; and when all
    keys are lost: export, keys recover --reseal, put.
    """


@recovery.command("new")
@click.option("--k", type=click.IntRange(1, shares.SHARES_MAX), required=True, help="How many.")
@click.option(
    "--holder",
    "holders",
    multiple=True,
    required=True,
    metavar="PERSON:NAME",
    help="Who holds a share: short name as in the keyring, and name; repeatable.",
)
@click.option("--out", type=_FOLDER, required=True, help="New folder; not on a shared disk.")
@click.option("--on", type=_DATE, help="Date written on the shares.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, without the shares.")
def new(
    k: int, holders: Sequence[str], out: Path, on: dt.datetime | None, *, as_json: bool
) -> None:
    """Make a recovery key; any K of the holders' shares restore it.

    Writes one page for print per holder, recovery.json (for the keyring) and
    recovery-checks.json (to be published). The private key itself is never written.
    """
    key = PrivateKey.generate()
    with told():
        made = shares.split(key.seed, _at_most(k, len(holders)), len(holders))
        key_and_holders = Recovery(key.public_key, k, tuple(_holder(text) for text in holders))
        people = [one.person for one in key_and_holders.holders]
        for holder in key_and_holders.holders:
            names.check_name(holder.name)
        if len(set(people)) != len(people):
            raise click.UsageError("One person holds one share: else fewer people are enough.")
        _prove(made, key)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        pages = [out / f"share-{one.index}-{people[one.index - 1]}.txt" for one in made]
        public = {
            out / RECOVERY_FILE: member(key_and_holders),
            out / CHECKS_FILE: _checks(made, people),
        }
        _refuse_existing([*pages, *public])
        for path, one, holder in zip(pages, made, key_and_holders.holders, strict=True):
            page = _page(one, len(made), holder, _day(on))
            write_new(path, [page.encode()], secret=True)
        for path, value in public.items():
            write_new(path, [strictjson.write(value) + b"\n"])
    facts = {"recovery": member(key_and_holders), **_checks(made, people)}
    if as_json:
        files = {"shares": [str(path) for path in pages], "public": [str(path) for path in public]}
        click.echo(json.dumps({**facts, "files": files}, ensure_ascii=False, indent=2))
        return
    _tell_new(facts, pages, out)


@recovery.command(short_help="Check one's own share, offline.")
@click.argument("file", type=INPUT)
@click.option("--published", type=_EXISTING, help="The published recovery-checks.json.")
@click.option("--sha256", metavar="HEX", help="The published hash of this share.")
def check(file: Path, published: Path | None, sha256: str | None) -> None:
    """Check one's own share in FILE (or typed, with -), offline: the yearly drill.

    Exit code 1 when it is mistyped or not the share that was published. Without --published or
    --sha256 it prints the hash, to be compared by eye.
    """
    with told():
        (share,) = read_shares(file, most=1)
        known = [] if published is None else [_published(published, share)]
        known += [] if sha256 is None else [sha256.strip().lower()]
        for expected in known:
            if not hmac.compare_digest(share.sha256.hex().encode(), expected.encode()):
                raise ShareError("published")
    click.echo(f"Share {share.index} of set {share.set_id.hex()}; {share.k} open together.")
    click.echo(f"Hash: {share.sha256.hex()}")
    click.echo("It is the published one." if known else "Compare the hash with the published one.")


@recovery.command(short_help="Take every case, sealed as it is, out of a database.")
@click.option("--database", required=True, metavar="URL", help="Such as sqlite:///copy.sqlite.")
@click.option("--out", type=_FOLDER, required=True, help="New folder, one folder per case in it.")
def export(database: str, out: Path) -> None:
    """Take every case, sealed as it is, out of a database (best: a restored copy).

    For `whistle keys recover`, on another machine. Nothing of it opens without a key.
    """
    with told(), _opened(database) as copy:
        cases = list(sealed_cases(copy))
        for case in cases:
            folder = out / case.number
            folder.mkdir(mode=0o700, parents=True)
            write_new(folder / CASE_FILE, [case.case_age], secret=True)
            if case.desk_age is not None:
                write_new(folder / DESK_FILE, [case.desk_age], secret=True)
            write_new(folder / FACTS_FILE, [strictjson.write(case.facts)], secret=True)
    click.echo(f"Taken out: {len(cases)} cases, all sealed: {out}")


@recovery.command()
@click.argument("folders", type=_FOLDER, nargs=-1, required=True)
@click.option("--database", required=True, metavar="URL", help="The site's database.")
@click.option("--keys", "keys_folder", type=_THERE, required=True, help="Folder of public keys.")
@click.option("--service-key", type=_EXISTING, required=True, help="The site's service.key.")
def put(folders: Sequence[Path], database: str, keys_folder: Path, service_key: Path) -> None:
    """Put recovered keys of the cases in FOLDERS back into the database.

    Each folder is one that `export` made and `whistle keys recover --reseal` went through. Keys
    that have changed since are left alone, and said. Each thread says that the recovery key was
    used: that line is signed with the site's own key.
    """
    with told(), _opened(database) as site:
        now = dt.datetime.now(dt.UTC)
        root, files = keys_dir.load_keys_dir(keys_folder)
        keyring = verify_chain(files, root).effective(now.date())
        voice = Voice(SigningKey.from_seed(service_key.read_bytes()), keyring)
        for folder in folders:
            old, new_keys = (_keys_in(folder, place) for place in (folder, folder / RECOVERED))
            put_keys(site, old, new_keys, voice, now)
            click.echo(f"Put back: {folder.name}")


def read_shares(file: Path, *, most: int = shares.SHARES_MAX) -> list[Share]:
    """Return the shares in a file or typed on standard input; lines that begin with # are none.

    Raises:
        ShareError: one is damaged; or `length`: not whole shares, or more than *most*.
    """
    with click.open_file(str(file), "r", encoding="utf-8", errors="replace") as source:
        text = source.read(_SHARE_CHARS_MAX)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) == 1 or len(lines) == shares.LINES:
        return [Share.parse("\n".join(lines))]
    if not lines or len(lines) % shares.LINES or len(lines) > most * shares.LINES:
        raise ShareError("length")
    starts = range(0, len(lines), shares.LINES)
    return [Share.parse("\n".join(lines[i : i + shares.LINES])) for i in starts]


def _at_most(k: int, n: int) -> int:
    """Refuse to need more shares than there are."""
    if k > n:
        raise click.UsageError(f"{k} shares are needed, and there are {n} holders.")
    return k


def _holder(text: str) -> Holder:
    """Return a holder from PERSON:NAME, checked as the keyring will check it."""
    person, _, name = text.partition(":")
    fields = Fields({"person": person, "name": name.strip()}, ShareError)
    try:
        return Holder(fields.id("person"), fields.text("name"))
    except ShareError as error:
        raise click.UsageError(f"A holder is written anna:Anna Lind, not {text}.") from error


def _prove(made: Sequence[Share], key: PrivateKey) -> None:
    """Read the shares back from their paper and join them both ways, before anything is written."""
    read = [Share.parse(str(one)) for one in made]
    for some in (read[: read[0].k], read[-read[0].k :], read):
        if PrivateKey.from_seed(shares.join(some)).public_key != key.public_key:
            raise ShareError("differ")


def _checks(made: Sequence[Share], people: Sequence[str]) -> dict[str, Any]:
    """Return what is published of the shares."""
    return {
        "set": made[0].set_id.hex(),
        "checks": [
            {"index": one.index, "person": person, "sha256": one.sha256.hex()}
            for one, person in zip(made, people, strict=True)
        ],
    }


def _published(path: Path, share: Share) -> str:
    """Return the published hash of a share's place."""
    content = strictjson.parse(path.read_bytes(), _CHECKS_BYTES_MAX, ShareError)
    fields = Fields(content, ShareError)
    if fields.text("set") != share.set_id.hex():
        raise ShareError("set")
    for one in fields.inners("checks"):
        if one.number("index") == share.index:
            return one.text("sha256")
    raise ShareError("published")


def _page(share: Share, n: int, holder: Holder, on: dt.date) -> str:
    """Return what is printed for one holder."""
    return (
        f"# Recovery share {share.index} of {n}. Any {share.k} together open the reports.\n"
        f"# Holder: {holder.name} ({holder.person})    Made on: {on}\n"
        f"# Set: {share.set_id.hex()}\n"
        "#\n"
        f"{share}\n"
        "#\n"
        f"# Its published hash: {share.sha256.hex()}\n"
        "#\n"
        "# Print this page, then delete the file. Keep the paper sealed, apart from the others,\n"
        "# and tell nobody what stands on it. Type it only on a machine that is offline, never\n"
        "# into a web page. Once a year, check that it can be read:\n"
        "#     whistle keys recovery check - --sha256 HASH\n"
    )


def _refuse_existing(paths: Sequence[Path]) -> None:
    """Refuse before anything is written, so that no half set is left."""
    for path in paths:
        if path.exists():
            raise FileExistsError(17, "exists", str(path))


def _tell_new(facts: dict[str, Any], pages: Sequence[Path], out: Path) -> None:
    """Say what to do with what was made."""
    for path in pages:
        click.echo(f"Share: {path}")
    click.echo("PRINT each share, hand it over in person, then DELETE these files.")
    k, n = facts["recovery"]["k"], len(pages)
    if k == 1:
        click.echo("One share alone opens every report: keep each like the key itself.")
    elif k == n:
        click.echo("All shares are needed: if one is lost, the key is lost.")
    click.echo(f"For the keyring: whistle keys new keyring … --recovery {out / RECOVERY_FILE}")
    click.echo(f"To be published: {out / CHECKS_FILE}")
    for one in facts["checks"]:
        click.echo(f"  {one['index']} {one['person']}: {one['sha256']}")
    click.echo(json.dumps({"recovery": facts["recovery"]}, ensure_ascii=False))


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    """Open a database that is there, and close it again."""
    try:
        database = Database(address)
        try:
            yield database
        finally:
            database.close()
    except SQLAlchemyError as error:
        raise click.ClickException(
            "The database cannot be used. Give its address, such as sqlite:///whistle.sqlite, of a "
            "database of this version of Whistle."
        ) from error


def _keys_in(case: Path, place: Path) -> SealedCase:
    """Return the sealed keys in a folder."""
    desk = place / DESK_FILE
    sealed_desk = desk.read_bytes() if desk.exists() else None
    return SealedCase(case.name, (place / CASE_FILE).read_bytes(), sealed_desk, {})


def _day(on: dt.datetime | None) -> dt.date:
    """Return the date that was given, or today's."""
    return on.date() if on else dt.datetime.now().astimezone().date()
