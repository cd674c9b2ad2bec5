"""The rooms of the face for whoever signs in: desk and office.

A process that shows only the reporters' face loads none of this: nobody can reach by a fault in a
reporter's page what is not there.
"""

from flask import Blueprint

from whistle.web import desk, office
from whistle.web.api import cosigning, entrance, joining, own, reminders, tasks, unopened
from whistle.web.api import desk as cases


def pages() -> tuple[Blueprint, ...]:
    """Return what is shown under a language."""
    return desk.blueprint(), office.blueprint(), office.join_blueprint()


def programs() -> tuple[Blueprint, ...]:
    """Return what speaks JSON: signing in, keys, cases, tasks, keyrings, and joining."""
    blueprint = Blueprint("desk_api", __name__, url_prefix="/api/v1/desk")
    entrance.add(blueprint)
    own.add(blueprint)
    cases.add(blueprint)
    tasks.add(blueprint)
    cosigning.add(blueprint)
    reminders.add(blueprint)
    unopened.add(blueprint)
    joins = Blueprint("join_api", __name__, url_prefix="/api/v1/join")
    joining.add(joins)
    return blueprint, joins
