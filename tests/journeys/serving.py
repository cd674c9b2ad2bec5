"""A server on this machine for as long as a test needs it."""

from dataclasses import dataclass
from threading import Thread

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.organisation import Organisation


class Quiet(WSGIRequestHandler):
    """Answers, keeps connections as a real server does, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the server's own name
        """Say nothing."""


@dataclass(frozen=True)
class Site:
    """A running site: where it is, whose it is, and how to end it."""

    address: str
    app: Flask
    organisation: Organisation | None
    server: BaseWSGIServer
    thread: Thread

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return self.address + path

    def stop(self) -> None:
        """End the server and wait until it has."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def serving(app: Flask, organisation: Organisation | None) -> Site:
    """Serve an application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    # By name: the browser then treats the address as a safe place, as it does https.
    return Site(f"http://localhost:{server.port}", app, organisation, server, thread)
