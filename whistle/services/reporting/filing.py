"""Taking a report that was sealed before it came (protocol section 5).

Rules:
* only a filing of the right shape is kept, sealed for the keyring in effect and for exactly as
  many readers as the channel has: those left out are replaced by dummies, so no count tells;
* mailbox and thread make it happen once: the same bytes get the same answer for ever, other bytes
  under the same mailbox, or the same thread under another one, are refused;
* the case, its access, the report and the system's first line are kept together or not at all,
  and on disk before the reporter is told;
* the receipt date is the channel's calendar date; no time is kept.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, or_, select
from sqlalchemy.orm import Session

from whistle.case import CaseState, apply
from whistle.case.events import Actor, Event, Received
from whistle.config import Acknowledge, Channel
from whistle.crypto.chain import Place
from whistle.crypto.encoding import b64u
from whistle.crypto.filing import BYTES_MAX, Filing
from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.errors import ConflictError, FilingError, KeyringError, LawError, WhistleError
from whistle.law.deadlines import Facts, deadlines
from whistle.services import access, acknowledging, dates, facts, log, thread
from whistle.services.flood import Paid
from whistle.services.parts import Parts
from whistle.services.reporting.readers import is_open
from whistle.storage.tables import (
    Access,
    Case,
    CaseKey,
    Entry,
    EntrySeal,
    LogWaiting,
    Table,
    new_id,
)

POSTED_BYTES_MAX = BYTES_MAX
"""The largest filing: what is over it need not be read."""
NUMBER_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_HALF = 3
FIRST_LINES = 3
"""The report, the system's `received`, and its `acknowledged` where the channel does so at once."""


@dataclass(frozen=True)
class Receipted:
    """What the reporter is told: the report is kept, and by when it is answered."""

    received_on: date
    acknowledge_due_on: date
    acknowledged_on: date | None
    feedback_due_on: date
    waived: bool
    next_seq: int
    head_sha256: bytes
    repeated: bool


@dataclass(frozen=True)
class _New:
    """A report that is ready to be kept: all its rows, in the order of their tables."""

    case: Mapping[str, Any]
    others: Mapping[type[Table], Sequence[Mapping[str, Any]]]
    told: Receipted


def file_paid(parts: Parts, posted: bytes, paid: Paid | None) -> Receipted:
    """Keep a sealed report that a script has sent: under a flood it costs work.

    Raises:
        PriceError: it does now, and was not paid.
        Others as `file_report`.
    """
    if parts.flood.price():
        mailbox_id = Filing.parse(posted).mailbox_id
        parts.flood.check(mailbox_id, paid, parts.clock().timestamp())
    return file_report(parts, posted)


def file_shared(parts: Parts, posted: bytes) -> Receipted:
    """Keep a sealed report of a page without scripts, which cannot pay: it has a share of its own.

    Raises:
        BusyError: `busy`, there is a flood and the share is used up for this minute.
        Others as `file_report`.
    """
    Filing.parse(posted)  # what is no report takes nothing of the share
    parts.flood.take_share()
    return file_report(parts, posted)


def file_report(parts: Parts, posted: bytes) -> Receipted:
    """Keep a sealed report, once.

    All that can be done before is done before the transaction: there reports wait for each other.

    Raises:
        FilingError: it is not a sealed report of the right shape, or not for this channel.
        ConflictError: `keyring_changed`, seal it again; `already_sent`, another report has been
            sent with this receipt code.
        KeyringError: `closed`, the keyring expired too long ago to be sealed to, or fewer than two
            of those whom it names can sign in.
    """
    filing = Filing.parse(posted)
    digest = sha256(posted).digest()
    chain = parts.keyrings.published().chain
    try:
        new = _new(parts, chain, filing, digest)
    except WhistleError:
        again = _again(parts, filing, digest)
        if again is None:
            raise
        return again
    if parts.database.together(partial(_keep, new)):
        parts.flood.note()
        return new.told
    again = _again(parts, filing, digest)
    if again is None:
        raise ConflictError("already_sent")
    return again


def receipted(session: Session, parts: Parts, case: Case) -> Receipted:
    """What the reporter was told when the case was filed, whatever has happened to it since."""
    first = session.scalars(
        select(Entry)
        .where(Entry.case_id == case.id, Entry.chain == thread.CASE_CHAIN, Entry.seq <= FIRST_LINES)
        .order_by(Entry.seq)
    ).all()
    at_once = len(first) == FIRST_LINES and _came_with_the_report(first[-1], case)
    last = first[-1] if at_once else first[1]
    begun = Facts(case.received_on, case.received_on if at_once else None)
    channel = parts.channel(case.channel)
    return _told(channel, begun, (last.seq, last.sha256), waived=case.waived, repeated=True)


def _told(
    channel: Channel, begun: Facts, last: tuple[int, bytes], *, waived: bool, repeated: bool
) -> Receipted:
    due = deadlines(facts.limits_of(channel), begun)
    if due.acknowledge_due_on is None or due.feedback_due_on is None:
        raise LawError("no_date")
    seq, head_sha256 = last
    return Receipted(
        received_on=begun.received_on,
        acknowledge_due_on=due.acknowledge_due_on,
        acknowledged_on=begun.acknowledged_on,
        feedback_due_on=due.feedback_due_on,
        waived=waived,
        next_seq=seq + 1,
        head_sha256=head_sha256,
        repeated=repeated,
    )


