"""`whistle audit`: prove that the event log is whole."""

import json
from pathlib import Path

import click

from whistle.cli.faults import told
from whistle.cli.serve import now
from whistle.config import load
from whistle.services import log
from whistle.services.operating.start import start

HEAD_BYTES = 32


@click.group()
def audit() -> None:
    """Prove the event log."""


@audit.command(short_help="Check the whole chain, and print its length and head.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("whistle.toml"),
    show_default=True,
    help="The organisation's settings.",
)
@click.option(
    "--anchor",
    metavar="LENGTH:HEAD",
    help="What this command printed before: then what was cut off since shows as well.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(config: Path, anchor: str | None, *, as_json: bool) -> None:
    """Check the whole chain, and print its length and head: keep them as an anchor."""
    known = None if anchor is None else _anchor(anchor)
    with told():
        parts = start(load(config), now)
        with parts.database.reading() as session:
            found = log.verify(session, known)
    printed = f"{found.events}:{found.head.hex()}"
    today = parts.today(parts.settings.channels[0]).isoformat()
    if as_json:
        facts = {"on": today, "events": found.events, "emptied": found.emptied, "anchor": printed}
        click.echo(json.dumps(facts))
        return
    click.echo(f"Whole: {found.events} events, {found.emptied} of them emptied by erasing cases.")
    click.echo(f"Anchor of {today}: {printed}")
    if parts.settings.mail is None:
        click.echo("No mail is set up: keep this line where the operator cannot change it.")


def _anchor(text: str) -> tuple[int, bytes]:
    length, _, head = text.partition(":")
    try:
        found = int(length), bytes.fromhex(head)
    except ValueError as error:
        raise click.BadParameter("an anchor is LENGTH:HEAD", param_hint="--anchor") from error
    if found[0] < 0 or len(found[1]) != HEAD_BYTES:
        raise click.BadParameter("an anchor is LENGTH:HEAD", param_hint="--anchor")
    return found
