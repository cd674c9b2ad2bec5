"""`whistle demo`: a throw-away organisation on this machine."""

import socket
from math import ceil
from pathlib import Path
from time import sleep

import click

from whistle.services.operating import demo as organisation
from whistle.services.operating.start import start

FIRST_PORT = 8000
LAST_PORT = 8099
FOLDER = Path(".demo")


@click.group(invoke_without_command=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="Where the demo is kept.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port; else the next free one.")
@click.pass_context
def demo(context: click.Context, folder: Path, port: int | None) -> None:
    """Start a throw-away organisation with sample cases; Ctrl-C stops it."""
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    # Slow to import, and not needed for a one-time code.
    from whistle.cli.site import run  # noqa: PLC0415 - it would be paid for each time

    facts = organisation.prepare(folder, click.echo)
    port = port or _free_port()
    click.echo(_welcome(facts, port, organisation.clock(folder).days))

    run(
        start(organisation.settings(folder), organisation.clock(folder)),
        bind=f"127.0.0.1:{port}",
        workers=1,
    )


@demo.command(short_help="Print a fresh one-time code for NAME.")
@click.argument("name")
@click.pass_obj
def code(folder: Path, name: str) -> None:
    """Print a fresh one-time code for NAME (anna, bo, carin, david or elin)."""
    facts = organisation.prepare(folder)
    now = organisation.clock(folder)()
    try:
        fresh, wait = organisation.one_time_code(folder, facts, name, now)
    except KeyError as error:
        names = ", ".join(one["id"] for one in facts.people)
        raise click.BadParameter(f"nobody is called {name}; there are {names}") from error
    if wait:
        click.echo(f"A new code in {ceil(wait)} seconds …", err=True)
        sleep(wait)
    click.echo(fresh)


@demo.command("clock")
@click.argument("days", type=click.IntRange(0, 4000))
@click.pass_obj
def move_clock(folder: Path, days: int) -> None:
    """Move the demo's clock DAYS on; 0 tells where it stands."""
    moved = organisation.clock(folder)
    moved.move(days)
    click.echo(f"The demo's date is {moved():%Y-%m-%d}, {moved.days} days ahead.")


def _free_port() -> int:
    """The first port from 8000 on that nobody listens on."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise click.ClickException(f"No port from {FIRST_PORT} to {LAST_PORT} is free; give --port.")


def _welcome(facts: organisation.Facts, port: int, days_ahead: int) -> str:
    address = f"http://localhost:{port}"
    lines = [
        "",
        f"  Reporters        {address}/",
        f"  Case handlers    {address}/desk",
        f"  The office       {address}/office",
        "",
        "  Sign in at the desk with a name, a one-time code and the passphrase:",
        "",
    ]
    for one in facts.people:
        lines += [
            f"  {one['id']:<8} {one['name']}, {one['role']}",
            f"           {one['passphrase']}",
        ]
    lines += [
        "",
        "  A fresh one-time code:   .venv/bin/whistle demo code anna",
        "",
        "  Come back as a reporter with one of these receipt codes:",
        "",
    ]
    lines += [f"  {one['code']}   {one['about']}" for one in facts.receipts]
    lines += ["", "  Move the clock on:       .venv/bin/whistle demo clock 7"]
    if days_ahead:
        lines += [f"  (it is {days_ahead} days ahead now)"]
    return "\n".join([*lines, "", "  Ctrl-C stops it; make clean throws it away.", ""])
