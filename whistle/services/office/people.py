"""The people of the channel: who is appointed to what, and taking somebody out in one step.

Rules:
* whoever is taken out is out at once: sessions, one-time secret and sealed keys are deleted; the
  next keyring is prepared without them, and until it is published they cannot sign in all the same;
* until then what is filed is still sealed to their key: the office is told as long as it is so;
* whoever's leaving closes a form is taken out only when that was said and confirmed;
* the last officer stays, also when two officers take each other out at one moment;
* no case stands here: who has a part in which is no business of the office (protocol section 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import HandlerKey, Keyring, parse
from whistle.crypto.keyring_file import ENROLLED_MIN
from whistle.crypto.phrase import fingerprint
from whistle.errors import DeniedError, FilingError, NotFoundError
from whistle.services.able import able, lost
from whistle.services.entrance import who
from whistle.services.office import candidates, drafts
from whistle.services.office.gone import forget_gone
from whistle.services.office.joining import note
from whistle.services.office.rules import OFFICER
from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, Person, SignedIn

STATES = (
    "invited",
    "ended",
    "given",
    "joined",
    "in_keyring",
    "waiting",
    "leaving",
    "no_sign_in",
    "office",
)
"""How far somebody is; `no_sign_in`: the newest keyring names them, and they can no longer sign in;
`leaving`: only the keyring in force names them, until the one that waits counts."""


@dataclass(frozen=True)
class Shown:
    """One person as the office shows them."""

    id: str
    name: str
    role_text: str
    channels: Mapping[str, str]
    office: str | None
    state: str
    mail: str = ""
    since: date | None = None
    until: date | None = None
    renew_on: date | None = None
    fingerprint: tuple[str, ...] = ()

    @property
    def in_several(self) -> bool:
        """Whether they have a place in more than one channel."""
        return len(self.channels) > 1


def everybody(parts: Parts) -> list[Shown]:
    """Everybody of the keyring, of the office and of the invitations, by id."""
    newest = drafts.newest_keyring(parts)
    today = parts.today(parts.settings.channels[0])
    with parts.database.reading() as session:
        rows = {one.id: one for one in session.scalars(select(Person))}
        invited = session.scalars(select(Invitation)).all()
        found = {} if newest is None else _handlers(parts, newest, rows, today)
        for person in rows.values():
            if person.office is not None:
                found[person.id] = _officer(person, found.get(person.id))
        for one in invited:
            if newest is None or one.joined_on is None or not candidates.is_named(one, newest):
                found[one.person_id] = _invited(one, today)
    return [found[one] for one in sorted(found)]


def find(parts: Parts, person_id: str) -> Shown:
    """One of them. Raises NotFoundError."""
    for one in everybody(parts):
        if one.id == person_id:
            return one
    raise NotFoundError("unknown")


def officers(session: Session) -> Sequence[str]:
    """The ids of the officers, their rows kept for this transaction."""
    query = select(Person.id).where(Person.office == OFFICER).order_by(Person.id).with_for_update()
    return session.scalars(query).all()


def revoke(parts: Parts, person_id: str, by: str, *, closing: bool = False) -> bool:
    """Take somebody out, at once and whole; tell whether a keyring without them was prepared.

    Args:
        parts: the real parts.
        person_id: who.
        by: the officer.
        closing: that forms close by it was said and confirmed.

    Raises:
        NotFoundError: there is nobody of that id.
        DeniedError: `last_officer`, somebody must be left to run the channel; `closes`, fewer than
            two would be left who read the reports of a channel; `out`, they are out already.
    """
    newest = drafts.newest_keyring(parts)
    named = newest is not None and newest.handler(person_id) is not None
    with parts.database.writing() as session:
        standing = officers(session)
        if by not in {*standing, "operator"}:
            raise DeniedError("signed_out")  # taken out a moment ago
        if person_id in standing and len(standing) == 1:
            raise DeniedError("last_officer")
        if not closing and _closed_without(session, parts, person_id):
            raise DeniedError("closes")
        if not _forget(session, person_id):
            raise DeniedError("out") if named else NotFoundError("unknown")
        note(session, "Revoked", by, person_id, parts.clock())
    return named and _prepare_without(parts, person_id, by)


def closed_without(parts: Parts, person_id: str) -> list[tuple[str, int]]:
    """The channels whose form closes when somebody is taken out, each with how many are left."""
    with parts.database.reading() as session:
        return _closed_without(session, parts, person_id)


def appoint(parts: Parts, person_id: str, office: str | None, by: str) -> None:
    """Give somebody of the table an office or take it; the last officer keeps theirs.

    Who is left with nothing is forgotten, with all by which they signed in.

    Raises:
        NotFoundError: `unknown`.
        DeniedError: `last_officer`; `role`, there is no such office.
        FilingError: `handler_and_auditor`.
    """
    shown = find(parts, person_id)
    if office == "auditor" and shown.channels:
        raise FilingError("handler_and_auditor")
    with parts.database.writing() as session:
        standing = officers(session)
        person = session.get(Person, person_id)
        if person is None:
            raise NotFoundError("unknown")
        if standing == [person_id] and office != OFFICER:
            raise DeniedError("last_officer")
        who.appoint(parts, session, person_id, office)
        named = drafts.newest_keyring(parts)
        handler = None if named is None else named.handler(person_id)
        if office is not None and person.sign is None and handler is not None:
            person.sign = handler.sign  # so that they can still sign in once they handle no cases
        forget_gone(session, parts)
        note(session, "Appointed", by, person_id, parts.clock())


def leavers(parts: Parts) -> list[str]:
    """Whom the newest keyring names although they can no longer sign in."""
    return [one.id for one in everybody(parts) if one.state == "no_sign_in"]


def _closed_without(session: Session, parts: Parts, person_id: str) -> list[tuple[str, int]]:
    if not parts.keyrings.begun:
        return []
    found = []
    for channel in parts.settings.channels:
        today = parts.today(channel)
        keyring = parts.keyrings.published().chain.effective(today)
        handler = keyring.handler(person_id)
        now = able(session, keyring, channel.id, today)
        left = now if handler is None else now - {handler.person}
        if left != now and len(left) < ENROLLED_MIN:
            found.append((channel.name, len(left)))
    return found


@dataclass(frozen=True)
class LostKeys:
    """Keys that nobody here holds any more, and to which new reports are still sealed.

    `named`: handlers whose lost key the newest keyring names, so that another is to be signed;
    `waiting`: those whose lost key it no longer names, and `until` it is in force.
    """

    named: tuple[HandlerKey, ...] = ()
    waiting: tuple[HandlerKey, ...] = ()
    until: date | None = None


def lost_keys(parts: Parts) -> LostKeys:
    """Whose lost keys still open what is filed today."""
    if not parts.keyrings.begun:
        return LostKeys()
    chain = parts.keyrings.published().chain
    today = parts.today(parts.settings.channels[0])
    in_force = chain.effective(today)
    with parts.database.reading() as session:
        newly, now = lost(session, chain.newest), lost(session, in_force)
    valid = [one for one in in_force.handlers if one.id in now and one.valid_on(today)]
    return LostKeys(
        tuple(one for one in chain.newest.handlers if one.id in newly),
        tuple(one for one in valid if one.id not in newly),
        chain.links[-1].effective_on if in_force != chain.newest else None,
    )


def left_over(parts: Parts, person_id: str) -> str:
    """What is left to do about a lost key: `sign`, `prepare`, `invite` or `wait`; or nothing.

    As long as the keyring in force names it, reports are sealed to it.
    """
    keys = lost_keys(parts)
    if person_id in {one.id for one in keys.waiting}:
        return "wait"
    was = next((one for one in keys.named if one.id == person_id), None)
    newest = drafts.newest_keyring(parts)
    if newest is None or was is None:
        return ""
    with parts.database.reading() as session:
        draft = drafts.current(session, parts)
    if draft is not None:
        coming = parse(draft.file).handler(person_id)
        if coming is None or coming.age != was.age:
            return "sign"
    return "prepare" if len(newest.handlers) > len(keys.named) else "invite"


def _forget(session: Session, person_id: str) -> bool:
    """Delete everything by which somebody signs in; tell whether there was anything."""
    session.execute(delete(SignedIn).where(SignedIn.person_id == person_id))
    gone = session.execute(
        delete(Invitation)
        .where(Invitation.person_id == person_id)
        .returning(Invitation.token_sha256)
    ).all()
    person = session.get(Person, person_id)
    if person is not None:
        session.delete(person)
    return bool(gone) or person is not None


def _prepare_without(parts: Parts, person_id: str, by: str) -> bool:
    today = parts.today(parts.settings.channels[0])
    wanted = drafts.Wanted(today, remove=frozenset({*leavers(parts), person_id}))
    try:
        drafts.prepare(parts, wanted, by)
    except FilingError:  # nobody would be left: a keyring needs somebody new first
        return False
    return True


def _handlers(
    parts: Parts, newest: Keyring, rows: Mapping[str, Person], today: date
) -> dict[str, Shown]:
    chain = parts.keyrings.published().chain
    in_force = chain.effective(today)
    found = {}
    for one in newest.handlers:
        state = "in_keyring" if in_force.handler(one.id) else "waiting"
        row = rows.get(one.id)
        shown = _handler(one, "no_sign_in" if row is None else state)
        found[one.id] = replace(shown, mail=row.mail if row else "")
    for one in in_force.handlers:
        if one.id not in found:
            row = rows.get(one.id)
            found[one.id] = replace(_handler(one, "leaving"), mail=row.mail if row else "")
    return found


def _handler(one: HandlerKey, state: str) -> Shown:
    words = tuple(fingerprint(one.age.raw, one.sign))
    return Shown(
        one.id,
        one.name,
        one.role_text,
        one.channels,
        None,
        state,
        since=one.valid_from,
        until=one.valid_to,
        renew_on=one.renew_on,
        fingerprint=words,
    )


def _officer(person: Person, shown: Shown | None) -> Shown:
    if shown is not None:
        return replace(shown, office=person.office)
    return Shown(person.id, person.name, "", {}, person.office, "office", mail=person.mail)


def _invited(one: Invitation, today: date) -> Shown:
    wanted = candidates.invited_to(one)
    if one.joined_on is not None:
        state = "joined"
    else:
        unused = "invited" if one.until >= today else "ended"
        state = unused if one.used_on is None else "given"
    words = tuple(fingerprint(one.age, one.sign)) if one.age and one.sign else ()
    return Shown(
        one.person_id,
        one.name,
        one.role_text,
        wanted,
        one.office,
        state,
        mail=one.mail,
        until=one.until if one.joined_on is None else None,
        fingerprint=words,
    )
