"""The server's processes: a first one that has everything loaded, and workers forked from it.

What the first one made before, its workers share with it: they start at once, and their memory is
counted once. So nothing is made there that a process must have for itself: no connection to the
database stays open, no thread runs.
"""

import resource
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from whistle.cli import forgetting
from whistle.services.parts import Parts
from whistle.services.upkeep.running import Running
from whistle.web.app import create_app

THREADS = 32
"""Threads of a worker: slow uploads hold one each. gthread, unlike others, spools no body."""
UNDISTURBED_SECONDS = 0.05
"""So long may a thread compute before another takes over. An answer takes a few milliseconds:
each is made in one go, which costs a quarter less than threads that interrupt each other."""
BOOT_FAILED = "Exception in worker process"
"""gunicorn's words when no request is involved yet."""


def run(
    parts: Parts, *, bind: str, workers: int, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve one organisation in children of this process, with its clock.

    `ready` is told the address as soon as requests are taken in.

    A crash writes no core file: what a reporter sent without scripts could be in it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    site = Site(parts, bind=bind, workers=workers, ready=ready)
    parts.database.close()
    # Before the workers are made: a collection in them would else copy every page that they share.
    forgetting.settle()
    site.run()


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

    def __init__(
        self, parts: Parts, *, bind: str, workers: int, ready: Callable[[str], None]
    ) -> None:
        self._parts = parts
        self._app = create_app(parts)
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
            "when_ready": lambda arbiter: ready(", ".join(map(str, arbiter.LISTENERS))),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Start the clock and the collecting, once in each worker; hand over the application."""
        sys.setswitchinterval(UNDISTURBED_SECONDS)
        Running(self._parts).start()
        forgetting.start_collecting()
        return self._app
