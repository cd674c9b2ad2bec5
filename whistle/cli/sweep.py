"""`whistle sweep`: one turn of the clock, for a timer or by hand."""

import json
from pathlib import Path

import click

from whistle.cli.serve import now
from whistle.config import load
from whistle.services.operating.start import start
from whistle.services.upkeep.sweeping import foresee
from whistle.services.upkeep.sweeping import sweep as turn


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("whistle.toml"),
    show_default=True,
    help="The organisation's settings.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep(config: Path, *, dry_run: bool, as_json: bool) -> None:
    """Do everything that is due now: acknowledge, warn, escalate, tell, erase; each once."""
    parts = start(load(config), now)
    if dry_run:
        planned = [
            {"case": number, "action": action.kind.value, "on": action.on.isoformat()}
            for number, action in foresee(parts)
        ]
        lines = [f"{one['on']}  {one['case']}  {one['action']}" for one in planned]
        click.echo(json.dumps(planned) if as_json else "\n".join(lines) or "Nothing is due.")
        return
    swept = turn(parts)
    done = {str(kind): count for kind, count in sorted(swept.done.items())}
    if as_json:
        click.echo(json.dumps({"looked": swept.looked, "done": done}))
        return
    click.echo(f"Looked at {swept.looked} cases.")
    for kind, count in done.items():
        click.echo(f"{count:>6}  {kind}")
