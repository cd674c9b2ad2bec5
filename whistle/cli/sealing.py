"""`whistle seal` and `whistle open`: sealing and opening on a machine of one's own.

Files are ordinary age files. With `--report` a whole report is made: exactly the bytes that a
browser would post, with a new receipt code.
"""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, cast

import click

from whistle.cli.faults import told
from whistle.cli.files import write_new, write_out
from whistle.cli.reporting import EXAMPLE, TOPICS, Asked, make_report
from whistle.crypto import age, passphrase
from whistle.crypto.age import PrivateKey, PublicKey, armor
from whistle.errors import SealError

_PIECE_BYTES = 1024 * 1024
_KEY_FILE_BYTES_MAX = 64 * 1024
_START_BYTES = 64
_INPUT = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
_OUTPUT = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_STDIO = Path("-")


_SEAL_HELP = f"""Seal FILE to public keys, or make a sealed report.

\b
whistle seal --to handlers.txt letter.pdf
whistle seal --report --keys keys/ -o my.whistle
whistle seal --report --keys keys/ -o my.whistle report.json

A report is asked for question by question on a terminal; else FILE (or standard input) holds it
as JSON:

\b
{EXAMPLE}

Only "language" (sv or en) and "what" must be there. "ongoing" is yes, no or unknown; "topic" is
one of: {", ".join(TOPICS)}. Leave out "reporter" to stay unnamed.
"""


@click.command(help=_SEAL_HELP)
@click.argument("file", type=_INPUT, default="-")
@click.option("--to", type=_INPUT, help="File with public keys, one age1pq1… a line.")
@click.option("-o", "--output", type=_OUTPUT, help="New file to write.  [default: FILE.age]")
@click.option("--report", is_flag=True, help="Make a report instead; FILE holds it as JSON.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with root.pub and the keyrings (with --report).",
)
@click.option("--channel", help="Which channel to report to, if there are several.")
@click.option("--leave-out", multiple=True, metavar="ID", help="Who must not read it; repeatable.")
@click.option("--no-recovery", is_flag=True, help="Leave out the recovery key, too.")
@click.option(
    "--no-acknowledgement",
    is_flag=True,
    help="Ask for no acknowledgement of receipt; it holds only where the channel's law knows it.",
)
@click.option("--yes", is_flag=True, help="Answer yes where one person alone would read it.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Date to judge keys by.  [today]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (with --report).")
def seal(
    *,
    file: Path,
    to: Path | None,
    output: Path | None,
    report: bool,
    keys: Path | None,
    **asked: object,
) -> None:
    """Seal a file to public keys, or make a sealed report."""
    if report == bool(to):
        raise click.UsageError("Give either --to FILE, or --report with --keys.")
    with told():
        if report:
            if keys is None:
                raise click.UsageError("--report needs --keys, the folder of public keys.")
            make_report(keys, file, output or Path("report.whistle"), Asked.of(asked))
        elif to is not None:
            _seal_file(file, read_public_keys(to), output)


@click.command("open")
@click.argument("file", type=_INPUT, default="-")
@click.option(
    "--key", "key_file", type=_INPUT, required=True, help="File with the private key, or - ."
)
@click.option("-o", "--output", type=_OUTPUT, default="-", help="New file to write.")
def open_(file: Path, key_file: Path, output: Path) -> None:
    """Open a sealed FILE with a private key.

    The key file holds AGE-SECRET-KEY-PQ-1… in a line of its own, or is itself sealed under a
    passphrase, which is then asked for. Nothing is written before the whole file has proved
    unchanged, unless -o names a file; that is removed again if it has not.

    \b
    whistle open --key anna.key case.age | whistle open --key - entry.age
    """  # noqa: D301  # click wants the backspace itself before lines it must not join
    if key_file == file == _STDIO:
        raise click.UsageError("The key and the file cannot both come from standard input.")
    with told():
        keys = read_private_keys(key_file)
        with _reading(file) as source:
            opened = age.open_stream(_without_armor(source), keys)
            if output == _STDIO:
                write_out([b"".join(opened)])
            else:
                write_new(output, opened, secret=True)


def read_private_keys(path: Path) -> list[PrivateKey]:
    """Return the private keys in a file; a passphrase is asked for if it is under one.

    Raises:
        SealError: there is none in it, or the passphrase does not open it.
    """
    with _reading(path) as file:
        text = file.read(_KEY_FILE_BYTES_MAX)
    if armor.is_armored(text):
        text = armor.decode(text)
    if text.startswith(b"age-encryption.org/"):
        typed = click.prompt("Passphrase", hide_input=True, err=True)
        text = age.open_with_passphrase(text, passphrase.normalise(typed))
    return [PrivateKey.parse(line) for line in _lines(text, "private_key")]


def read_public_keys(path: Path) -> list[PublicKey]:
    """Return the public keys in a file. Raises `SealError` when there is none in it."""
    with _reading(path) as file:
        return [PublicKey.parse(line) for line in _lines(file.read(), "public_key")]


def _lines(text: bytes, reason: str) -> list[str]:
    """Return the lines that are neither empty nor a comment; at least one."""
    try:
        lines = [line.strip() for line in text.decode().splitlines()]
    except UnicodeDecodeError as error:
        raise SealError(reason) from error
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise SealError(reason)
    return found


def _reading(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file, or standard input for `-`."""
    return cast("AbstractContextManager[BinaryIO]", click.open_file(str(path), "rb"))


def _without_armor(source: BinaryIO) -> BinaryIO:
    """Return a file's bytes, out of their armour if they are in one.

    From a pipe, too, where nothing can be read twice. What is in armour is read whole.
    """
    start = source.read(_START_BYTES)
    if armor.is_armored(start):
        return io.BytesIO(armor.decode(start + source.read()))
    return io.BufferedReader(_Continued(start, source))


class _Continued(io.RawIOBase):
    """A stream whose first bytes have been read already, from its beginning."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, into: Any, /) -> int:
        """Fill *into* as far as there is something; 0 at the end."""
        piece = self._start[: len(into)] or self._rest.read(len(into))
        self._start = self._start[len(into) :]
        into[: len(piece)] = piece
        return len(piece)


def _seal_file(file: Path, keys: list[PublicKey], output: Path | None) -> None:
    """Seal a file piece by piece."""
    if output is None:
        output = _STDIO if file == _STDIO else file.with_name(f"{file.name}.age")
    with _reading(file) as source:
        sealed = _sealed(source, keys)
        if output != _STDIO:
            write_new(output, sealed)
            return
        write_out(sealed)


def _sealed(source: BinaryIO, keys: list[PublicKey]) -> Iterator[bytes]:
    """Yield a sealed file's pieces."""
    sealer = age.Sealer(keys)
    yield sealer.header
    while piece := source.read(_PIECE_BYTES):
        yield sealer.update(piece)
    yield sealer.finish()
