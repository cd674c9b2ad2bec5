"""Channels, the yearly review, and what the first days put off."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from whistle.case.permissions import OFFICE_ROLES
from whistle.services.office import checklist, people, review
from whistle.services.reporting import readers
from whistle.web.guards import door
from whistle.web.office.asked import parts, who
from whistle.web.office.sentences import (
    ACKNOWLEDGE,
    KEYRING_STATES,
    LAWS,
    OFFICES,
    ROLE_NAMES,
    STATES,
)


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/channels", view_func=channels)
    pages.add_url_rule("/office/review", view_func=access_review)
    pages.add_url_rule("/office/review/attestation", view_func=attest, methods=["POST"])
    pages.add_url_rule("/office/recovery/later", view_func=put_off, methods=["POST"])


@door("office")
def channels() -> ResponseReturnValue:
    """Each legal entity with its law, its clock and whether its form is open."""
    everybody = people.everybody(parts())
    return render_template(
        "office/channels.html",
        channels=[
            {
                "channel": one,
                "state": readers.keyring_state(parts(), one.id),
                "readers": len(readers.who_can_sign_in(parts(), one.id)),
                "people": [person for person in everybody if one.id in person.channels],
            }
            for one in parts().settings.channels
        ],
        states=KEYRING_STATES,
        person_states=STATES,
        laws=LAWS,
        acknowledge=ACKNOWLEDGE,
        role_names=ROLE_NAMES,
    )


@door("office", roles=OFFICE_ROLES)
def access_review() -> ResponseReturnValue:
    """Who has access in which role, to be looked through once a year."""
    return render_template(
        "office/access_review.html",
        review=review.shown(parts()),
        channel_names={one.id: one.name for one in parts().settings.channels},
        role_names=ROLE_NAMES,
        offices=dict(OFFICES),
        states=STATES,
    )


@door("office")
def attest() -> ResponseReturnValue:
    """Note that an officer has looked through it."""
    review.attest(parts(), who())
    return redirect(url_for("office.access_review"), 303)


@door("office")
def put_off() -> ResponseReturnValue:
    """Go on without a recovery key for now; the log says who decided it."""
    checklist.put_off_recovery(parts(), who())
    return redirect(url_for("office.start"), 303)
