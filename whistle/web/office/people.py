"""Who is appointed to what, and the form that invites somebody."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import FilingError
from whistle.services.entrance import key_files
from whistle.services.office import joining
from whistle.services.office import people as office_people
from whistle.services.office.rules import Asked
from whistle.web.guards import door
from whistle.web.language import words
from whistle.web.office.asked import parts, refusal, who
from whistle.web.office.sentences import OFFICES, ROLES, STATES

FIELD_OF = {
    "taken": "id",
    "invited": "id",
    "same_name": "name",
    "name_invisible": "name",
    "name_mixed": "name",
    "role": "office",
    "nothing": "office",
    "handler_and_auditor": "office",
    "municipality": "office",
    "channel": "office",
}
"""The field at which a refusal is shown, where it has not the reason's own name."""


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/people", view_func=people)
    pages.add_url_rule("/office/people/invitation", view_func=invited, methods=["POST"])


@door("office")
def people() -> ResponseReturnValue:
    """Everybody, how far they are, and the form for one more."""
    return _people({}, [])


@door("office")
def invited() -> ResponseReturnValue:
    """Keep an invitation and show its link, this once."""
    form = request.form
    asked = Asked(
        id=form.get("id", "").strip(),
        name=form.get("name", "").strip(),
        role_text=form.get("role_text", "").strip(),
        channels=chosen_channels(),
        office=form.get("office") or None,
        mail=form.get("mail", "").strip(),
    )
    try:
        token = joining.invite(parts(), asked, who())
    except FilingError as error:
        return _people(form.to_dict(), [(FIELD_OF.get(error.reason, error.reason), refusal(error))])
    return render_template("office/invited.html", asked=asked, link=link_of(token))


def chosen_channels() -> dict[str, str]:
    """The channels and roles of the form's fields `channel-ID`."""
    found = {one.id: request.form.get(f"channel-{one.id}", "") for one in parts().settings.channels}
    return {channel: role for channel, role in found.items() if role}


def link_of(token: str) -> str:
    """The one-time link: the token behind the # is not sent to any server."""
    address = parts().settings.desk_address or request.host_url
    origin = "/".join(address.split("/")[:3])
    return f"{origin}{url_for('join.join')}#{token}"


def _people(typed: dict[str, Any], errors: list[tuple[str, str]]) -> ResponseReturnValue:
    said = words().gettext
    page = render_template(
        "office/people.html",
        everybody=office_people.everybody(parts()),
        single={one.person_id for one in key_files.ways(parts()) if one.only_one},
        channels=parts().settings.channels,
        states=STATES,
        offices=[(code, said(text)) for code, text in OFFICES],
        roles=[(code, said(text)) for code, text in ROLES],
        typed=typed,
        errors=errors,
        problem=dict(errors),
    )
    return page, 422 if errors else 200
