"""Passkeys: adding one, signing in with one touch, taking one away (protocol section 6).

Rules:
* a passkey is added by somebody who is signed in, and only together with the private key sealed
  to it: an authenticator that makes no secret (PRF) leaves nothing here;
* signing in names nobody: the authenticator knows whose it is. A right assertion releases that
  passkey's key file and a nonce, as a one-time code does; the rest is `sign_in.finish`;
* each challenge is answered once. One that was answered at a time that was ahead stands against no
  later one: then all that were made before are void, so that none is ever answered again;
* an authenticator's count that does not rise is refused, and entered in the log: there may be two;
* every wrong assertion has the one answer of every wrong sign-in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from whistle.crypto.passkey import PRF_INPUT
from whistle.errors import ConflictError, FilingError, NotFoundError, SignInError
from whistle.services import key_changes, marks
from whistle.services.entrance import challenge, key_files, secrets, sign_in, webauthn
from whistle.services.entrance.key_files import note
from whistle.services.entrance.who import Entered, in_keyring
from whistle.services.parts import Parts
from whistle.storage.tables import Passkey, new_id

NAME_MAX = 60
MANY = 10
"""More passkeys than this has nobody."""
_USE = "passkeys"
_SIGN_IN = "sign_in"


@dataclass(frozen=True)
class Asked:
    """What a browser needs to ask an authenticator."""

    challenge: bytes
    host: str
    prf: bytes = PRF_INPUT


@dataclass(frozen=True)
class Adding:
    """What a browser needs to let an authenticator make a passkey."""

    challenge: bytes
    host: str
    user: bytes
    exclude: Sequence[bytes]
    prf: bytes = PRF_INPUT


@dataclass(frozen=True)
class Made:
    """A passkey that an authenticator has made, and the private key sealed to it."""

    name: str
    client_data: bytes
    attestation: bytes
    key_file: bytes


def ask(parts: Parts, origin: str) -> Asked:
    """What somebody signs in with who says no name.

    Raises:
        NotFoundError: `no_passkeys`, this address can have none.
    """
    host = _host(origin)
    with parts.database.reading() as session:
        purpose = _signing_in(session)
    return Asked(challenge.make(_key(parts), purpose, parts.clock()), host)


def start(parts: Parts, origin: str, said: webauthn.Assertion) -> tuple[str, sign_in.Started]:
    """Exchange an assertion for the person's id, that passkey's key file and a nonce to sign.

    Raises:
        SignInError: whatever was wrong.
    """
    now = parts.clock()
    answered = webauthn.challenge_in(said.client_data)
    sign_in.read_keyrings(parts)
    with parts.database.writing() as session:
        made = challenge.check(_key(parts), _signing_in(session), answered, now)
        held = session.scalar(select(Passkey).where(Passkey.credential_id == said.credential_id))
        if held is None or key_changes.is_due(session, in_keyring(parts, held.person_id)):
            raise SignInError("sign_in")  # none, or one that opens a key that counts no more
        count = webauthn.verify(origin, answered, said, held.public_key)
        fell = (count or held.sign_count) and count <= held.sign_count
        if not fell:
            _use(session, held, made, count, now)
            held.last_used_on = parts.today(parts.settings.channels[0])
            return held.person_id, sign_in.begin(session, held.person_id, held.key_file, now)
        note(parts, session, "PasskeyCountFell", held.person_id)
    raise SignInError("sign_in")


def prepare(parts: Parts, origin: str, person: Entered) -> Adding:
    """What somebody adds a passkey with.

    Raises:
        NotFoundError: `no_passkeys`, this address can have none.
    """
    with parts.database.reading() as session:
        own = session.scalars(_own(person)).all()
    return Adding(
        challenge.make(_key(parts), _adding(person), parts.clock()),
        _host(origin),
        sha256(b"whistle/passkey-user/v1\0" + person.id.encode()).digest(),
        [one.credential_id for one in own],
    )


def add(parts: Parts, origin: str, person: Entered, made: Made) -> Mapping[str, Any]:
    """Keep a passkey with the key file that it opens.

    Raises:
        SignInError: it was not made for this person and place, or nobody was verified.
        FilingError: `name`, empty or too long; `key_file`, it is not sealed as it should be;
            `many`, there are ten already.
        ConflictError: `passkey`, it is here already.
    """
    name = " ".join(made.name.split())
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise FilingError("name")
    key_files.check_passkeys(made.key_file)
    answered = webauthn.challenge_in(made.client_data)
    challenge.check(_key(parts), _adding(person), answered, parts.clock())
    credential = webauthn.registered(origin, answered, made.client_data, made.attestation)
    row = Passkey(
        id=new_id(),
        credential_id=credential.id,
        person_id=person.id,
        public_key=credential.public_key,
        sign_count=credential.sign_count,
        name=name,
        added_on=parts.today(parts.settings.channels[0]),
        key_file=made.key_file,
    )
    try:
        with parts.database.writing() as session:
            if len(session.scalars(_own(person)).all()) >= MANY:
                raise FilingError("many")
            session.add(row)
            note(parts, session, "PasskeyAdded", person.id)
            session.flush()
            return _described(row)
    except IntegrityError as error:
        raise ConflictError("passkey") from error


def listed(parts: Parts, person: Entered) -> list[Mapping[str, Any]]:
    """One's own passkeys, the oldest first."""
    with parts.database.reading() as session:
        return [_described(one) for one in session.scalars(_own(person))]


