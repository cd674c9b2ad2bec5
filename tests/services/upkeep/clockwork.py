"""What the tests of the clock ask of an organisation: to move its time, to let the clock turn."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from tests import acts
from tests.acts import Filed
from tests.organisation import Organisation, make_organisation
from whistle.config import Mail, Security, Settings
from whistle.crypto.chain import VerifiedEntry, next_place
from whistle.crypto.entry import Author, make_entry
from whistle.notify.mail import Server
from whistle.services import tasks
from whistle.services.handling import duties, writing
from whistle.services.office import review
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.services.thread import Appended
from whistle.services.upkeep import mailing, turning
from whistle.services.upkeep.sweeping import Swept, sweep
from whistle.storage.tables import Case, ClockAction, Notice, Person

OFFICE_MAIL = Mail(
    host="127.0.0.1", sender="Forms <forms@example.org>", security=Security.NONE,
    officer="officer@example.org", outside="chair@example.org",
)  # fmt: skip


def with_channel(settings: Settings, **changes: Any) -> Settings:
    """The settings with another first channel."""
    first, *rest = settings.channels
    return replace(settings, channels=(replace(first, **changes), *rest))


def with_post_office(settings: Settings, port: int) -> Settings:
    """The settings with a mail server at a port of this machine, an officer, an outside person."""
    return replace(settings, desk_address=acts.SITE, mail=replace(OFFICE_MAIL, port=port))


def go_to(organisation: Organisation, day: str, at: str = "12:00") -> None:
    """Set the time, by the channel's wall clock."""
    zone = organisation.parts.settings.channels[0].zoneinfo
    local = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=zone)
    organisation.now = local.astimezone(UTC)


def turn(organisation: Organisation, day: str | None = None, at: str = "12:00") -> Swept:
    """Let the clock turn once, on a day."""
    if day is not None:
        go_to(organisation, day, at)
    return sweep(organisation.parts)


def thread_of(organisation: Organisation, filed: Filed) -> list[VerifiedEntry]:
    """The whole thread as the reporter's program reads it: every signature is checked."""
    mailbox = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    return acts.verified(organisation, mailbox, filed.receipt.private_key)[0]


def lines(organisation: Organisation, filed: Filed) -> list[tuple[str, Mapping[str, Any], str]]:
    """The system's lines after `received`: code, what is put in, and the day."""
    return [
        (entry.kind, entry.json()["params"], entry.on.isoformat())
        for entry in thread_of(organisation, filed)
        if entry.side == "system" and entry.kind != "received"
    ]


def notices(organisation: Organisation) -> set[tuple[str, str | None, int]]:
    """Who is to be told what: person, date, days late."""
    with organisation.parts.database.reading() as session:
        return {
            (one.person_id, one.due_on.isoformat() if one.due_on else None, one.days_late)
            for one in session.scalars(select(Notice))
        }


def new_notices(organisation: Organisation, day: str) -> set[tuple[str, str | None, int]]:
    """What is to be told after the clock's turn on a day, with all from before sent."""
    with organisation.parts.database.writing() as session:
        for one in session.scalars(select(Notice)):
            session.delete(one)
    turn(organisation, day)
    return notices(organisation)


def keys(organisation: Organisation, filed: Filed) -> set[str]:
    """The names of the clock's actions that are done in a case."""
    with organisation.parts.database.reading() as session:
        case = acts.case_row(session, filed)
        return set(
            session.scalars(select(ClockAction.key).where(ClockAction.case_id == case.id)).all()
        )


def row(organisation: Organisation, filed: Filed) -> Case:
    """The case's row as it is now."""
    with organisation.parts.database.reading() as session:
        case = acts.case_row(session, filed)
        session.expunge(case)
        return case


def set_mail(organisation: Organisation, **addresses: str) -> None:
    """Give handlers a mail address."""
    with organisation.parts.database.writing() as session:
        for handler_id, address in addresses.items():
            session.execute(update(Person).where(Person.id == handler_id).values(mail=address))


