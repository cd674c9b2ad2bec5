"""The office: where officer and auditor run the channel. They open no report."""

from typing import Any

from flask import Blueprint, g

from whistle.case.permissions import OFFICE_ROLES
from whistle.web import session
from whistle.web.office import (
    health,
    join,
    keys,
    log,
    next_keyring,
    overview,
    people,
    person,
    start,
)
from whistle.web.office.asked import PLACES


def blueprint() -> Blueprint:
    """Return a fresh blueprint with the office's pages."""
    pages = Blueprint("office", __name__)
    pages.add_url_rule("/office", view_func=start.start)
    pages.add_url_rule("/office/leave", view_func=start.leave, methods=["POST"])
    people.add(pages)
    person.add(pages)
    keys.add(pages)
    next_keyring.add(pages)
    overview.add(pages)
    log.add(pages)
    health.add(pages)
    pages.context_processor(_surroundings)
    return pages


def join_blueprint() -> Blueprint:
    """Return a fresh blueprint with the page on which somebody joins; nobody is signed in there."""
    pages = Blueprint("join", __name__)
    pages.add_url_rule("/join", view_func=join.join)
    return pages


def _surroundings() -> dict[str, Any]:
    """Who is in, and the places of the office that are open to them; for faults too."""
    if "person" not in g:
        return {"places": ()}
    roles = session.person().roles & OFFICE_ROLES
    open_to = [place for place in PLACES if place.roles & roles]
    return {"person": session.person(), "places": open_to}
