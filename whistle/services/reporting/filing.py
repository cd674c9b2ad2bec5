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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from whistle.case import apply
from whistle.case.events import Actor, Received
from whistle.config import Acknowledge, Channel
from whistle.crypto.encoding import b64u
from whistle.crypto.filing import BYTES_MAX, Filing
from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, FilingError, KeyringError, LawError
from whistle.law.deadlines import Facts, deadlines
from whistle.services import access, dates, facts, thread
from whistle.services.acknowledging import acknowledge
from whistle.services.parts import Parts
from whistle.services.reporting.readers import is_open
from whistle.storage.tables import Case, CaseKey, Entry, new_id

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


def file_report(parts: Parts, posted: bytes) -> Receipted:
    """Keep a sealed report, once.

    Raises:
        FilingError: it is not a sealed report of the right shape, or not for this channel.
        ConflictError: `keyring_changed`, seal it again; `already_sent`, another report has been
            sent with this receipt code.
        KeyringError: `closed`, the keyring expired too long ago to be sealed to.
    """
    filing = Filing.parse(posted)
    digest = sha256(posted).digest()
    parts.keyrings.published()  # anew, before the transaction: a filing for an older one is refused
    with parts.database.writing() as session:
        same = or_(Case.mailbox_id == filing.mailbox_id, Case.thread == filing.thread)
        existing = session.scalar(select(Case).where(same).limit(1))
        if existing is not None:
            if existing.filing_sha256 != digest:
                raise ConflictError("already_sent")
            return receipted(session, parts, existing, repeated=True)
        channel = parts.settings.channel(filing.channel)
        if channel is None:
            raise FilingError("unknown_channel")
        readers = _readers(parts, channel, filing)
        case = _keep(session, channel, filing, digest, parts.today(channel))
        access.grant(session, case, readers, filing.left_out)
        _first_lines(session, parts, channel, case, filing)
        return receipted(session, parts, case, repeated=False)


def receipted(session: Session, parts: Parts, case: Case, *, repeated: bool) -> Receipted:
    """What the reporter was told when the case was filed, whatever has happened to it since."""
    first = session.scalars(
        select(Entry)
        .where(Entry.case_id == case.id, Entry.chain == thread.CASE_CHAIN, Entry.seq <= FIRST_LINES)
        .order_by(Entry.seq)
    ).all()
    at_once = len(first) == FIRST_LINES and _came_with_the_report(first[-1], case)
    last = first[-1] if at_once else first[1]
    acknowledged_on = case.received_on if at_once else None
    begun = Facts(received_on=case.received_on, acknowledged_on=acknowledged_on)
    due = deadlines(facts.limits_of(parts.channel(case.channel)), begun)
    if due.acknowledge_due_on is None or due.feedback_due_on is None:
        raise LawError("no_date")
    return Receipted(
        received_on=case.received_on,
        acknowledge_due_on=due.acknowledge_due_on,
        acknowledged_on=acknowledged_on,
        feedback_due_on=due.feedback_due_on,
        waived=case.waived,
        next_seq=last.seq + 1,
        head_sha256=last.sha256,
        repeated=repeated,
    )


def _came_with_the_report(entry: Entry, case: Case) -> bool:
    """Whether it is the standard text that acknowledged the report at once."""
    return (entry.kind, entry.handler_id, entry.on) == ("acknowledged", None, case.received_on)


def _readers(parts: Parts, channel: Channel, filing: Filing) -> Sequence[HandlerKey]:
    """The channel's readers by the keyring in effect; the filing must be sealed for it."""
    today = parts.today(channel)
    keyring = parts.keyrings.published().chain.effective(today)
    if keyring.state(today) == "closed" or not is_open(keyring, channel.id, today):
        raise KeyringError("closed")
    if filing.keyring_serial != keyring.serial:
        raise ConflictError("keyring_changed")
    filing.check(keyring, today)
    return keyring.readers(channel.id, today)


def _keep(session: Session, channel: Channel, filing: Filing, digest: bytes, today: date) -> Case:
    case = Case(
        id=new_id(),
        number=_number(session),
        channel=channel.id,
        mailbox_id=filing.mailbox_id,
        filing_sha256=digest,
        thread=filing.thread,
        case_age=filing.case_age,
        keyring_serial=filing.keyring_serial,
    )
    received = Received(
        on=today,
        actor=Actor.system(),
        rules=facts.limits_of(channel).version,
        waived=filing.waive_ack and dates.knows_waiver(channel),
    )
    facts.keep(case, apply(None, received, facts.limits_of(channel)), channel, today)
    session.add(case)
    facts.enter(session, case, received)
    session.flush()
    session.add(CaseKey(case_id=case.id, generation=0, public_key=filing.case_public_key.raw))
    session.flush()
    return case


def _first_lines(
    session: Session, parts: Parts, channel: Channel, case: Case, filing: Filing
) -> None:
    today = case.received_on
    draft = thread.Draft(thread.CASE_CHAIN, 1, "report", None, filing.entry1, today)
    report = thread.append(session, case, draft)
    received = {"received_on": today.isoformat(), "entry1_sha256": b64u(report.sha256)}
    thread.append_system_line(session, parts, case, "received", received, today)
    if channel.acknowledge is Acknowledge.AT_ONCE and not case.waived:
        acknowledge(session, parts, channel, case)


def _number(session: Session) -> str:
    """A free case number: random, so that it does not count the reports."""
    while True:
        half = ["".join(secrets.choice(NUMBER_SYMBOLS) for _ in range(NUMBER_HALF)) for _ in "ab"]
        number = "-".join(half)
        if session.scalar(select(Case.id).where(Case.number == number)) is None:
            return number
