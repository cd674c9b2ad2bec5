"""From an error to its answer: a status, a plain page or JSON, never a trace of what was sent.

Each fault has a heading and a sentence that says what to do next. Under /api/ the same fault is
{"error": code, "message": sentence}.
"""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from traceback import extract_tb
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from whistle import errors
from whistle.config import Face, Settings
from whistle.web.language import words
from whistle.wording import mark


@dataclass(frozen=True)
class Fault:
    """One status as a person reads it; `code` is for programs."""

    code: str
    heading: str
    advice: str


FAULTS = {
    400: Fault(
        "bad_request",
        mark("We could not read what was sent"),
        mark("Go back to the page and try again. Nothing was saved."),
    ),
    401: Fault(
        "signed_out",
        mark("You are not signed in"),
        mark("Sign in and try again."),
    ),
    403: Fault(
        "denied",
        mark("This is not allowed"),
        mark("The form came from another site or is no longer valid. Open the page here instead."),
    ),
    404: Fault(
        "not_found",
        mark("The page does not exist"),
        mark("If you typed the address, check it."),
    ),
    405: Fault(
        "method_not_allowed",
        mark("The page cannot be used in this way"),
        mark("Start again from the first page. Nothing was saved."),
    ),
    409: Fault(
        "conflict",
        mark("Something new has come in between"),
        mark("Open the page again to see it, then try once more."),
    ),
    413: Fault(
        "too_large",
        mark("What you sent is too large"),
        mark("Nothing was saved. Make it shorter and send the rest afterwards."),
    ),
    422: Fault(
        "not_accepted",
        mark("We could not use what was sent"),
        mark("Nothing was saved. Go back to the page and try again."),
    ),
    429: Fault(
        "busy",
        mark("Many messages arrive right now"),
        mark("Wait one minute and try again. Nothing was saved."),
    ),
    500: Fault(
        "broken",
        mark("Something went wrong with us"),
        mark("Nothing you wrote has been shown to anyone. Try again in a few minutes."),
    ),
    503: Fault(
        "closed",
        mark("The service is paused"),
        mark("We are working on it. Try again in a few minutes."),
    ),
}

CODED = {
    "csrf": Fault(
        "csrf",
        mark("This page is too old to send"),
        mark("Load the page again, sign in if it asks you to, and try once more."),
    ),
    "new_key": Fault(
        "new_key",
        mark("Your new key counts now"),
        mark("Sign in with a one-time code and the passphrase of the new key."),
    ),
    "time_unsure": Fault(
        "time_unsure",
        mark("The server's time must be compared first"),
        mark("Tell the officer. Nothing was saved."),
    ),
    "already_sent": Fault(
        "already_sent",
        mark("This report has already been sent"),
        mark("Your changes were not sent: send them as a message."),
    ),
}
"""What one code means, where the status alone would say too little or something else."""

NO_MAILBOX = Fault(
    "unknown",
    mark("No report was found with this code"),
    mark("Compare the code with your note. If it was closed long ago, it may have been deleted."),
)

STATUS: tuple[tuple[type[errors.WhistleError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.SignInError, 401),
    (errors.ConflictError, 409),
    (errors.CaseError, 409),
    (errors.BusyError, 429),
    (errors.DeniedError, 403),
    (errors.TooLargeError, 413),
    (errors.KeyringError, 503),
    (errors.ConfigError, 500),
    (errors.WhistleError, 422),
)
"""The first class that fits decides. What is left is something sent that breaks a format's rule."""


def status_of(error: errors.WhistleError) -> int:
    """Return the status with which `error` is answered."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def answer(status: int, code: str | None = None) -> Response:
    """Return the page, or under /api/ the JSON, of one fault. `code` replaces the general one."""
    fault = _fault(status, code)
    if request.path.startswith("/api/"):
        message = f"{words().gettext(fault.heading)}. {words().gettext(fault.advice)}"
        response = jsonify(error=code or fault.code, message=message)
    else:
        home, layout = _surroundings()
        response = current_app.make_response(
            render_template("errors/fault.html", fault=fault, home=home, layout=layout)
        )
    response.status_code = status
    return response


def _fault(status: int, code: str | None) -> Fault:
    if code == NO_MAILBOX.code and request.blueprint == "api":
        return NO_MAILBOX
    if code in CODED:
        return CODED[code]
    return FAULTS.get(status, FAULTS[500 if status >= 500 else 400])


def _surroundings() -> tuple[str, str]:
    """The first page and the layout of the face on which the fault happened."""
    settings: Settings = current_app.extensions["whistle"].settings
    inside = settings.face is Face.DESK or request.path.split("/")[2:3] in (["desk"], ["office"])
    if inside and settings.face is not Face.REPORTER:
        return "/desk", "parts/desk_page.html"
    return "/", "parts/reporter_page.html"


def _known(error: errors.WhistleError) -> Response:
    return answer(status_of(error), error.reason)


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    # By its name: the library is loaded only where somebody signs in.
    response = answer(status, "csrf" if type(error).__name__ == "CSRFError" else None)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def told(exc_info: Any) -> str:
    """Return what may be logged of an error: its class and where it came from, innermost first.

    Never its text, which may hold what was posted, nor the address, which may hold an id.
    """
    kind, _, trace = exc_info
    frames = reversed(extract_tb(trace))
    where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
    return f"fault {token_hex(4)}: {kind.__name__} at {where}"


def install(app: Flask) -> None:
    """Answer every error of `app` from the table above, and log those that have no line in it."""

    def log(exc_info: Any) -> None:
        app.logger.error(told(exc_info))

    app.log_exception = log  # type: ignore[method-assign] # Flask says: may be overridden
    app.register_error_handler(errors.WhistleError, _known)
    app.register_error_handler(HTTPException, _http)
