"""`whistle init`: an organisation's folder, and the link for its officer."""

import json
from pathlib import Path

import click

from whistle.cli.faults import sentence, told
from whistle.cli.invite import link_of
from whistle.cli.serve import now
from whistle.crypto.sshsig import parse_public_line
from whistle.errors import FilingError
from whistle.services.office import joining
from whistle.services.office.rules import OFFICER, Asked
from whistle.services.operating.founding import SETTINGS_FILE, Answers, found
from whistle.services.operating.start import start


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--organisation", prompt="The organisation's name", help="As people know it.")
@click.option(
    "--site-name",
    prompt="A neutral name for the site",
    default="Forms",
    help="Shown on pages and in mails.",
)
@click.option(
    "--desk-address",
    prompt="Where handlers and officers will sign in",
    default="https://desk.example.org",
    help="https://… of the desk.",
)
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--law", type=click.Choice(["SE", "EU"]), default="SE", show_default=True)
@click.option("--country", default="SE", show_default=True, help="Whose public holidays count.")
@click.option("--zone", default="Europe/Stockholm", show_default=True)
@click.option(
    "--keep-months",
    type=click.IntRange(min=0),
    default=0,
    help="How long a closed case is kept; needed where the law gives no time (EU).",
)
@click.option("--officer", prompt="The officer's short name, such as olle", help="Short name.")
@click.option("--officer-name", prompt="The officer's whole name", help="Whole name.")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The root key's .pub, if it is made already.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def init(
    folder: Path,
    officer: str,
    officer_name: str,
    root: Path | None,
    keep_months: int,
    **asked: str,
) -> None:
    """Set up a new organisation in DIR, which must be empty, and print the officer's link."""
    as_json = asked.pop("as_json")
    with told():
        line = None if root is None else parse_public_line(root.read_text("utf-8"))
        settings = found(folder, Answers(**asked, keep_months=str(keep_months)))
        parts = start(settings, now)
        if line is not None:
            parts.keyrings.name_root(line)
        invited = Asked(officer, officer_name, "", office=OFFICER)
        try:
            token = joining.invite(parts, invited, joining.COMMAND_LINE)
        except FilingError as error:
            raise click.UsageError(
                f"The officer's id or name cannot be used [{error.reason}]. {sentence(error)} "
                "The rest is done: whistle invite."
            ) from error
        parts.database.close()
    link = link_of(settings, settings.desk_address, token)
    config = folder / SETTINGS_FILE
    if as_json:
        click.echo(json.dumps({"config": str(config), "link": link}))
        return
    click.echo(f"Settings, each explained: {config}. Read them before you go on.\n")
    click.echo(f"Then: whistle serve --config {config} --face desk")
    click.echo(f"and:  whistle serve --config {config} --face reporter --bind 127.0.0.1:8001\n")
    click.echo(f"One-time link for {officer_name}, for seven days:\n\n  {link}\n")
    click.echo("Whoever opens it first can join with it. It is not shown again.")
