"""A posted form, also one with files in it, is read in memory and never on a disk.

Werkzeug writes the parts of a form that are over 500 kB to a temporary file, in the clear: a
reporter's text or file would lie there, and stay on the disk's free space after that. Here every
part is a buffer in memory; how large a body may be is decided in app.py and at each door.
"""

from io import BytesIO
from typing import IO

from flask import Flask, Request


class InMemory(Request):
    """A request whose parts stay in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - the parser names what it tells
        content_type: str | None,  # noqa: ARG002 - the same
        filename: str | None = None,  # noqa: ARG002 - the same
        content_length: int | None = None,  # noqa: ARG002 - the same
    ) -> IO[bytes]:
        return BytesIO()


def install(app: Flask) -> None:
    """Let every request of `app` be read in memory."""
    app.request_class = InMemory
