"""The floor: a Flask application with one empty view, in the same gunicorn as `whistle serve`.

It imports SQLAlchemy, as any application with a database does, and nothing of Whistle.
"""

import sys
from typing import Any

import flask
import sqlalchemy
from gunicorn.app.base import BaseApplication

THREADS = 32  # as whistle/cli/site.py


def make() -> flask.Flask:
    """Make an application that answers two bytes to GET, and to POST once it has read all."""
    app = flask.Flask(__name__, static_folder=None)
    app.extensions["sqlalchemy"] = sqlalchemy

    @app.route("/", methods=["GET", "POST"])
    def empty() -> str:
        flask.request.get_data(cache=False)
        return "ok"

    return app


class Empty(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn with the options that `whistle serve` gives it."""

    def __init__(self, bind: str, workers: int) -> None:
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "keepalive": 30,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> flask.Flask:
        """Make the application, once in each worker."""
        return make()


if __name__ == "__main__":
    Empty(sys.argv[1], int(sys.argv[2])).run()
