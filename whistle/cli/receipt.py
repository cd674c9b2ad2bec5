"""`whistle receipt`: make a receipt code, or see whether one is typed right."""

import json

import click

from whistle.cli.faults import told
from whistle.crypto.receipt import Receipt


@click.group()
def receipt() -> None:
    """Make or check a receipt code.

    A code is made from chance alone. Nothing is sent or kept.
    """


@receipt.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def new(*, as_json: bool) -> None:
    """Print a new code."""
    code = str(Receipt.generate())
    click.echo(json.dumps({"receipt": code}) if as_json else code)


@receipt.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(code: str | None, *, as_json: bool) -> None:
    """Say whether CODE is typed right.

    A CODE given here stays in the shell's history, where others may find it. Leave it out: then
    it is asked for, and stands in no history. Whether a report was filed with it only the channel
    itself can tell.
    """
    with told():
        typed = click.prompt("Receipt code") if code is None else code
        found = str(Receipt.parse(typed))
    click.echo(json.dumps({"receipt": found}) if as_json else f"Typed right: {found}")
