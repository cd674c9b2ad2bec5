"""Who is signed in at desk and office: one cookie, and the session it points to on the server.

Rules:
* the cookie holds a random token and the CSRF token, signed; whose session it is, and whether it
  has ended, is looked up at every request (services/entrance/sign_in.py);
* its name begins with `__Host-`: no other host can set it, it never leaves https or this machine
  (RFC 6265bis section 4.1.3). Chromium keeps such a cookie on http://localhost as well;
* SameSite is Lax, not Strict: a first visit from a mail would come without the cookie, get a new
  one, and so end the session of the page that is open beside it. Every change needs the CSRF token;
* it is a cookie of the browser's session, without a date.

The reporter's face never touches it, so it sets no cookie there.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from flask import Flask, current_app, g, request, session

from whistle.case.permissions import Role
from whistle.crypto.keyring import HandlerKey
from whistle.errors import SignInError
from whistle.services.entrance import cookie, sign_in
from whistle.services.entrance.who import Entered
from whistle.services.parts import Parts

COOKIE = "__Host-desk"
TOKEN = "sign_in"  # noqa: S105 - the name of the field


def install(app: Flask, made: Parts) -> None:
    """Set up the desk's cookie; its secret is made in `data_dir` at the first start."""
    app.config.update(
        SECRET_KEY=cookie.secret(made),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )


def parts() -> Parts:
    """The real parts behind this application."""
    found: Parts = current_app.extensions["whistle"]
    return found


def origin() -> str:
    """Return the origin that the browser must have signed for.

    The desk's own address where the settings have one: the host that a request names could be
    another site's that passes everything on.
    """
    address = parts().settings.desk_address or request.host_url
    return "/".join(address.split("/")[:3])


def begin(fresh: bytes) -> None:
    """Let this browser's cookie carry the token of a sign-in or of the session it became.

    What the cookie carried before is ended: nobody could find it again.
    """
    if before := token():
        sign_in.sign_out(parts(), before)
    session[TOKEN] = urlsafe_b64encode(fresh).decode()
    g.pop("person", None)


def token() -> bytes:
    """Return the token that came with this request; empty when there is none."""
    try:
        return urlsafe_b64decode(session.get(TOKEN, ""))
    except (Base64Error, ValueError):
        return b""


def person() -> Entered:
    """Return who is signed in; asked of the server's table once a request.

    Raises:
        SignInError: nobody is, or the session has ended.
    """
    if "person" not in g:
        g.person = sign_in.who(parts(), token())
    found: Entered = g.person
    return found


def handler() -> HandlerKey:
    """Return the handler who is signed in. For views behind the desk's door.

    Raises:
        SignInError: nobody is, or the session has ended, or it is nobody of the keyring.
    """
    found = person().handler
    if found is None:
        raise SignInError("signed_out")
    return found


def roles() -> frozenset[Role] | None:
    """Return every role of who is signed in, or None: nobody is. For the doors (guards.py).

    Raises:
        SignInError: `new_key`, in answer to the desk's script: it asks for the new one then.
    """
    try:
        return person().roles
    except SignInError as error:
        if error.reason == sign_in.NEW_KEY and request.path.startswith("/api/"):
            raise
        return None


def end() -> None:
    """End the session here and on the server; the browser is left with an empty cookie."""
    sign_in.sign_out(parts(), token())
    session.pop(TOKEN, None)
    g.pop("person", None)
