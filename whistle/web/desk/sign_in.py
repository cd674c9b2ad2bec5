"""The desk's one document: it opens with the sign-in, and holds every section and sentence.

What it shows of cases comes later, through the API, and is opened in the browser. So the document
is the same for everybody and tells nothing.
"""

from flask import Response, current_app, render_template

from whistle.services.entrance.webauthn import host_for_passkeys
from whistle.services.parts import Parts
from whistle.services.reporting import readers
from whistle.web import session
from whistle.web.built import BUILT_ON
from whistle.web.desk import codes, ready
from whistle.web.guards import door
from whistle.web.packed import packed


@door("sign_in")
def sign_in() -> Response:
    """The desk, from the sign-in to the closing of a case."""
    parts: Parts = current_app.extensions["whistle"]
    page = render_template(
        "desk/sign_in.html",
        passkeys=host_for_passkeys(session.origin()) is not None,
        root=readers.root_line(parts),
        built_on=BUILT_ON,
        channels=[(channel.id, channel.name) for channel in parts.settings.channels],
        spoken=codes.SPOKEN,
        topics=codes.TOPICS,
        outcomes=codes.OUTCOMES,
        reasons=codes.REASONS,
        roles=codes.ROLES,
        snippets=ready.snippets(),
        stock_phrases=ready.STOCK_PHRASES,
    )
    return packed(page)
