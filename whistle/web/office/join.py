"""The page behind a one-time link. It is the same for everybody: the token never reaches it."""

from flask import Response, render_template

from whistle.web.built import BUILT_ON
from whistle.web.guards import door
from whistle.web.packed import packed


@door("sign_in")
def join() -> Response:
    """Make the keys in the browser, and join."""
    return packed(render_template("office/join.html", built_on=BUILT_ON))
