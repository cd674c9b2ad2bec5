"""One person: what they may, their fingerprint, and taking them out in one step."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import DeniedError, FilingError, NotFoundError, WhistleError
from whistle.services.office import joining
from whistle.services.office import people as office_people
from whistle.web.guards import door
from whistle.web.office.asked import parts, refusal, who
from whistle.web.office.sentences import OFFICES, ROLE_NAMES, STATES

FIELD_OF = {"sure": "sure", "closes": "closes"}
"""The tick at which a refusal is shown."""


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/people/<person_id>", view_func=person)
    for name, view in (("revocation", revoke), ("withdrawal", withdraw), ("office", appoint)):
        rule = f"/office/people/<person_id>/{name}"
        pages.add_url_rule(rule, view_func=view, methods=["POST"])


@door("office")
def person(person_id: str) -> ResponseReturnValue:
    """Tell what somebody may, since when, and what can be done."""
    return _page(person_id)


@door("office")
def revoke(person_id: str) -> ResponseReturnValue:
    """Take somebody out: sign-in, keys and sessions at once, and the next keyring prepared."""
    closing = "closes" in request.form
    if "sure" not in request.form:
        return _page(person_id, DeniedError("sure"))
    try:
        prepared = office_people.revoke(parts(), person_id, who(), closing=closing)
    except (DeniedError, FilingError) as error:
        return _page(person_id, error)
    if prepared:
        return redirect(url_for("office.keys"), 303)
    return _back_to(person_id)


@door("office")
def withdraw(person_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        joining.withdraw(parts(), person_id, who())
    except DeniedError as error:
        return _page(person_id, error)
    return redirect(url_for("office.people"), 303)


@door("office")
def appoint(person_id: str) -> ResponseReturnValue:
    """Give an office, or take it."""
    try:
        office_people.appoint(parts(), person_id, request.form.get("office") or None, who())
    except (DeniedError, FilingError) as error:
        return _page(person_id, error)
    return _back_to(person_id)


def _back_to(person_id: str) -> ResponseReturnValue:
    """Lead to the person's page, or to all people where that one is gone."""
    try:
        office_people.find(parts(), person_id)
    except NotFoundError:
        return redirect(url_for("office.people"), 303)
    return redirect(url_for("office.person", person_id=person_id), 303)


def _page(person_id: str, error: WhistleError | None = None) -> ResponseReturnValue:
    shown = office_people.find(parts(), person_id)
    page = render_template(
        "office/person.html",
        one=shown,
        channels={one.id: one.name for one in parts().settings.channels},
        states=STATES,
        role_names=ROLE_NAMES,
        offices=OFFICES,
        closes=office_people.closed_without(parts(), person_id),
        left_over=office_people.left_over(parts(), person_id),
        counts_from=office_people.lost_keys(parts()).until,
        errors=[(FIELD_OF.get(error.reason, "person"), refusal(error))] if error else [],
    )
    return page, 409 if error else 200
