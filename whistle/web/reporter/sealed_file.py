"""A report that was sealed on a computer of one's own (`whistle seal --report`), sent as a file.

The file holds exactly the bytes that a browser would post. It is read in memory, as every form is
(intake/multipart.py): an upload never touches a disk before it is known to be sealed.

Without scripts the file comes with the report's form, so that a refused file costs nobody a text
that was typed; with scripts it comes alone.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from whistle.errors import (
    BusyError,
    ConflictError,
    DeniedError,
    FilingError,
    KeyringError,
    WhistleError,
)
from whistle.services.reporting.filing import POSTED_BYTES_MAX, file_shared
from whistle.web.guards import door
from whistle.web.intake.multipart import small_file
from whistle.web.reporter.answers import Answers, Problem
from whistle.web.reporter.asked import BODY_MAX, form, page_language, parts
from whistle.web.reporter.asked import channel as asked_channel
from whistle.web.reporter.report import told_of
from whistle.web.reporter.report_pages import choose_page, form_page, sent_page

READ_MAX = 64_000_000
"""Bytes of a posted form that are read at all: a photo or a film chosen by mistake is answered at
the field, beside the text that came with it."""

REFUSED: tuple[tuple[type[Exception], str, str, int], ...] = (
    (RequestEntityTooLarge, "", "file_large", 413),
    (FilingError, "too_large", "file_large", 413),
    (FilingError, "age_file", "file_age", 422),
    (FilingError, "magic", "file_other", 422),
    (FilingError, "stanzas", "file_list", 422),
    (FilingError, "left_out", "file_list", 422),
    (FilingError, "channel", "file_channel", 422),
    (FilingError, "unknown_channel", "file_channel", 422),
    (FilingError, "no_readers", "no_readers", 422),
    (FilingError, "", "file_broken", 422),
    (ConflictError, "keyring_changed", "file_keyring", 409),
    (ConflictError, "", "file_sent", 409),
    (BusyError, "", "busy", 429),
    (DeniedError, "", "paused", 503),
    (KeyringError, "", "paused", 503),
    (WhistleError, "", "paused", 503),
)
"""The first line whose class and reason (empty: any) fit gives the sentence and the status. What
is left of a filing's own reasons says that its bytes are torn or were changed."""


@door("reporter")
def send_file() -> ResponseReturnValue:
    """Take a sealed report as a file; what is not one is refused with a sentence that says why."""
    if request.method != "POST":
        return redirect(url_for("reporter.report"), 303)
    try:
        posted = _read()
        if not posted:
            return _refused("file_missing", 422)
        return sent_page(told_of(file_shared(parts(), posted)), None)
    except (RequestEntityTooLarge, WhistleError) as error:
        return _refused(*why(error))


def why(error: Exception) -> tuple[str, int]:
    """Return the code of the sentence for what is in the way, and the status."""
    reason = getattr(error, "reason", "")
    return next(
        (code, status)
        for kind, only, code, status in REFUSED
        if isinstance(error, kind) and only in {"", reason}
    )


def _read() -> bytes:
    return small_file("sealed", most=POSTED_BYTES_MAX, fields=BODY_MAX, body=READ_MAX)


def _refused(code: str, status: int) -> ResponseReturnValue:
    channel = asked_channel()
    problem: Problem = ("sealed", code, {})
    if channel is None:
        return choose_page([problem], status)
    return form_page(channel, Answers.read(form(), page_language()), [problem], status)
