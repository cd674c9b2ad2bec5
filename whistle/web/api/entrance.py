"""Signing in and out, the same for desk and office (docs/protocol.md section 6)."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from whistle.errors import PriceError
from whistle.services.entrance import passkeys, sign_in
from whistle.services.entrance.webauthn import Assertion
from whistle.services.entrance.who import Entered
from whistle.web import session
from whistle.web.api.asked import b64u, from_b64u, json_object, paid, priced
from whistle.web.guards import SIGNED_IN, door, refuse_other_sites
from whistle.web.session import origin, parts


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/token", view_func=token)
    blueprint.add_url_rule("/sign-in", view_func=start, methods=["POST"])
    blueprint.add_url_rule("/passkeys/question", view_func=ask_passkey, methods=["POST"])
    blueprint.add_url_rule("/passkeys/answer", view_func=start_by_passkey, methods=["POST"])
    blueprint.add_url_rule("/session", view_func=finish, methods=["POST"])
    blueprint.add_url_rule("/session", view_func=leave, methods=["DELETE"])
    blueprint.add_url_rule("/session", view_func=who)


@door("sign_in")
def token() -> ResponseReturnValue:
    """Give the CSRF token that belongs to the cookie, and a fresh cookie where there is none.

    For a page whose cookie is gone. Other sites' scripts cannot read it: there is no CORS, and what
    says that it comes from another site is refused before a cookie is made.
    """
    refuse_other_sites(request)
    return jsonify(token=generate_csrf())


@door("sign_in")
def start() -> ResponseReturnValue:
    """Exchange a one-time code for the person's sealed key file and a nonce to sign."""
    asked = json_object("person", "code")
    given = asked.get("paid")
    work = paid(given.get("at"), given.get("number")) if isinstance(given, dict) else None
    try:
        started = sign_in.start(parts(), str(asked["person"]), str(asked["code"]), work)
    except PriceError as error:
        return priced(error)
    session.begin(started.token)
    return jsonify(_started(started))


@door("sign_in")
def ask_passkey() -> ResponseReturnValue:
    """Give a challenge for whichever passkey somebody has; nobody is named."""
    asked = passkeys.ask(parts(), origin())
    return jsonify(challenge=b64u(asked.challenge), host=asked.host, prf=b64u(asked.prf))


@door("sign_in")
def start_by_passkey() -> ResponseReturnValue:
    """Exchange a passkey's answer for its key file and a nonce to sign."""
    asked = json_object("credential_id", "client_data", "authenticator_data", "signature")
    said = Assertion(
        from_b64u(asked["credential_id"]),
        from_b64u(asked["client_data"]),
        from_b64u(asked["authenticator_data"]),
        from_b64u(asked["signature"]),
    )
    person, started = passkeys.start(parts(), origin(), said)
    session.begin(started.token)
    return jsonify(person=person, **_started(started))


@door("sign_in")
def finish() -> ResponseReturnValue:
    """Check the browser's signature over the nonce and open the session."""
    asked = json_object("signature")
    signature = from_b64u(asked["signature"])
    fresh, entered = sign_in.finish(parts(), session.token(), origin(), signature)
    session.begin(fresh)
    return jsonify(person=_described(entered)), 201


@door("desk", roles=SIGNED_IN)
def leave() -> ResponseReturnValue:
    """End the session."""
    session.end()
    return "", 204


@door("desk", roles=SIGNED_IN)
def who() -> ResponseReturnValue:
    """Tell who is signed in."""
    return jsonify(person=_described(session.person()))


def _started(started: sign_in.Started) -> dict[str, Any]:
    return {
        "nonce": b64u(started.nonce),
        "key_file": b64u(started.key_file),
        "old_key": b64u(started.old_key) or None,
    }


def _described(entered: Entered) -> dict[str, Any]:
    return {"id": entered.id, "name": entered.name, "roles": sorted(entered.roles)}
