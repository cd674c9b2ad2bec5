"""`whistle invite`: a one-time link for an officer, from the server's own command line."""

import json
from pathlib import Path

import click

from whistle.cli.faults import told
from whistle.cli.serve import now
from whistle.config import Settings, load
from whistle.services.office import joining
from whistle.services.office.rules import AUDITOR, OFFICER, Asked
from whistle.services.operating.start import start


@click.command()
@click.argument("name_id", metavar="ID")
@click.option("--name", required=True, help="The person's whole name.")
@click.option("--office", type=click.Choice([OFFICER, AUDITOR]), default=OFFICER, show_default=True)
@click.option("--mail", default="", help="Where reminders go.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("whistle.toml"),
    show_default=True,
    help="The organisation's settings.",
)
@click.option("--address", help="Where the desk is.  [default: desk_address in the settings]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def invite(
    name_id: str,
    name: str,
    office: str,
    mail: str,
    config: Path,
    address: str | None,
    *,
    as_json: bool,
) -> None:
    """Print a link with which somebody joins the office, once, within seven days.

    It is how the first officer comes in, and how an organisation that has lost its officers goes
    on. Handlers are invited by an officer, on the site.
    """
    with told():
        settings = load(config)
        desk = address or settings.desk_address
        if not desk:
            raise click.UsageError("Give --address, or desk_address in the settings.")
        parts = start(settings, now)
        asked = Asked(name_id, name, "", office=office, mail=mail)
        token = joining.invite(parts, asked, joining.COMMAND_LINE)
        parts.database.close()
    link = link_of(settings, desk, token)
    if as_json:
        click.echo(json.dumps({"link": link}))
        return
    click.echo(f"A one-time link for {name}, for seven days:\n\n  {link}\n")
    click.echo("Whoever opens it first can join with it. It is not shown again.")


def link_of(settings: Settings, desk: str, token: str) -> str:
    """The link: the token behind the # is sent to no server."""
    origin = "/".join(desk.split("/")[:3])
    return f"{origin}/{settings.languages[0]}/join#{token}"
