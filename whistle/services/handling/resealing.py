"""Changing who may read a case: the signed entry, the keys sealed anew and the access rows.

Rules (protocol sections 3 and 5):
* the handler's browser decides for whom the keys are sealed; the server cannot see it, and holds
  what it can: the number of stanzas and of keys, the place in the chains, the files replaced, that
  somebody is left, and that nobody lets in whom the reporter left out;
* an entry, its keys and its rows are kept together or not at all; whoever was overtaken is told so
  and reads the case again;
* the files before are kept a while, but never when somebody was taken out;
* who is taken out is told of none of the case's dates from then on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from whistle.case.permissions import Permission, Role, may
from whistle.crypto.access import REASONS
from whistle.crypto.age import PublicKey
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.crypto.resealing import stanza_count
from whistle.errors import ConflictError, DeniedError, FilingError, SealError
from whistle.services import access, key_changes, log, notices, old_seals, shapes, tasks, thread
from whistle.services.handling.asked import case_key
from whistle.services.parts import Parts
from whistle.storage.tables import Case, CaseKey


@dataclass(frozen=True)
class Asked:
    """A change of access as posted, every value of its form."""

    seq: int
    sealed: bytes
    case_age: bytes
    if_match: bytes
    gen: int
    case_key: bytes | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reason: str
    desk_age: bytes | None
    desk_prev: bytes
    keyring_serial: int

    @classmethod
    def read(cls, posted: Mapping[str, Any]) -> "Asked":
        """Return the change.

        Raises:
            FilingError: `access`, a value is not of its form; `seq`; `reason`.
        """
        if posted.get("reason") not in REASONS:
            raise FilingError("reason")
        gen, serial = posted.get("gen"), posted.get("keyring_serial")
        if type(gen) is not int or type(serial) is not int:
            raise FilingError("access")
        added, removed = _ids(posted.get("added")), _ids(posted.get("removed"))
        if set(added) & set(removed):
            raise FilingError("access")
        return cls(
            seq=thread.number(posted.get("seq")),
            sealed=_bytes(posted.get("sealed")),
            case_age=_bytes(posted.get("case_age")),
            if_match=_bytes(posted.get("if_match")),
            gen=gen,
            case_key=_bytes_or_none(posted.get("case_key")),
            added=added,
            removed=removed,
            reason=str(posted["reason"]),
            desk_age=_bytes_or_none(posted.get("desk_age")),
            desk_prev=_bytes(posted.get("desk_prev")),
            keyring_serial=serial,
        )


def change_access(
    parts: Parts, handler: HandlerKey, case_id: str, posted: Mapping[str, Any]
) -> thread.Appended:
    """Keep a change of access whole: entry, keys, rows and log.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        FilingError: `access`, `seq`, `reason`, `entry`, `case_age`, `desk_age`, `stanzas`,
            `not_reader`, `not_appointed` or `left_out`.
        ConflictError: `out_of_turn`, something newer is there; `keyring_changed`, seal again with
            the newest keyring; `last_reader`, nobody would be left to read the case.
        DeniedError: `investigator`, who may leave a case and change nothing else.
    """
    asked = Asked.read(posted)
    parts.keyrings.published()  # anew, before the transaction
    with parts.database.writing() as session:
        case = access.visible_case(session, handler, case_key(case_id))
        _refuse_investigator(case, handler, asked)
        today = parts.today(parts.channel(case.channel))
        change = _Change(session, case, asked, parts.keyrings.published().chain, today)
        draft = thread.Draft(
            thread.CASE_CHAIN, asked.seq, "access", handler.id, asked.sealed, today
        )
        desk_prev = _desk_prev(session, case)
        generation = _generation(session, case)
        appended = thread.append(session, case, draft)
        if appended.repeated:
            return appended
        change.refuse_overtaken(desk_prev)
        change.refuse_keys(generation)
        change.refuse_people()
        change.apply()
        change.refuse_stanzas(has_notes=desk_prev != case.thread)
        change.keep_keys()
        session.flush()
        key_changes.drop_finished(parts, session)
        _forget_dates(session, asked, change.chain, today)
        _enter(parts, session, case, handler, asked)
    parts.database.forget()
    return appended


@dataclass(frozen=True)
class _Change:
    """A change of access while it is judged and kept."""

    session: Session
    case: Case
    asked: Asked
    chain: KeyringChain
    today: date

    @property
    def keyring(self) -> Keyring:
        """The keyring in force."""
        return self.chain.effective(self.today)

    def appointed(self) -> dict[str, HandlerKey]:
        """Who has a place in the channel by the keyring in force and by the newest, by id."""
        still = {one.id for one in self.chain.newest.appointed(self.case.channel, self.today)}
        in_force = self.keyring.appointed(self.case.channel, self.today)
        return {one.id: one for one in in_force if one.id in still}

    def refuse_overtaken(self, desk_prev: bytes) -> None:
        """Refuse a change that was made of an older state."""
        if self.asked.keyring_serial != self.chain.newest.serial:
            raise ConflictError("keyring_changed")
        if self.asked.if_match != sha256(self.case.case_age).digest():
            raise ConflictError("out_of_turn")
        if self.asked.desk_prev != desk_prev:
            raise ConflictError("out_of_turn")

    def refuse_keys(self, generation: int) -> None:
        """Refuse another generation, or a key where there is none to be, or none where one is."""
        raised = self.asked.gen == generation + 1
        if not raised and (self.asked.gen != generation or self.asked.removed):
            raise FilingError("access")
        if (self.asked.case_key is not None) != raised:
            raise FilingError("access")
        if self.asked.case_key is not None:
            try:
                PublicKey.from_bytes(self.asked.case_key)
            except SealError as error:
                raise FilingError("access") from error

    def refuse_people(self) -> None:
        """Refuse to take out who has no part, or to let in who has one or may have none."""
        rows = access.rows(self.session, self.case.id)
        inside = {name for name, row in rows.items() if row.until_on is None}
        if not inside >= set(self.asked.removed):
            raise FilingError("not_reader")
        if not self.appointed().keys() - inside >= set(self.asked.added):
            raise FilingError("not_appointed")
        appointed, absent = self.appointed(), self._left_out(rows)
        if absent & {appointed[one].person for one in self.asked.added}:
            raise FilingError("left_out")

    def _left_out(self, rows: Collection[str]) -> set[str]:
        """Which persons read by the keyring that the report was sealed by, and never had a part."""
        serial = self.case.filed_serial
        at_filing = (one.keyring for one in self.chain.links if one.keyring.serial == serial)
        return {
            one.person
            for keyring in at_filing
            for one in keyring.readers(self.case.channel, self.case.received_on)
            if one.id not in rows
        }

    def apply(self) -> None:
        """Change the rows; nobody may be left alone outside."""
        appointed = self.appointed()
        for handler_id in self.asked.removed:
            access.take_out(self.session, self.case, handler_id, self.today)
        for handler_id in self.asked.added:
            access.let_in(self.session, self.case, appointed[handler_id], self.today)
        self.session.flush()
        if not self._inside() & appointed.keys():
            raise ConflictError("last_reader")
        access.call_if_nobody_sees(self.session, self.case, appointed, self.today)

    def refuse_stanzas(self, *, has_notes: bool) -> None:
        """Refuse files that are sealed to more or fewer than there must be, or hold other keys."""
        count = stanza_count(self.keyring, self.case.channel, self.today, self._inside())
        keys = self.asked.gen
        shapes.check_resealed(self.asked.case_age, stanzas=count, keys=keys)
        if (self.asked.desk_age is not None) != has_notes:
            raise FilingError("desk_age")
        if self.asked.desk_age is not None and self.case.desk_age is not None:
            keys = shapes.count_keys(self.case.desk_age) + (self.asked.case_key is not None)
            shapes.check_resealed(self.asked.desk_age, stanzas=count - 1, keys=keys)

    def keep_keys(self) -> None:
        """Replace the files; the ones before stay a while, unless somebody was taken out."""
        if self.asked.case_key is None:
            old_seals.keep(self.session, self.case, self.today)
        else:
            old_seals.drop(self.session, self.case.id)
            self.session.add(
                CaseKey(
                    case_id=self.case.id,
                    generation=self.asked.gen - 1,
                    public_key=self.asked.case_key,
                )
            )
        self.case.case_age = self.asked.case_age
        self.case.desk_age = self.asked.desk_age
        self.case.keyring_serial = self.keyring.serial

    def _inside(self) -> set[str]:
        rows = access.rows(self.session, self.case.id)
        return {name for name, row in rows.items() if row.until_on is None}


def _refuse_investigator(case: Case, handler: HandlerKey, asked: Asked) -> None:
    leaves = asked.removed == (handler.id,) and not asked.added
    needed = Permission.RECUSE if leaves else Permission.CHANGE_READERS
    if not may(Role(handler.channels[case.channel]), needed):
        raise DeniedError("investigator")


def _desk_prev(session: Session, case: Case) -> bytes:
    """What the next entry of the desk chain names as the one before."""
    last = thread.last_entry(session, case.id, thread.DESK_CHAIN)
    return last.sha256 if last else case.thread


def _generation(session: Session, case: Case) -> int:
    """The generation of the newest case key; the report's is 1."""
    return thread.newest_generation(session, case.id) + 1


