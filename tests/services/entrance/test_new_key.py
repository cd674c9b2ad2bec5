"""A handler's new key: given by the old one, in force by a keyring, and the old one deleted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts, sealing_again
from tests.authenticator import Passkey as Authenticator
from tests.crypto.vectors import load
from tests.organisation import CHEAP_LOG_N, Organisation
from tests.web.api.test_own import add
from whistle.crypto.age import (
    PrivateKey,
    open_sealed,
    open_with_passphrase,
    seal,
    seal_with_passphrase,
)
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import parse
from whistle.crypto.signing import SigningKey, handler_signing_key, verify
from whistle.errors import ConflictError, DeniedError, FilingError, SignInError
from whistle.services.entrance import new_key, sign_in
from whistle.services.entrance.who import find
from whistle.services.handling import reseals
from whistle.services.office import candidates, drafts
from whistle.storage.tables import KeyChange, Passkey, Person

STEP = timedelta(seconds=30)


def made(organisation: Organisation, key: PrivateKey, by: SigningKey | None = None) -> Any:
    """What anna's browser gives for a new key; signed by her old key, or by another."""
    old = organisation.people["anna"]
    signing = handler_signing_key(key.seed)
    given = new_key.Given(
        key.public_key.raw,
        signing.public,
        seal_with_passphrase(f"{key}\n".encode(), "six new words", log_n=CHEAP_LOG_N),
        seal(f"{old.private_key}\n".encode(), [key.public_key]),
        b"",
    )
    signer = by or old.signing_key
    return replace(given, signature=signer.sign(new_key.signed_bytes("anna", given)))


def give(organisation: Organisation, key: PrivateKey, **choices: Any) -> None:
    """Give it."""
    parts = organisation.parts
    with parts.database.reading() as session:
        anna = find(parts, session.get_one(Person, "anna"))
    new_key.give(parts, anna, made(organisation, key, **choices))


def change(organisation: Organisation) -> KeyChange | None:
    """Anna's row."""
    with organisation.parts.database.reading() as session:
        return session.get(KeyChange, "anna")


def start(organisation: Organisation) -> sign_in.Started:
    """A right one-time code of anna's."""
    organisation.now += STEP
    return sign_in.start(organisation.parts, "anna", organisation.one_time_code("anna"))


def name_it(organisation: Organisation, key: PrivateKey) -> None:
    """A keyring that names the new key, in force at once."""

    def exchange(content: dict[str, Any]) -> None:
        anna = next(one for one in content["handlers"] if one["id"] == "anna")
        anna["age"] = str(key.public_key)
        anna["sign"] = b64u(handler_signing_key(key.seed).public)

    acts.publish_keyring(organisation, change=exchange, cosigner="bo")


def test_the_old_key_alone_can_give_a_new_one(organisation: Organisation) -> None:
    """Another's signature, the new key's own, and the old keys themselves are refused."""
    key = PrivateKey.generate()
    for other in (organisation.people["bo"].signing_key, handler_signing_key(key.seed)):
        with pytest.raises(FilingError, match="signature"):
            give(organisation, key, by=other)
    with pytest.raises(FilingError, match="keys"):
        give(organisation, organisation.people["anna"].private_key)
    with organisation.parts.database.reading() as session:
        olle = find(organisation.parts, session.get_one(Person, "olle"))
    with pytest.raises(DeniedError, match="not_handler"):
        new_key.give(organisation.parts, olle, made(organisation, key))
    assert change(organisation) is None


@pytest.mark.parametrize("vector", load("handler")["new_key"], ids=lambda v: v["handler"])
def test_what_the_old_key_signs_is_the_published_vector(vector: dict[str, str]) -> None:
    """Every byte of it, so that another client gives what this server takes."""
    age, sign, key_file, old_key, signature = (
        bytes.fromhex(vector[name]) for name in ("age", "sign", "key_file", "old_key", "signature")
    )
    given = new_key.Given(age, sign, key_file, old_key, signature)
    message = new_key.signed_bytes(vector["handler"], given)
    assert message.hex() == vector["message"]
    seed = bytes.fromhex(load("handler")["handlers"][0]["seed"])
    verify(handler_signing_key(seed).public, given.signature, message)


