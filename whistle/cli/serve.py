"""`whistle serve`: run one organisation's site."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from whistle.cli import forgetting
from whistle.cli.faults import told
from whistle.config import Face, load


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("whistle.toml"),
    show_default=True,
    help="The organisation's settings.",
)
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--face", type=click.Choice([one.value for one in Face]), help="Which face to show.")
def serve(config: Path, bind: str, workers: int, face: str | None) -> None:
    """Run the site; stop it with Ctrl-C or a TERM signal."""
    with told():
        settings = load(config)
    if face:
        settings = replace(settings, face=Face(face))
    if settings.face is Face.BOTH:
        raise click.UsageError(
            "One server shows one face: --face reporter or --face desk, each on a host name of "
            "its own. Both on one name would let a fault of one page reach the other's keys."
        )
    # Before anything large is loaded: it would be loaded twice.
    forgetting.begin_again()
    from whistle.cli.site import run  # noqa: PLC0415 - only now, as said above
    from whistle.services.operating.start import start  # noqa: PLC0415 - the same

    with told():
        parts = start(settings, now)
    shown = settings.face.value
    run(
        parts,
        bind=bind,
        workers=workers,
        ready=lambda at: click.echo(f"Ready: {at} shows the {shown}'s face. Ctrl-C stops it."),
    )


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)