def _forget_dates(session: Session, asked: Asked, chain: KeyringChain, today: date) -> None:
    """Let nobody who was taken out be told of a date that is only this case's."""
    for handler_id in asked.removed:
        handler = chain.effective(today).handler(handler_id)
        if handler is None:
            notices.forget(session, handler_id, ())
            continue
        seen = session.scalars(access.visible_cases(handler)).all()
        query = access.visible_cases(handler).with_only_columns(Case.id)
        listed = tasks.open_tasks(session, query, handler.channels)
        still = {one.due_on for one in seen} | {tasks.due_of(one) for one in listed}
        notices.forget(session, handler_id, still)


def _enter(parts: Parts, session: Session, case: Case, handler: HandlerKey, asked: Asked) -> None:
    today = parts.today(parts.channel(case.channel))
    payload = {
        "event": "AccessChanged",
        "case": case.id.hex(),
        "who": handler.id,
        "on": today.isoformat(),
        "reason": asked.reason,
        "generation": asked.gen,
        "added": list(asked.added),
        "removed": list(asked.removed),
    }
    log.record(session, payload, case_id=case.id, on=today, at=parts.clock())


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FilingError("access")
    if len(set(value)) != len(value):
        raise FilingError("access")
    return tuple(value)


def _bytes(value: object) -> bytes:
    try:
        return b64u_decode(value if isinstance(value, str) else "=")
    except ValueError as error:
        raise FilingError("base64") from error


def _bytes_or_none(value: object) -> bytes | None:
    return None if value is None else _bytes(value)