def _came_with_the_report(entry: Entry, case: Case) -> bool:
    """Whether it is the standard text that acknowledged the report at once."""
    return (entry.kind, entry.handler_id, entry.on) == (acknowledging.CODE, None, case.received_on)


def _again(parts: Parts, filing: Filing, digest: bytes) -> Receipted | None:
    """What was told of a report that is here already; None if it is not.

    Raises:
        ConflictError: `already_sent`, what is here is another one.
    """
    same = or_(Case.mailbox_id == filing.mailbox_id, Case.thread == filing.thread)
    with parts.database.reading() as session:
        case = session.scalar(select(Case).where(same).limit(1))
        if case is None:
            return None
        if case.filing_sha256 != digest:
            raise ConflictError("already_sent")
        return receipted(session, parts, case)


def _new(parts: Parts, chain: KeyringChain, filing: Filing, digest: bytes) -> _New:
    """The rows of a report, made of its filing and what the system says to it at once.

    Raises as `file_report`, of what concerns channel and keyring.
    """
    channel = parts.settings.channel(filing.channel)
    if channel is None:
        raise FilingError("unknown_channel")
    today = parts.today(channel)
    keyring = chain.effective(today)
    readers = _readers(parts, keyring, filing, today)
    limits = facts.limits_of(channel)
    waived = filing.waive_ack and dates.knows_waiver(channel)
    events: list[Event] = [
        Received(on=today, actor=Actor.system(), rules=limits.version, waived=waived)
    ]
    state = apply(None, events[0], limits)
    if channel.acknowledge is Acknowledge.AT_ONCE and not waived:
        events.append(acknowledging.event(channel, today))
        state = apply(state, events[1], limits)
    case_id = new_id()
    lines = _first_lines(thread.Voice(parts.service_key, keyring), filing, state)
    entries, seals = zip(*[thread.rows(case_id, *one) for one in lines], strict=True)
    key = {"case_id": case_id, "generation": 0, "public_key": filing.case_public_key.raw}
    said = [log.waiting(facts.said(case_id, one), case_id=case_id, on=today) for one in events]
    last, last_sha256 = lines[-1]
    begun = Facts(today, state.acknowledged_on)
    return _New(
        case={
            "id": case_id,
            "channel": channel.id,
            "mailbox_id": filing.mailbox_id,
            "filing_sha256": digest,
            "thread": filing.thread,
            "case_age": filing.case_age,
            "keyring_serial": filing.keyring_serial,
            "filed_serial": filing.keyring_serial,
            **facts.columns(state, channel, today),
        },
        others={
            CaseKey: [key],
            Access: access.granted(case_id, channel.id, today, readers, filing.left_out),
            Entry: entries,
            EntrySeal: seals,
            LogWaiting: said,
        },
        told=_told(channel, begun, (last.seq, last_sha256), waived=waived, repeated=False),
    )


def _readers(parts: Parts, keyring: Keyring, filing: Filing, today: date) -> Sequence[HandlerKey]:
    """The channel's readers by the keyring in effect; the filing must be sealed for it."""
    if keyring.state(today) == "closed":
        raise KeyringError("closed")
    if filing.keyring_serial != keyring.serial:
        raise ConflictError("keyring_changed")
    filing.check(keyring, today)
    if not is_open(parts, keyring, filing.channel, today):
        raise KeyringError("closed")
    return keyring.readers(filing.channel, today)


def _first_lines(
    voice: thread.Voice, filing: Filing, state: CaseState
) -> list[tuple[thread.Draft, bytes]]:
    """The report and what the system says at once, each with the hash of its sealed bytes."""
    today = state.received_on
    drafts = [thread.Draft(thread.CASE_CHAIN, 1, "report", None, filing.entry1, today)]
    digest = sha256(filing.entry1).digest()
    digests = [digest]
    said: list[tuple[str, Mapping[str, object]]] = [
        ("received", {"received_on": today.isoformat(), "entry1_sha256": b64u(digest)})
    ]
    if state.acknowledged_on is not None:
        said.append((acknowledging.CODE, acknowledging.params(today)))
    for code, params in said:
        place = Place(
            filing.channel, filing.thread, thread.CASE_CHAIN, len(drafts) + 1, digests[-1]
        )
        line = thread.SystemLine(code, params, today)
        drafts.append(thread.system_line(voice, place, line, filing.case_public_key))
        digests.append(sha256(drafts[-1].sealed).digest())
    return list(zip(drafts, digests, strict=True))


def _keep(new: _New, connection: Connection) -> bool:
    """Insert a report's rows; leave all as it is, and say so, if its like is here already."""
    taken = {name: new.case[name] for name in ("mailbox_id", "thread")}
    while True:
        number = _number()
        found = connection.execute(_same(), {**taken, "number": number}).all()
        if any(
            one.mailbox_id == taken["mailbox_id"] or one.thread == taken["thread"] for one in found
        ):
            return False
        if not found:
            break
    connection.execute(insert(Case), {**new.case, "number": number})
    for table, rows in new.others.items():
        connection.execute(insert(table), rows)
    return True


@cache
def _same() -> Select[bytes | None, bytes]:
    """The cases that have a mailbox, a thread or a number: one look for all three."""
    return select(Case.mailbox_id, Case.thread).where(
        or_(
            *(getattr(Case, name) == bindparam(name) for name in ("mailbox_id", "thread", "number"))
        )
    )


def _number() -> str:
    """A case number: random, so that it does not count the reports."""
    half = ["".join(secrets.choice(NUMBER_SYMBOLS) for _ in range(NUMBER_HALF)) for _ in "ab"]
    return "-".join(half)
