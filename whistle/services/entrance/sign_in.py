"""Signing in, the same for desk and office (protocol section 6).

Rules:
* the server keeps no password: a right one-time code releases the person's own sealed key file
  and a nonce; the person's browser opens the file and signs the nonce;
* a one-time code works once (RFC 6238 section 5.2), also when two requests race;
* every wrong sign-in has one answer and costs the same statements, whoever was named; many for one
  name raise the price of the next (services/price.py), and lock nobody out;
* a session ends 15 minutes after its last request and 12 hours after its start. What lies ahead by
  as much was noted at a wrong time, and has ended too.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pyotp
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from whistle.crypto import puzzle
from whistle.crypto.signing import verify
from whistle.errors import SignatureError, SignInError
from whistle.services import key_changes
from whistle.services.entrance import secrets
from whistle.services.entrance.who import Entered, find, in_keyring
from whistle.services.parts import Parts
from whistle.services.price import Till
from whistle.storage.tables import Person, SignedIn

TOKEN_BYTES = 32
NONCE_BYTES = 32
SIGN_IN_LASTS = timedelta(minutes=10)
IDLE_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
STEP_SECONDS = 30
STEPS_AROUND = 1
LABEL = b"whistle/sign-in/v1\0"
NEW_KEY = "new_key"
_TILL = "sign_in"

_NOBODY = Person(id="", one_time_secret="A" * 32, one_time_step=0, key_file=b"")


@dataclass(frozen=True)
class Started:
    """A sign-in under way: the cookie's token, what to sign, and the person's own sealed key."""

    token: bytes
    nonce: bytes
    key_file: bytes
    old_key: bytes = b""
    """The key before, sealed to this one, while a case waits for it; else empty."""


def start(parts: Parts, person_id: str, code: str, paid: puzzle.Paid | None = None) -> Started:
    """Exchange a one-time code for the person's sealed key file and a nonce to sign.

    Raises:
        SignInError: the person is unknown, or the code is wrong, old or already used.
        PriceError: there were many wrong tries for this name: a try costs work first.
    """
    now = parts.clock()
    till = Till(_TILL, secrets.key(parts, _TILL))
    typed = "".join(code.split())
    read_keyrings(parts)
    with parts.database.writing() as session:
        till.check(session, person_id, puzzle.subject(_TILL, person_id, typed), paid, now)
        person = session.get(Person, person_id) or _NOBODY
        step = _matching_step(person, typed, now)
        if step is not None and person.key_file and _use_step(session, person, step):
            _take_new_key(parts, session, person)
            return begin(session, person.id, person.key_file, now)
        till.note_wrong(session, person_id, now)
    raise SignInError("sign_in")


def begin(session: Session, person_id: str, key_file: bytes, now: datetime) -> Started:
    """Let somebody go on with a nonce to sign: the first step was right."""
    token, nonce = os.urandom(TOKEN_BYTES), os.urandom(NONCE_BYTES)
    _drop_ended(session, now)
    session.add(
        SignedIn(
            token_sha256=sha256(token).digest(),
            person_id=person_id,
            nonce=nonce,
            started_at=now,
            seen_at=now,
        )
    )
    return Started(token, nonce, key_file, key_changes.old_key(session, person_id))


def finish(parts: Parts, token: bytes, origin: str, signature: bytes) -> tuple[bytes, Entered]:
    """Check the signature over the nonce and open the session under a new token.

    Raises:
        SignInError: no such sign-in, it took over ten minutes, or the signature is not this
            person's, as the keyring in effect names them, or for the office alone the table.
    """
    now = parts.clock()
    fresh = os.urandom(TOKEN_BYTES)
    read_keyrings(parts)
    with parts.database.writing() as session:
        row = session.get(SignedIn, sha256(token).digest())
        if row is None or row.nonce is None or _apart(row.started_at, now) > SIGN_IN_LASTS:
            raise SignInError("sign_in")
        person = session.get_one(Person, row.person_id)
        entered = find(parts, person)
        try:
            verify(entered.sign, signature, signed_bytes(origin, entered.id, row.nonce))
        except SignatureError as error:
            raise SignInError("sign_in") from error
        session.delete(row)
        session.add(
            SignedIn(
                token_sha256=sha256(fresh).digest(),
                person_id=entered.id,
                nonce=None,
                started_at=now,
                seen_at=now,
            )
        )
        return fresh, entered


def signed_bytes(origin: str, person_id: str, nonce: bytes) -> bytes:
    """What the person's browser signs: built by the page, never chosen by the server."""
    name = person_id.encode()
    return LABEL + sha256(origin.encode()).digest() + bytes([len(name)]) + name + nonce