def by_reporter(
    organisation: Organisation,
    filed: Filed,
    kind: str,
    *,
    text: str = "A text.",
    adds: Mapping[str, Any] | None = None,
) -> Appended:
    """Let the reporter's program append an entry of any kind, with its clear facts."""
    mailbox = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    entries, (key, *_) = acts.verified(organisation, mailbox, filed.receipt.private_key)
    place = next_place(entries)
    sealed = make_entry(
        place,
        Author("reporter", "reporter", filed.receipt.signing_key, "browser"),
        kind,
        {"text": text},
        keyring=acts.keyring(organisation),
        to=key.public_key,
        adds=adds,
    )
    return append_entry(
        organisation.parts,
        filed.receipt.mailbox_token,
        seq=place.seq,
        kind=kind,
        sealed=sealed,
        **dict(adds or {}),
    )


def at_desk_chain(
    organisation: Organisation, handler_id: str, filed: Filed, kind: str, seq: int, **posted: Any
) -> Appended:
    """Let a handler append to the notes; what is in it only its shape matters here."""
    case = acts.case_id(organisation, filed)
    sealed = acts.any_entry(organisation.people[handler_id].private_key)
    written = writing.Written("desk", seq, kind, sealed, facts=posted)
    handler = acts.handler(organisation, handler_id)
    return writing.write(organisation.parts, handler, case, written)


def acknowledge(organisation: Organisation, filed: Filed, handler_id: str = "anna") -> None:
    """Let a handler acknowledge receipt."""
    case = acts.case_id(organisation, filed)
    acts.act(organisation, handler_id, case, "acknowledgement")


def give_feedback(
    organisation: Organisation, filed: Filed, next_on: str | None = None, handler_id: str = "anna"
) -> None:
    """Let a handler give feedback; interim if it names the next date."""
    adds = {"final": next_on is None, "next_on": next_on}
    acts.act(organisation, handler_id, acts.case_id(organisation, filed), "feedback", adds=adds)


def close(organisation: Organisation, filed: Filed, handler_id: str = "anna") -> None:
    """Let a handler close the case as substantiated."""
    case = acts.case_id(organisation, filed)
    acts.act(organisation, handler_id, case, "closing", adds={"outcome": "substantiated"})


def finish_tasks(organisation: Organisation) -> int:
    """Do all tasks that Anna sees, the officer the yearly review; return how many they were."""
    handler = acts.handler(organisation, "anna")
    listed = duties.list_tasks(organisation.parts, handler)["tasks"]
    for one in listed:
        if one["kind"] != tasks.ACCESS_REVIEW:
            duties.finish_task(organisation.parts, handler, one["id"])
    review.attest(organisation.parts, "olle")
    return len(listed)


def begun(settings: Settings) -> Organisation:
    """An organisation with an open and a closed case, whose clock has turned once in earnest."""
    made = make_organisation(settings.data_dir.parent, settings)
    set_mail(made, anna="anna@example.org")
    closed = acts.file(made)
    acts.file(made)
    acknowledge(made, closed)
    give_feedback(made, closed)
    close(made, closed)
    assert isinstance(turning.turn(made.parts), Swept)
    return made


def kept_for(organisation: Organisation) -> list[tuple[str, str]]:
    """Who is to be told something, and on which day that was kept."""
    with organisation.parts.database.reading() as session:
        found = session.execute(select(Notice.person_id, Notice.created_on))
        return sorted((person_id, day.isoformat()) for person_id, day in found)


def day(text: str) -> date:
    """`2026-12-01` as a date."""
    return date.fromisoformat(text)


STOCKHOLM = ZoneInfo("Europe/Stockholm")


def deliver(organisation: Organisation) -> dict[str, int]:
    """Send what is due, through the real server; return how many went which way."""
    mail = organisation.parts.settings.mail
    assert mail is not None
    return dict(mailing.deliver(organisation.parts, Server(mail).send))


def waiting(organisation: Organisation) -> list[Notice]:
    """What waits in the outbox, by the time it goes."""
    with organisation.parts.database.reading() as session:
        found = list(session.scalars(select(Notice).order_by(Notice.send_after)))
        session.expunge_all()
        return found
