"""The office's first page: who is in, in which roles, and the way out."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from whistle.case.permissions import DESK_ROLES, OFFICE_ROLES, Role
from whistle.services.notices import unsent_to_officer
from whistle.services.office import checklist, health, review
from whistle.services.parts import Parts
from whistle.services.reporting import readers
from whistle.web import session
from whistle.web.guards import door
from whistle.web.office.sentences import STEPS
from whistle.wording import ROLES


@door("office", roles=OFFICE_ROLES)
def start() -> ResponseReturnValue:
    """Tell who is signed in, what each of their roles does, and which mail did not go."""
    parts: Parts = current_app.extensions["whistle"]
    person = session.person()
    return render_template(
        "office/start.html",
        person=person,
        roles=[ROLES[role] for role in sorted(person.roles)],
        handles=bool(person.roles & DESK_ROLES),
        closed=readers.closed_forms(parts),
        unsent=unsent_to_officer(parts) if Role.OFFICER in person.roles else 0,
        paused=health.paused(parts),
        steps=checklist.steps(parts) if Role.OFFICER in person.roles else [],
        sentences=STEPS,
        reviews=review.shown(parts).due,
    )


@door("office", roles=OFFICE_ROLES)
def leave() -> ResponseReturnValue:
    """End the session and go back to the sign-in."""
    session.end()
    return redirect(url_for("desk.sign_in"), 303)
