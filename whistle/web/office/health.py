"""The installation's health, and going on after a pause of the clock."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.case.permissions import OFFICE_ROLES, Role
from whistle.errors import FilingError
from whistle.services import pauses
from whistle.services.office import health
from whistle.services.reporting import readers
from whistle.web import session
from whistle.web.guards import door
from whistle.web.office.asked import handles, parts, refusal, who
from whistle.web.office.sentences import KEYRING_STATES, MAIL_FAULTS, OTHER_MAIL_FAULT, RECEIVERS


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/health", view_func=installation)
    pages.add_url_rule("/office/health/time", view_func=end_pause, methods=["POST"])


@door("office", roles=OFFICE_ROLES)
def installation() -> ResponseReturnValue:
    """Keyring, clock, disk, mail, anchors."""
    return _installation()


@door("office")
def end_pause() -> ResponseReturnValue:
    """Let the clock go on: an officer has compared the time with another clock."""
    try:
        pauses.end(parts(), who(), _seen())
    except FilingError as error:
        return _installation(error), 422
    return redirect(url_for("office.installation"), 303)


def _seen() -> datetime:
    """The time that stood on the page."""
    try:
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError as error:
        raise FilingError("seen") from error
    if seen.tzinfo is None:
        raise FilingError("seen")
    return seen


def _installation(error: FilingError | None = None) -> str:
    return render_template(
        "office/installation.html",
        health=health.look(parts(), handles=handles()),
        closed=readers.closed_forms(parts()),
        states=KEYRING_STATES,
        mail_faults=MAIL_FAULTS,
        other_mail_fault=OTHER_MAIL_FAULT,
        receivers=RECEIVERS,
        is_officer=Role.OFFICER in session.person().roles,
        errors=[("time", refusal(error))] if error else [],
    )
