"""Joining by a one-time link: the officer invites, the person's own browser makes the keys.

Rules:
* the link's token is random, stands behind the # only, and is kept as a hash; it is in no log;
* an invitation is used once: of two browsers at once one gives its keys, the other is refused;
  the same keys sent again get the same answer, because an answer can be lost on the way;
* the person can sign in once the first one-time code was right, and not before;
* a handler's keys count when a keyring that the root key signed names them, not by joining;
* unknown, used, taken back and too old have one answer.
"""

import json
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from whistle.crypto.age import PublicKey, shape
from whistle.crypto.signing import check_public
from whistle.errors import FilingError, NotFoundError, SignInError, WhistleError
from whistle.services import log
from whistle.services.office import rules
from whistle.services.office.gone import forget_gone
from whistle.services.office.rules import Asked
from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, KeyChange, Person

TOKEN_BYTES = 32
LASTS = timedelta(days=7)
KEY_FILE_BYTES_MAX = 8 * 1024
STEP_SECONDS = 30
COMMAND_LINE = "operator"
"""Who invited, where it was done on the server's own command line."""


@dataclass(frozen=True)
class Given:
    """What the person's browser has made: public keys, and the private one under a passphrase."""

    age: bytes
    sign: bytes
    key_file: bytes


@dataclass(frozen=True)
class Codes:
    """The secret of the one-time codes, told this once: as text, as an address, as a picture."""

    secret: str
    address: str
    rows: tuple[str, ...]


def invite(parts: Parts, asked: Asked, by: str) -> str:
    """Keep an invitation; return the token that goes behind the # of the link.

    Raises:
        FilingError: with a reason of `rules.check`.
    """
    token = os.urandom(TOKEN_BYTES)
    now = parts.clock()
    if parts.keyrings.begun:
        parts.keyrings.published()  # anew, before the transaction
    with parts.database.writing() as session:
        forget_gone(session, parts)
        rules.check(session, parts, asked)
        session.execute(  # what is left now is over: `check` refuses while one is open
            delete(Invitation).where(
                Invitation.person_id == asked.id, Invitation.joined_on.is_(None)
            )
        )
        session.add(
            Invitation(
                token_sha256=sha256(token).digest(),
                person_id=asked.id,
                name=asked.name,
                role_text=asked.role_text,
                channels=json.dumps(dict(asked.channels), sort_keys=True),
                office=asked.office,
                mail=asked.mail,
                until=parts.today(parts.settings.channels[0]) + LASTS,
            )
        )
        note(session, "Invited", by, asked.id, now)
    return urlsafe_b64encode(token).rstrip(b"=").decode()


def look(parts: Parts, token: bytes) -> Asked:
    """Who is invited by a token, and to what, if it can still be used. Raises NotFoundError."""
    with parts.database.reading() as session:
        row = _open(session, parts, token)
        channels = json.loads(row.channels)
        return Asked(row.person_id, row.name, row.role_text, channels, row.office, row.mail)


def give(parts: Parts, token: bytes, given: Given) -> Codes:
    """Keep the keys that the person's browser made; tell the secret of the one-time codes.

    Raises:
        NotFoundError: `invitation`, it cannot be used, or other keys were given already.
        FilingError: `keys`, these are none that a keyring could name; `key_file`, it is not an
            age file under a passphrase.
    """
    _check_given(given)
    today = parts.today(parts.settings.channels[0])
    digest = sha256(token).digest()
    with parts.database.writing() as session:
        fresh = session.execute(
            update(Invitation)
            .where(
                Invitation.token_sha256 == digest,
                Invitation.used_on.is_(None),
                Invitation.until >= today,
            )
            .values(
                used_on=today,
                age=given.age,
                sign=given.sign,
                key_file=given.key_file,
                codes_secret=pyotp.random_base32(),
            )
            .returning(Invitation.token_sha256)
        ).first()
        row = session.get(Invitation, digest)
        if row is None or row.joined_on is not None:
            raise NotFoundError("invitation")
        if fresh is None and Given(row.age or b"", row.sign or b"", row.key_file or b"") != given:
            raise NotFoundError("invitation")
        return _codes(parts, row)


