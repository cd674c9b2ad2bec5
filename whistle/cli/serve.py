"""`whistle serve`: run one organisation's site."""

import resource
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from whistle.cli import forgetting
from whistle.cli.faults import told
from whistle.config import Face, load
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.upkeep.running import Running
from whistle.web.app import create_app

THREADS = 32
"""Threads of a worker: slow uploads hold one each. gthread, unlike others, spools no body."""


BOOT_FAILED = "Exception in worker process"
"""gunicorn's words when no request is involved yet."""


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
    with told():
        # What is wrong is said here once, in a sentence, and not by every worker.
        start(settings, now).database.close()
    forgetting.begin_again()
    run(lambda: start(settings, now), bind=bind, workers=workers)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def run(make: Callable[[], Parts], *, bind: str, workers: int) -> None:
    """Serve the organisation that `make` starts, in children of this process, with its clock.

    A crash writes no core file: what a reporter sent without scripts could be in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Before the workers are made: a collection in them would else copy every page that they share.
    forgetting.settle()
    Site(make, bind=bind, workers=workers).run()


class Quiet(Logger):  # type: ignore[misc] # gunicorn ships no types
    """The server's log without what it would tell of visitors: addresses and paths."""

    def warning(self, _message: str, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: gunicorn's warnings name the client's address."""

    def exception(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Say that a request failed, not for which address or path; tell a failed start whole."""
        if message == BOOT_FAILED:
            super().exception(message, *args, **kwargs)
            return
        super().error("A request could not be answered.")


class Site(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn with our settings instead of a file of its own."""

    def __init__(self, make: Callable[[], Parts], *, bind: str, workers: int) -> None:
        self._make = make
        self._options = {
            "bind": bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "logger_class": Quiet,
            "control_socket_disable": True,
            "keepalive": 30,
            "post_request": forgetting.forget,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application and start its clock, once in each worker."""
        parts = self._make()
        Running(parts).start()
        app = create_app(parts)
        forgetting.settle()
        return app
