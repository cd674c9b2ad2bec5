"""A posted form, also one with files in it, is read in memory and never on a disk.

Werkzeug writes the parts of a form that are over 500 kB to a temporary file, in the clear: a
reporter's text or file would lie there, and stay on the disk's free space after that. Here every
part is a buffer in memory; how large a body may be is decided in app.py and at each door.
"""

from io import BytesIO
from typing import IO, TYPE_CHECKING, cast

from flask import Flask, Request, request
from werkzeug.exceptions import RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Beginning(BytesIO):
    """Keeps so many bytes of what is written, and lets go of the rest; `over` tells of it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.over = False

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take all, keep what there is room for."""
        came = memoryview(data)
        room = self._most - self.tell()
        self.over = self.over or came.nbytes > room
        super().write(came[:room])
        return came.nbytes


class InMemory(Request):
    """A request whose parts stay in memory."""

    file_bytes_max: int | None = None
    """Bytes of a file that are kept; None: as many as the body may have."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - the parser names what it tells
        content_type: str | None,  # noqa: ARG002 - the same
        filename: str | None = None,  # noqa: ARG002 - the same
        content_length: int | None = None,  # noqa: ARG002 - the same
    ) -> IO[bytes]:
        return BytesIO() if self.file_bytes_max is None else Beginning(self.file_bytes_max)

    def leave_unread(self) -> None:
        """Be a form without fields from now on: the body is not to be read (again)."""
        self.__dict__["form"] = self.parameter_storage_class()
        self.__dict__["files"] = self.parameter_storage_class()


def small_file(name: str, *, most: int, fields: int, body: int) -> bytes:
    """Return the file that was sent under this name; empty if there is none.

    A file that is too large is read to its end all the same, and let go: so the browser gets its
    answer, and the fields beside the file can be read as ever.

    Args:
        name: the field's.
        most: bytes of the file that are kept in memory.
        fields: bytes of all other fields together.
        body: bytes that are read at all; the fields of a larger body are lost.

    Raises:
        RequestEntityTooLarge: the file, or something else, is too large.
    """
    asked = cast("InMemory", request)
    asked.file_bytes_max = most
    asked.max_content_length, asked.max_form_memory_size = body, fields
    try:
        sent = asked.files.get(name)
    except RequestEntityTooLarge:
        asked.leave_unread()
        raise
    if sent is None:
        return b""
    if cast("Beginning", sent.stream).over:
        raise RequestEntityTooLarge
    content: bytes = sent.read()
    return content


def install(app: Flask) -> None:
    """Let every request of `app` be read in memory."""
    app.request_class = InMemory
