"""The reporter's acts for pages without scripts: the server seals, opens, answers and forgets.

Rules (protocol section 6):
* the code comes with the request and leaves with the answer; nothing of it, and nothing opened,
  is kept, logged or put on a disk;
* every entry made here says `made: "server"`, so that both sides can see it for ever;
* sending the same report twice is one report: the server opens the first and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, VerifiedEntry, next_place, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import make_filing, open_case_keys, recovery_for, split_readers
from whistle.crypto.receipt import Receipt
from whistle.errors import ConflictError, FilingError, SealError, ThreadError, WhistleError
from whistle.services import dates, thread
from whistle.services.parts import Parts
from whistle.services.reporting import mailbox
from whistle.services.reporting.filing import Receipted, file_shared, receipted
from whistle.storage.tables import Case

MADE = "server"


@dataclass(frozen=True)
class Look:
    """A mailbox as its reporter sees it: what was verified, and the fault that ended it, if any."""

    entries: tuple[dict[str, Any], ...]
    dates: dict[str, Any]
    state: str
    channel: str
    knows_waiver: bool
    fault: str | None


@dataclass(frozen=True)
class _Sent:
    """What a reporter decided: a report is the same again only if all of it is."""

    channel: str
    body: Mapping[str, Any]
    left_out: frozenset[str]
    waive_ack: bool
    no_recovery: bool


def new_code() -> str:
    """A fresh receipt code."""
    return str(Receipt.generate())


def check_code(typed: str) -> str:
    """The code as it is properly written.

    Raises:
        ReceiptError: it is not one.
    """
    return str(Receipt.parse(typed))


def file_for(  # noqa: PLR0913 - each is a decision of the reporter's own
    parts: Parts,
    code: str,
    *,
    channel: str,
    body: Mapping[str, Any],
    left_out: Sequence[str] = (),
    waive_ack: bool = False,
    leave_out_recovery: bool = False,
    one_reader_confirmed: bool = False,
) -> Receipted:
    """Seal a report and keep it, once, whoever presses the button twice.

    Raises:
        ReceiptError: the code is none.
        FilingError: `no_readers`; `one_reader` unless that was confirmed; `unknown_channel`.
        ConflictError: `already_sent`, this code has sent another report.
        DeniedError: `closed`.
        BusyError: `busy`, many reports come in now.
        TooLargeError: the text is over its limits.
    """
    receipt = Receipt.parse(code)
    sent = _Sent(channel, body, frozenset(left_out), waive_ack, leave_out_recovery)
    chain = parts.keyrings.published().chain
    try:
        if parts.settings.channel(channel) is None:
            raise FilingError("unknown_channel")
        today = parts.today(parts.channel(channel))
        keyring = chain.effective(today)
        _, kept = split_readers(keyring, channel, left_out, today)
        if len({one.person for one in kept}) == 1 and not one_reader_confirmed:
            raise FilingError("one_reader")
        filing = make_filing(
            receipt,
            keyring,
            channel,
            body,
            left_out,
            waive_ack=waive_ack,
            made=MADE,
            on=today,
            leave_out_recovery=leave_out_recovery,
        )
        return file_shared(parts, filing.to_bytes())
    except WhistleError:
        # Whatever would be said of it today: what was sent has its answer already.
        if not _is_sent(parts, receipt):
            raise
        return _again(parts, receipt, sent)


def look(parts: Parts, code: str) -> Look:
    """Open a mailbox and verify its thread.

    Raises:
        ReceiptError: the code is none.
        NotFoundError: `unknown`.
    """
    receipt = Receipt.parse(code)
    with parts.database.reading() as session:
        case, entries = mailbox.find(session, receipt.mailbox_token)
        verified, fault = _verified(parts, receipt, case, entries)
        channel = parts.channel(case.channel)
        now = dates.due_in(case, channel, mailbox.sure_day(parts, case, channel))
        return Look(
            entries=tuple(_shown(one) for one in verified),
            dates=dates.told_reporter(case, now, parts.settings.mail),
            state=dates.phase(case),
            channel=case.channel,
            knows_waiver=dates.knows_waiver(channel),
            fault=fault,
        )


def write_message(parts: Parts, code: str, text: str) -> None:
    """Seal a message and append it to the thread. Raises as `append`."""
    append(parts, code, "message", {"text": text})


def ask_meeting(parts: Parts, code: str, text: str) -> None:
    """Ask for a meeting, with what the reporter needs for it.

    Raises:
        CaseError: `already_asked`, no time has been offered yet.
        Others as `append`.
    """
    append(parts, code, "meeting", {"text": text})


def waive(parts: Parts, code: str, *, waive_ack: bool) -> None:
    """Ask for no acknowledgement, or take that back.

    Raises:
        CaseError: `already_acknowledged`, `already_waived` or `not_waived`.
        Others as `append`.
    """
    append(parts, code, "waiver", {}, {"waive_ack": waive_ack})


def answer_consent(parts: Parts, code: str, request: str, *, given: bool) -> None:
    """Say whether somebody may be told who the reporter is, or change that. Raises as `append`.

    *request* is the hash of the sealed request, b64u, as `Look.entries` give it.
    """
    append(parts, code, "consent", {}, {"request": request, "given": given})


def append(
    parts: Parts,
    code: str,
    kind: str,
    body: Mapping[str, Any],
    adds: Mapping[str, Any] | None = None,
) -> None:
    """Seal an entry of a kind that reporters write, and append it to the thread.

    Raises:
        ReceiptError: the code is none.
        NotFoundError: `unknown`.
        ConflictError: `out_of_turn`, something came in between; look again.
        ThreadError: the thread does not verify, so nothing is added to it.
        TooLargeError: `text`.
        BusyError: `enough_for_today`.
        CaseError: the case's rules do not allow it now.
    """
    receipt = Receipt.parse(code)
    with parts.database.reading() as session:
        case, entries = mailbox.find(session, receipt.mailbox_token)
        verified, fault = _verified(parts, receipt, case, entries)
        if fault is not None:
            raise ThreadError(fault)
        to = thread.newest_case_key(session, case.id)
        today = parts.today(parts.channel(case.channel))
    place = next_place(verified)
    sealed = make_entry(
        place,
        Author("reporter", "reporter", receipt.signing_key, MADE),
        kind,
        body,
        keyring=parts.keyrings.published().chain.effective(today),
        to=to,
        adds=adds,
    )
    waive_ack = (adds or {}).get("waive_ack")
    mailbox.append_entry(
        parts, receipt.mailbox_token, seq=place.seq, kind=kind, sealed=sealed, waive_ack=waive_ack
    )


def _is_sent(parts: Parts, receipt: Receipt) -> bool:
    with parts.database.reading() as session:
        found = session.scalar(select(Case.id).where(Case.mailbox_id == receipt.mailbox_id))
    return found is not None


def _again(parts: Parts, receipt: Receipt, sent: _Sent) -> Receipted:
    """The same answer for the same report; a refusal for another one under the same code."""
    with parts.database.reading() as session:
        case, entries = mailbox.find(session, receipt.mailbox_token)
        verified, _ = _verified(parts, receipt, case, entries[:1])
        if not verified or _sent_in(parts, verified[0], sent) != sent:
            raise ConflictError("already_sent")
        return receipted(session, parts, case)


def _sent_in(parts: Parts, report: VerifiedEntry, asked: _Sent) -> _Sent:
    """What was decided in a report that is there; of a recovery key only if one could be chosen."""
    head = report.head
    keyring = parts.keyrings.published().chain.by(
        head["keyring"]["serial"], b64u_decode(head["keyring"]["sha256"])
    )
    could = recovery_for(keyring, head["left_out"]) is not None
    return _Sent(
        head["channel"],
        report.json(),
        frozenset(head["left_out"]),
        head["waive_ack"],
        head["recovery"] is None if could else asked.no_recovery,
    )


def _verified(
    parts: Parts, receipt: Receipt, case: Case, entries: Sequence[EntryRecord]
) -> tuple[list[VerifiedEntry], str | None]:
    """A beginning of the thread that verifies, and why it ends there, if it does."""
    try:
        keys = open_case_keys(case.case_age, [receipt.private_key])
    except SealError as error:
        return [], error.reason

    def begin(length: int) -> tuple[list[VerifiedEntry], str | None]:
        try:
            return _verify(parts, receipt, case, keys, entries[:length]), None
        except ThreadError as error:
            return [], error.reason

    found, fault = begin(len(entries))
    good, bad = 0, len(entries)
    # The place of the fault is found by halving: whoever fills a thread with rubbish must not keep
    # the server busy by looking at it.
    while fault is not None and bad - good > 1:
        middle = (good + bad) // 2
        shorter, reason = begin(middle)
        if reason is None:
            found, good = shorter, middle
        else:
            fault, bad = reason, middle
    return found, fault


def _verify(
    parts: Parts,
    receipt: Receipt,
    case: Case,
    keys: Sequence[PrivateKey],
    entries: Sequence[EntryRecord],
) -> list[VerifiedEntry]:
    found = verify_thread(
        entries,
        keys,
        parts.keyrings.published().chain,
        thread=case.thread,
        reporter=receipt.signing_key.public,
    )
    for one in found:
        one.json()  # what cannot be read is a fault as well
    return found


def _shown(entry: VerifiedEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "on": entry.on,
        "side": entry.side,
        "author_name": entry.author_name,
        "author_role": entry.author_role,
        "head": entry.head,
        "made": entry.head["made"],
        "body": entry.json(),
        "sha256": b64u(entry.sealed_sha256),
        "alarm": entry.alarm,
    }