def remove(parts: Parts, person: Entered, passkey_id: bytes) -> None:
    """Take one's own passkey away: it opens nothing here any more.

    Raises:
        NotFoundError: `unknown`, there is none of one's own under this id.
        ConflictError: `last_way`, nothing else would open the key.
    """
    with parts.database.writing() as session:
        own = {one.id for one in session.scalars(_own(person))}
        if passkey_id not in own:
            raise NotFoundError("unknown")
        if len(own) == 1 and not key_files.has_passphrase(session, person.id):
            raise ConflictError("last_way")
        session.execute(delete(Passkey).where(Passkey.id == passkey_id))
        note(parts, session, "PasskeyRemoved", person.id)


def _own(person: Entered) -> Any:
    return (
        select(Passkey)
        .where(Passkey.person_id == person.id)
        .order_by(Passkey.added_on, Passkey.name, Passkey.id)
    )


def _use(session: Session, held: Passkey, made: int, count: int, now: datetime) -> None:
    """Note that a challenge was answered; refuse one that was, or an older one."""
    last = Passkey.challenged_ms
    fits = last < made
    if challenge.is_ahead(held.challenged_ms, now):
        fits = last == held.challenged_ms
        marks.put(session, marks.CHALLENGES, now)
    used = session.execute(
        update(Passkey)
        .where(Passkey.id == held.id, fits)
        .values(challenged_ms=made, sign_count=count)
        .returning(Passkey.id)
    )
    if used.first() is None:
        raise SignInError("sign_in")


def _described(row: Passkey) -> Mapping[str, Any]:
    return {
        "id": row.id.hex(),
        "name": row.name,
        "added_on": row.added_on.isoformat(),
        "last_used_on": row.last_used_on.isoformat() if row.last_used_on else None,
    }


def _signing_in(session: Session) -> str:
    """What a challenge to sign in with is for, since they were last made void."""
    since = marks.get(session, marks.CHALLENGES)
    return _SIGN_IN if since is None else f"{_SIGN_IN} {since.isoformat()}"


def _adding(person: Entered) -> str:
    return f"add {person.id}"


def _key(parts: Parts) -> bytes:
    return secrets.key(parts, _USE)


def _host(origin: str) -> str:
    host = webauthn.host_for_passkeys(origin)
    if host is None:
        raise NotFoundError("no_passkeys")
    return host