def read_keyrings(parts: Parts) -> None:
    """Read the keyrings anew, before a transaction: a key taken away no longer opens."""
    if parts.keyrings.begun:
        parts.keyrings.published()


def who(parts: Parts, token: bytes) -> Entered:
    """The person whose session this is; notes at most once a minute that it was used.

    Raises:
        SignInError: there is no such session, it has ended, or the person has no role
            any more; `new_key`, it was begun with a key whose successor counts by now.
    """
    now = parts.clock()
    digest = sha256(token).digest()
    with parts.database.reading() as session:
        found = session.execute(
            select(SignedIn, Person)
            .join(Person, Person.id == SignedIn.person_id)
            .where(SignedIn.token_sha256 == digest)
        ).first()
        if found is None or found[0].nonce is not None or ended(found[0], now):
            raise SignInError("signed_out")
        row, person = found
        entered = find(parts, person)
        if key_changes.is_due(session, entered.handler):
            raise SignInError(NEW_KEY)  # begun with a key that counts no more
        noted = _apart(row.seen_at, now) < NOTED_EVERY
    if not noted:
        with parts.database.writing() as session:
            session.execute(
                update(SignedIn).where(SignedIn.token_sha256 == digest).values(seen_at=now)
            )
    return entered


def sign_out(parts: Parts, token: bytes) -> None:
    """End the session; ending one that is not there is no error."""
    with parts.database.writing() as session:
        session.execute(delete(SignedIn).where(SignedIn.token_sha256 == sha256(token).digest()))


def _matching_step(person: Person, typed: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(person.one_time_secret)
    current = int(now.timestamp()) // STEP_SECONDS
    match = None
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):
        if pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), typed):
            match = step
    return match if person is not _NOBODY else None


def _take_new_key(parts: Parts, session: Session, person: Person) -> None:
    """Let the new key take the old one's place, once the keyring in force names it."""
    handler = in_keyring(parts, person.id)
    if handler is not None and key_changes.is_due(session, handler):
        key_changes.take_over(parts, session, handler)


def _use_step(session: Session, person: Person, step: int) -> bool:
    used = session.execute(
        update(Person)
        .where(Person.id == person.id, Person.one_time_step < step)
        .values(one_time_step=step)
        .returning(Person.id)
    )
    return used.first() is not None


def _drop_ended(session: Session, now: datetime) -> None:
    session.execute(
        delete(SignedIn).where(
            or_(
                SignedIn.started_at < now - SESSION_LASTS,
                SignedIn.started_at > now + SESSION_LASTS,
                SignedIn.seen_at < now - IDLE_LASTS,
            )
        )
    )


def ended(row: SignedIn, now: datetime) -> bool:
    """Whether a session is over: a quarter of an hour of rest, or twelve hours, either way."""
    return _apart(row.seen_at, now) > IDLE_LASTS or _apart(row.started_at, now) > SESSION_LASTS


def _apart(instant: datetime, now: datetime) -> timedelta:
    return abs(now - utc(instant))


def utc(instant: datetime) -> datetime:
    """SQLite gives instants back without their zone; all of ours are UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