def test_until_a_keyring_names_it_nothing_changes(organisation: Organisation) -> None:
    """The old file is given, and another new key may take the first one's place."""
    before = start(organisation).key_file
    give(organisation, PrivateKey.generate())
    key = PrivateKey.generate()
    give(organisation, key)
    started = start(organisation)
    assert (started.key_file, started.old_key) == (before, b"")
    row = change(organisation)
    assert row is not None
    assert row.age == key.public_key.raw


def test_the_next_keyring_offers_it_and_then_it_stands(organisation: Organisation) -> None:
    """Who is in it stays as they are; a drafted key is not replaced by another."""
    key = PrivateKey.generate()
    give(organisation, key)
    parts = organisation.parts
    with parts.database.reading() as session:
        (offered,) = candidates.waiting(session, drafts.newest_keyring(parts))
    assert (offered.person_id, offered.renews) == ("anna", True)
    wanted = drafts.Wanted(acts.today(organisation), add=frozenset({"anna"}))
    drafts.prepare(parts, wanted, "olle")
    with parts.database.reading() as session:
        row = drafts.current(session, parts)
    assert row is not None
    named, was = parse(row.file).handler("anna"), acts.handler(organisation, "anna")
    assert named is not None
    assert (named.age, named.name, named.channels) == (key.public_key, was.name, was.channels)
    with pytest.raises(ConflictError, match="key_in_list"):
        give(organisation, PrivateKey.generate())


def test_once_in_force_the_new_file_is_given_and_the_old_ways_are_gone(
    organisation: Organisation,
) -> None:
    """The session of the old key ends, its passkeys open nothing; the old key opens by the new."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    desk = acts.sign_in(organisation, "anna")
    assert add(organisation, desk, Authenticator(), "anna").status_code == 201
    key, old = PrivateKey.generate(), organisation.people["anna"].private_key
    give(organisation, key)
    assert desk.ask("GET", "/session").status_code == 200
    name_it(organisation, key)
    refused = desk.ask("GET", "/session")
    assert (refused.status_code, refused.get_json()["error"]) == (401, "new_key")
    started = start(organisation)
    gone = desk.ask("GET", "/session")
    assert (gone.status_code, gone.get_json()["error"]) == (401, "signed_out")
    assert open_with_passphrase(started.key_file, "six new words") == f"{key}\n".encode()
    assert open_sealed(started.old_key, [key]) == f"{old}\n".encode()
    with organisation.parts.database.reading() as session:
        assert session.scalars(select(Passkey)).all() == []
        assert session.get_one(Person, "anna").key_file == started.key_file
    row = change(organisation)
    assert row is not None
    assert row.key_file == b""
    anna = acts.handler(organisation, "anna")
    (waiting,) = reseals.list_reseals(organisation.parts, anna)["cases"]
    assert (waiting["id"], waiting["why"]) == (case, ["rollover"])
    with pytest.raises(SignInError):
        sign_in.finish(organisation.parts, started.token, acts.SITE, bytes(64))


def test_the_old_key_is_deleted_with_the_last_case_that_waits_for_it(
    organisation: Organisation,
) -> None:
    """Not with the first; a case that she was never in does not count."""
    cases = [acts.case_id(organisation, acts.file(organisation)) for _ in range(2)]
    acts.file(organisation, left_out=("anna",))
    key = PrivateKey.generate()
    give(organisation, key)
    name_it(organisation, key)
    start(organisation)
    sealing_again.change(organisation, "bo", cases[0], "rollover")
    assert change(organisation) is not None
    with pytest.raises(ConflictError, match="key_waits"):
        _give_another(organisation, key)
    sealing_again.change(organisation, "bo", cases[1], "rollover")
    assert change(organisation) is None
    assert start(organisation).old_key == b""


def _give_another(organisation: Organisation, key: PrivateKey) -> None:
    """Give a second new key, signed by the first new one."""
    parts = organisation.parts
    with parts.database.reading() as session:
        anna = find(parts, session.get_one(Person, "anna"))
    given = made(organisation, PrivateKey.generate(), handler_signing_key(key.seed))
    new_key.give(parts, anna, given)
