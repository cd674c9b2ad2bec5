"""The clock running by itself inside a process that serves: a turn now, and then every so often."""

import logging
import secrets
from threading import Event, Thread

from whistle.notify.mail import Server
from whistle.services.parts import Parts
from whistle.services.upkeep.mailing import deliver
from whistle.services.upkeep.sweeping import sweep

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

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                sweep(self._parts)
                if self._server is not None:
                    deliver(self._parts, self._server.send)
            except Exception as error:  # noqa: BLE001 - the clock must outlive any one fault
                _log.error("The clock's turn failed: %s", type(error).__name__)
            # By chance a little earlier or later, so that many machines do not turn at once.
            self._stopped.wait(self._every * (1 + secrets.randbelow(100) / 1000))
