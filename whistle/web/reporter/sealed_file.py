"""A report that was sealed on a computer of one's own (`whistle seal --report`), sent as a file.

The file holds exactly the bytes that a browser would post. It is read in memory, as every form is
(intake/multipart.py): an upload never touches a disk before it is known to be sealed.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from whistle.errors import BusyError, ConflictError, DeniedError, KeyringError, WhistleError
from whistle.services.reporting.filing import POSTED_BYTES_MAX, file_shared
from whistle.web.guards import door
from whistle.web.reporter.answers import Answers, Problem
from whistle.web.reporter.asked import page_language, parts
from whistle.web.reporter.report import told_of
from whistle.web.reporter.report_pages import choose_page, form_page, sent_page

FILE_MAX = POSTED_BYTES_MAX + 10_000
"""Bytes: the largest sealed report, and the form around it."""

AGE = b"age-encryption.org/"
OURS = b"WHISTLEF1\n"


REFUSED: tuple[tuple[type[Exception], str, str, int], ...] = (
    (RequestEntityTooLarge, "", "file_large", 413),
    (ConflictError, "keyring_changed", "file_keyring", 409),
    (ConflictError, "", "file_sent", 409),
    (BusyError, "", "busy", 429),
    (DeniedError, "", "paused", 503),
    (KeyringError, "", "paused", 503),
    (WhistleError, "", "file_other", 422),
)
"""The first line whose class and reason (empty: any) fit gives the sentence and the status."""


@door("reporter")
def send_file() -> ResponseReturnValue:
    """Take a sealed report as a file; what is not one is refused with a sentence that says why."""
    if request.method != "POST":
        return redirect(url_for("reporter.report"), 303)
    try:
        posted = _read()
        wrong = _wrong(posted)
        if wrong:
            return _refused(wrong, 422)
        return sent_page(told_of(file_shared(parts(), posted)), None)
    except (RequestEntityTooLarge, WhistleError) as error:
        return _refused(*_why(error))


def _wrong(posted: bytes) -> str:
    if not posted:
        return "file_missing"
    if posted.startswith(OURS):
        return ""
    return "file_age" if posted.startswith(AGE) else "file_other"


def _why(error: Exception) -> tuple[str, int]:
    reason = getattr(error, "reason", "")
    return next(
        (code, status)
        for kind, only, code, status in REFUSED
        if isinstance(error, kind) and only in {"", reason}
    )


def _read() -> bytes:
    request.max_content_length = FILE_MAX
    sealed = request.files.get("sealed")
    return sealed.read() if sealed else b""


def _refused(code: str, status: int) -> ResponseReturnValue:
    channels = parts().settings.channels
    problem: Problem = ("sealed", code, {})
    if len(channels) > 1:
        return choose_page([problem], status)
    return form_page(channels[0], Answers(channels[0].id, page_language()), [problem], status)
