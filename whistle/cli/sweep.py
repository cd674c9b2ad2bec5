"""`whistle sweep`: one turn of the clock, for a timer or by hand."""

import json
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import click

from whistle.cli.faults import told
from whistle.cli.serve import now
from whistle.config import Settings, load
from whistle.errors import FilingError, LawError
from whistle.law.moments import parse_moment
from whistle.notify.mail import Server
from whistle.services import pauses
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.pauses import Pause
from whistle.services.upkeep.sweeping import foresee
from whistle.services.upkeep.turning import post, turn

OPERATOR = "operator"
"""Who ended a pause, where it was done on the server's own command line."""


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("whistle.toml"),
    show_default=True,
    help="The organisation's settings.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option(
    "--as-of",
    metavar="INSTANT",
    help="As if it were then: 2026-11-29, or 2026-11-29T08:00. Without --dry-run: demo only.",
)
@click.option(
    "--after-pause",
    is_flag=True,
    help="Go on although this machine's time is far from the last turn's. First see that it is "
    "right: what is due at a wrong time is told and erased all the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep(
    config: Path, as_of: str | None, *, dry_run: bool, after_pause: bool, as_json: bool
) -> None:
    """Do everything that is due now: acknowledge, warn, escalate, tell, erase; send the mails."""
    with told():
        settings = load(config)
        if as_of is not None and not dry_run and not settings.demo:
            raise click.UsageError("--as-of acts in the demo only; add --dry-run.")
        parts = start(settings, now if as_of is None else _at(as_of, settings))
        if dry_run:
            _foretell(parts, as_json=as_json)
            return
        if after_pause:
            _end_pause(parts)
        try:
            swept = turn(parts)
        finally:
            if settings.mail is not None:
                post(parts, Server(settings.mail).send)
    if isinstance(swept, Pause):
        _refuse(swept, as_json=as_json)
        return
    done = {str(kind): count for kind, count in sorted(swept.done.items())}
    if as_json:
        click.echo(json.dumps({"looked": swept.looked, "done": done, "failed": swept.failed}))
    else:
        click.echo(f"Looked at {swept.looked} cases.")
        for kind, count in done.items():
            click.echo(f"{count:>6}  {kind}")
    if swept.failed:
        raise click.ClickException(
            f"Cases that failed and were left as they were: {swept.failed}. "
            "They are tried again at the next turn."
        )


def _end_pause(parts: Parts) -> None:
    try:
        pauses.end(parts, OPERATOR, parts.clock())
    except FilingError as error:
        raise click.UsageError("There was no pause: leave out --after-pause.") from error


def _refuse(pause: Pause, *, as_json: bool) -> None:
    """Say why nothing was done, and what to look at."""
    if as_json:
        last, now = pause.last_turn.isoformat(), pause.now.isoformat()
        click.echo(json.dumps({"pause": {"last_turn": last, "now": now}}))
    raise click.ClickException(
        f"Nothing was done. This machine says {pause.now:%Y-%m-%d %H:%M} UTC, and the clock's last "
        f"turn was {pause.last_turn:%Y-%m-%d %H:%M} UTC. If the machine is wrong, set its time. "
        "If it is right: whistle sweep --after-pause"
    )


def _foretell(parts: Parts, *, as_json: bool) -> None:
    planned = [
        {"case": number, "action": action.kind.value, "on": action.on.isoformat()}
        for number, action in foresee(parts)
    ]
    lines = [f"{one['on']}  {one['case']}  {one['action']}" for one in planned]
    click.echo(json.dumps(planned) if as_json else "\n".join(lines) or "Nothing is due.")


def _at(text: str, settings: Settings) -> Callable[[], datetime]:
    """A clock that stands at an instant; at noon where only a day is given."""
    zone = settings.channels[0].zoneinfo
    try:
        moment = parse_moment(text, zone)
    except LawError as error:
        raise click.BadParameter("write 2026-11-29 or 2026-11-29T08:00") from error
    at = moment.at or datetime.combine(moment.on, time(12), zone)
    return lambda: at
