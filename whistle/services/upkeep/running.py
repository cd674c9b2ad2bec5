"""The clock running by itself inside a process that serves: a turn now, and then every so often."""

import logging
import secrets
from collections.abc import Callable
from threading import Event, Thread

from whistle.notify.mail import Server
from whistle.services.parts import Parts
from whistle.services.upkeep.turning import post, turn

EVERY_SECONDS = 60
EVERY_SECONDS_DEMO = 3
_log = logging.getLogger("whistle.upkeep")


class Running:
    """A thread that sweeps and sends mail until it is stopped; what fails is tried again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopped = Event()
        self._every = EVERY_SECONDS_DEMO if parts.settings.demo else EVERY_SECONDS
        mail = parts.settings.mail
        self._server = Server(mail) if mail else None
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> "Running":
        """Begin; returns itself."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop after the turn under way."""
        self._stopped.set()
        self._thread.join()

    @staticmethod
    def _try(what: str, act: Callable[[], object]) -> None:
        """Do it; a fault is named in the log, by its class only, and stops nothing else."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the clock must outlive any one fault
            _log.error("%s failed: %s", what, type(error).__name__)

    def _deliver(self) -> None:
        if self._server is not None:
            post(self._parts, self._server.send)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._try("The clock's turn", lambda: turn(self._parts))
            self._try("Sending mail", self._deliver)
            # By chance a little earlier or later, so that many machines do not turn at once.
            self._stopped.wait(self._every * (1 + secrets.randbelow(100) / 1000))
