"""A real `whistle serve`: its own process group, its own temporary folder, its own logs.

The listening socket is made here and handed over, so that a request that comes too early waits
in its queue and nobody has to ask whether the server is up.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.organisation import Organisation

PROGRAM = "from whistle.cli import main; main()"
PATIENCE_SECONDS = 60


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Served:
    """A server that runs until it is stopped or killed."""

    organisation: Organisation
    folder: Path
    face: str = "reporter"
    workers: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the folders and the socket, and start."""
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "log"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start the server, or start it again after it was killed."""
        config = self.folder / "whistle.toml"
        config.write_text(_toml(self.organisation, self.face))
        handed = self.listening.fileno()
        command = ["serve", "--config", str(config), "--bind", f"fd://{handed}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *command, "--workers", str(self.workers)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                pass_fds=(handed,),
                start_new_session=True,
                env={**os.environ, "TMPDIR": str(self.temporary), **self.environment},
            )

    def kill(self) -> None:
        """End all its processes at once, without a word of warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does, and give back the socket."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.listening.close()

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, {"Host": "localhost", **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def workers_of(self) -> list[int]:
        """The numbers of the processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in children.read_text().split()]


def _toml(organisation: Organisation, face: str) -> str:
    settings = organisation.parts.settings
    (channel,) = settings.channels
    return "\n".join(
        [
            f"organisation = {json.dumps(settings.organisation)}",
            f"site_name = {json.dumps(settings.site_name)}",
            f"data_dir = {json.dumps(str(settings.data_dir))}",
            f"keys_dir = {json.dumps(str(settings.keys_dir))}",
            f"languages = {json.dumps(list(settings.languages))}",
            f"face = {json.dumps(face)}",
            "[[channels]]",
            f"id = {json.dumps(channel.id)}",
            f"name = {json.dumps(channel.name)}",
            f"acknowledge = {json.dumps(channel.acknowledge.value)}",
            "",
        ]
    )
