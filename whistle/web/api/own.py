"""What belongs to whoever is signed in: the ways to their key, their passkeys, their sessions."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from whistle.errors import NotFoundError
from whistle.services.entrance import key_files, new_key, passkeys, sessions
from whistle.web import session
from whistle.web.api.asked import b64u, from_b64u, json_object
from whistle.web.guards import SIGNED_IN, door
from whistle.web.session import origin, parts


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/keys", view_func=ways)
    blueprint.add_url_rule("/keys/passphrase", view_func=change_passphrase, methods=["PUT"])
    blueprint.add_url_rule("/keys/new", view_func=give_new_key, methods=["PUT"])
    blueprint.add_url_rule("/keys/printed", view_func=printed, methods=["POST"])
    blueprint.add_url_rule("/passkeys", view_func=prepare_passkey)
    blueprint.add_url_rule("/passkeys", view_func=add_passkey, methods=["POST"])
    blueprint.add_url_rule("/passkeys/<passkey_id>", view_func=remove_passkey, methods=["DELETE"])
    blueprint.add_url_rule("/sessions", view_func=list_sessions)
    blueprint.add_url_rule("/sessions", view_func=end_others, methods=["DELETE"])
    blueprint.add_url_rule("/sessions/<session_id>", view_func=end_session, methods=["DELETE"])


@door("desk", roles=SIGNED_IN)
def ways() -> ResponseReturnValue:
    """Tell by how many ways one's own key is reached, with the passkeys."""
    person = session.person()
    return jsonify(
        {
            **key_files.ways_of(parts(), person).told,
            "passkeys": passkeys.listed(parts(), person),
            "key": new_key.told(parts(), person),
        }
    )


@door("desk", roles=SIGNED_IN)
def change_passphrase() -> ResponseReturnValue:
    """Replace the file under the passphrase; every other session ends."""
    asked = json_object("key_file")
    key_files.change_passphrase(
        parts(), session.person(), from_b64u(asked["key_file"]), session.token()
    )
    return "", 204


@door("desk", roles=SIGNED_IN)
def give_new_key() -> ResponseReturnValue:
    """Keep a new key, made here and signed by the old one, for the next keyring."""
    names = ("age", "sign", "key_file", "old_key", "signature")
    asked = json_object(*names)
    given = new_key.Given(*(from_b64u(asked[name]) for name in names))
    new_key.give(parts(), session.person(), given)
    return jsonify(key=new_key.told(parts(), session.person())), 201


@door("desk", roles=SIGNED_IN)
def printed() -> ResponseReturnValue:
    """Note that the key was printed today. Nothing else is told."""
    return jsonify(printed_on=key_files.printed(parts(), session.person()).isoformat()), 201


@door("desk", roles=SIGNED_IN)
def prepare_passkey() -> ResponseReturnValue:
    """Give what a browser adds a passkey with."""
    person = session.person()
    asked = passkeys.prepare(parts(), origin(), person)
    return jsonify(
        challenge=b64u(asked.challenge),
        host=asked.host,
        prf=b64u(asked.prf),
        user=b64u(asked.user),
        person=person.id,
        name=person.name,
        exclude=[b64u(one) for one in asked.exclude],
    )


@door("desk", roles=SIGNED_IN)
def add_passkey() -> ResponseReturnValue:
    """Keep a passkey, with the private key sealed to it."""
    asked = json_object("name", "client_data", "attestation", "key_file")
    made = passkeys.Made(
        str(asked["name"]),
        from_b64u(asked["client_data"]),
        from_b64u(asked["attestation"]),
        from_b64u(asked["key_file"]),
    )
    return jsonify(passkeys.add(parts(), origin(), session.person(), made)), 201


@door("desk", roles=SIGNED_IN)
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Take one of one's own passkeys away."""
    try:
        wanted = bytes.fromhex(passkey_id)
    except ValueError as error:
        raise NotFoundError("unknown") from error
    passkeys.remove(parts(), session.person(), wanted)
    return "", 204


@door("desk", roles=SIGNED_IN)
def list_sessions() -> ResponseReturnValue:
    """Tell where one is signed in."""
    return jsonify(sessions=sessions.listed(parts(), session.person(), session.token()))


@door("desk", roles=SIGNED_IN)
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.end(parts(), session.person(), session_id)
    return "", 204


@door("desk", roles=SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    sessions.end_others(parts(), session.person(), session.token())
    return "", 204