def confirm(parts: Parts, token: bytes, code: str) -> None:
    """Let the person sign in, when the first one-time code is right.

    Raises:
        NotFoundError: `invitation`, no keys were given, it is done already, or it is too old.
        SignInError: `code`, it is not the right one.
    """
    now, today = parts.clock(), parts.today(parts.settings.channels[0])
    with parts.database.writing() as session:
        row = session.get(Invitation, sha256(token).digest())
        if row is None or row.codes_secret is None or row.key_file is None or row.until < today:
            raise NotFoundError("invitation")
        step = _step(row.codes_secret, code, now)
        if step is None:
            raise SignInError("code")
        _admit(session, row, step)
        row.joined_on = today
        row.key_file = row.codes_secret = None
        if row.channels == "{}":  # the office alone: no keyring has to name these keys
            session.delete(row)
        note(session, "Joined", row.person_id, row.person_id, now)


def withdraw(parts: Parts, person_id: str, by: str) -> None:
    """Take back whatever invitation of this id is not in a keyring yet. Raises NotFoundError."""
    with parts.database.writing() as session:
        rows = session.scalars(
            select(Invitation).where(
                Invitation.person_id == person_id, Invitation.joined_on.is_(None)
            )
        ).all()
        if not rows:
            raise NotFoundError("unknown")
        for row in rows:
            session.delete(row)
        note(session, "InvitationWithdrawn", by, person_id, parts.clock())


def note(session: Session, event: str, by: str, person_id: str, at: datetime) -> None:
    """Enter an act of the office in the log: which, by whom, about whom, when."""
    on = at.date()
    payload = {"event": event, "case": None, "who": by, "about": person_id, "on": on.isoformat()}
    log.record(session, payload, case_id=None, on=on, at=at)


def _open(session: Session, parts: Parts, token: bytes) -> Invitation:
    row = session.get(Invitation, sha256(token).digest())
    today = parts.today(parts.settings.channels[0])
    if row is None or row.joined_on is not None or row.until < today:
        raise NotFoundError("invitation")
    return row


def _check_given(given: Given) -> None:
    try:
        PublicKey.from_bytes(given.age)
        check_public(given.sign)
    except WhistleError as error:
        raise FilingError("keys") from error
    if len(given.key_file) > KEY_FILE_BYTES_MAX:
        raise FilingError("key_file")
    try:
        stanzas = shape(given.key_file).stanza_types
    except WhistleError as error:
        raise FilingError("key_file") from error
    if stanzas != ("scrypt",):
        raise FilingError("key_file")


def _codes(parts: Parts, row: Invitation) -> Codes:
    secret = row.codes_secret or ""
    totp = pyotp.TOTP(secret)
    address = totp.provisioning_uri(name=row.person_id, issuer_name=parts.settings.site_name)
    drawn = segno.make(address, error="m", micro=False).matrix
    return Codes(secret, address, tuple("".join(map(str, line)) for line in drawn))


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, of the present one and those around it."""
    totp, typed = pyotp.TOTP(secret), "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current - 1, current, current + 1):
        if pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), typed):
            return step
    return None


def _admit(session: Session, row: Invitation, step: int) -> None:
    """Make the row by which the person signs in, or give it the new keys."""
    person = session.get(Person, row.person_id)
    if person is None:
        person = Person(id=row.person_id)
        session.add(person)
    person.name = row.name
    person.office = row.office
    person.sign = row.sign if row.office else None
    person.mail = row.mail
    person.one_time_secret = row.codes_secret or ""
    person.one_time_step = step
    person.key_file = row.key_file or b""
    session.execute(delete(KeyChange).where(KeyChange.person_id == person.id))
