"""What the office's pages have in common: who asks, the places, the sentences for refusals."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from whistle.case.permissions import DESK_ROLES, OFFICE_ROLES, Role
from whistle.errors import WhistleError
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.language import words
from whistle.wording import mark

OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True)
class Place:
    """One page of the office in its navigation."""

    endpoint: str
    name: str
    roles: frozenset[Role]


PLACES = (
    Place("office.start", mark("Overview"), OFFICE_ROLES),
    Place("office.people", mark("People"), OFFICER),
    Place("office.keys", mark("Keys"), OFFICER),
    Place("office.channels", mark("Channels"), OFFICER),
    Place("office.access_review", mark("Review"), OFFICE_ROLES),
    Place("office.log", mark("Log"), OFFICE_ROLES),
    Place("office.installation", mark("Health"), OFFICE_ROLES),
)


def parts() -> Parts:
    """The real parts."""
    found: Parts = current_app.extensions["whistle"]
    return found


def handles() -> bool:
    """Whether the officer or auditor who asks has a place at the desk as well."""
    return bool(session.person().roles & DESK_ROLES)


def who() -> str:
    """The id of the officer or auditor who asks."""
    return session.person().id


REFUSED: Mapping[str, str] = {
    "id": mark("Write the short name in small letters and digits, such as anna"),
    "taken": mark("Somebody with this short name can sign in. Take them out first"),
    "invited": mark("There is an invitation with this short name. Take it back first"),
    "name": mark("Write the name, at most 120 letters"),
    "name_invisible": mark(
        "There is a sign in the name that cannot be seen. Type it anew, by hand"
    ),
    "name_mixed": mark(
        "A word of the name has letters of two alphabets that look alike. Type it anew, by hand"
    ),
    "same_name": mark(
        "Somebody else has this name. Reporters leave people out by it: add what tells them apart"
    ),
    "role_text": mark("Write the task as reporters will read it, at most 200 letters"),
    "mail": mark("Write one mail address, or leave it empty"),
    "channel": mark("There is no such channel"),
    "role": mark("There is no such role"),
    "nothing": mark("Choose at least one task"),
    "handler_and_auditor": mark("Whoever handles cases cannot be auditor"),
    "municipality": mark(
        "A municipality has no shared staff: 5 kap. 4 § in the law. Choose another role"
    ),
    "last_officer": mark("You are the last officer. Invite another one first"),
    "sure": mark("Tick that this person is to be taken out"),
    "closes": mark("A form closes by this. Tick that it may"),
    "out": mark("This person is out already. Publish the next list of keys without them"),
    "root": mark("This is not a public key. Copy the whole line of the .pub file"),
    "root_stands": mark("There is a list of keys already, so its root key stands"),
    "keys_dir": mark(
        "The server may not write to the folder of keys. The operator publishes with whistle keys"
    ),
    "issued_on": mark("Choose a day from today to two weeks ahead"),
    "unknown": mark("Somebody you chose is not there any more. Look again"),
    "last": mark("Somebody must be left who reads reports"),
    "recovery": mark("This is not a recovery.json. Copy the whole file"),
    "draft_changed": mark("The list was prepared anew meanwhile. Look at it again"),
    "not_signed": mark("The root key has not signed this list yet"),
    "too_old": mark("The day of this list is past. Prepare it anew and sign it again"),
    "held_back": mark(
        "A list that came too late lies in the folder of keys. Let the operator take it away first"
    ),
    "signature": mark("This is not the root key's signature over this file"),
    "no_pause": mark("The clock goes already. Nothing was changed"),
    "seen": mark("The time has moved on since the page was shown. Compare it again"),
    "anchor": mark("An anchor is a number, a colon and 64 signs from 0 to 9 and a to f"),
}
"""What is told of each refusal, by its reason."""

OTHER = mark("It could not be done. Nothing was changed")


def refusal(error: WhistleError) -> str:
    """The sentence for a refusal, in the language of the request."""
    return words().gettext(REFUSED.get(error.reason, OTHER))
