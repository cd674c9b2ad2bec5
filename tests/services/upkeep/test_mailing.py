"""Mails go out at set times, once each, whatever happens to the server or the sender."""

import json
import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests import acts
from tests.notify.post_office import PostOffice
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.errors import MailError
from whistle.notify.mail import Server
from whistle.services.notices import OUTSIDE
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.upkeep import mailing, telling
from whistle.services.upkeep.mailing import deliver
from whistle.storage.tables import Notice

ADDRESSES = {"anna": "anna@example.org", "bo": "bo@example.org", "carin": "carin@example.org"}


@pytest.fixture
def settings(settings: Settings, office: PostOffice) -> Settings:
    """Settings that name the server, an officer and an outside person."""
    return clock.with_post_office(settings, office.port)


@pytest.fixture
def organisation(settings: Settings) -> Organisation:
    """An organisation whose handlers have mail addresses."""
    made = make_organisation(settings.data_dir.parent, settings)
    clock.set_mail(made, **ADDRESSES)
    return made


def test_each_is_received_once_at_the_next_set_time(
    organisation: Organisation, office: PostOffice
) -> None:
    """Filed at noon: not before one o'clock, then within 45 minutes, then never again."""
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "12:59")
    assert clock.deliver(organisation) == {}
    clock.go_to(organisation, "2026-11-22", "13:45")
    assert clock.deliver(organisation) == {"sent": 2}
    assert office.to() == ["anna@example.org", "bo@example.org"]
    assert clock.waiting(organisation) == []
    clock.go_to(organisation, "2026-11-30")
    assert clock.deliver(organisation) == {}


def test_a_flood_of_three_days_is_one_mail_a_day_for_each_person(
    organisation: Organisation, office: PostOffice
) -> None:
    """Reports at every hour: the first mail of a day tells it, the rest waits for the morning."""
    days: Counter[tuple[str, str]] = Counter()
    for hour in range(72):
        organisation.now = datetime(2026, 11, 22, 23, 50, tzinfo=UTC) + timedelta(hours=hour)
        acts.file(organisation)
        clock.turn(organisation)
        before = len(office.received)
        clock.deliver(organisation)
        today = organisation.parts.today(organisation.parts.settings.channels[0]).isoformat()
        days.update((str(one["To"]), today) for one in office.received[before:])
    assert set(days.values()) == {1}
    assert len(days) >= 6


def test_a_flood_in_a_day_is_few_rows(organisation: Organisation, office: PostOffice) -> None:
    """Thirty reports in a morning, more in the afternoon: a mail today, one tomorrow, few rows."""
    for at in ("07:00", "10:00", "12:00", "14:00"):
        clock.go_to(organisation, "2026-11-23", at)
        for _ in range(10):
            acts.file(organisation)
        clock.turn(organisation, "2026-11-23", at)
    assert len(clock.waiting(organisation)) == 6
    sent = 0
    for minutes in range(7 * 60, 33 * 60, 15):  # every quarter of an hour until the next morning
        organisation.now = datetime(2026, 11, 22, 23, tzinfo=UTC) + timedelta(minutes=minutes)
        sent += clock.deliver(organisation).get("sent", 0)
    assert sent == 4
    assert office.to() == ["anna@example.org"] * 2 + ["bo@example.org"] * 2
    assert clock.waiting(organisation) == []


def test_the_nearest_date_and_the_most_days_are_said_in_one_mail(
    organisation: Organisation, office: PostOffice
) -> None:
    """One digest of all that waits."""
    with organisation.parts.database.writing() as session:
        for due in ("2026-12-20", "2026-12-03", "2027-02-01"):
            telling.tell(session, organisation.parts, "anna", due_on=clock.day(due))
        for late in (1, 8):
            telling.tell(session, organisation.parts, OUTSIDE, due_on=None, days_late=late)
    clock.go_to(organisation, "2026-11-22", "13:45")
    assert clock.deliver(organisation) == {"sent": 2}
    words = sorted(str(one.get_content()).split("\n")[0] for one in office.received)
    assert words == [
        "A task in Forms needs you by 3 December 2026.",
        "An answer at Forms is late. Days late: 8.",
    ]


def test_no_mail_holds_anything_of_a_case(organisation: Organisation, office: PostOffice) -> None:
    """A whole overdue life: no id, number, name or topic, and one length for all texts."""
    filed = acts.file(organisation, what="A marked word: Zanzibar")
    case = clock.row(organisation, filed)
    for day in ("2026-11-22", "2026-11-28", "2027-02-27", "2027-03-01", "2027-03-02", "2027-03-08"):
        clock.turn(organisation, day, "07:00")
        clock.go_to(organisation, day, "08:45")
        clock.deliver(organisation)
    assert {str(one["To"]) for one in office.received} == {
        *ADDRESSES.values(), "officer@example.org", "chair@example.org",
    }  # fmt: skip
    secrets = [
        case.id.hex(), case.number or "?", str(filed.receipt), "Zanzibar", "safety", "Anna",
        "main", "Example Works", case.thread.hex(), case.received_on.isoformat(), "feedback",
    ]  # fmt: skip
    for one in office.received:
        whole = f"{one.as_string()}\n{one.get_content()}"
        assert [secret for secret in secrets if secret in whole.replace("anna@", "")] == []
        allowed = r"(needs you by|was due on) \d{1,2} \w+ \d{4}\.|Days late: \d+\.|needs you\."
        assert re.search(allowed, str(one.get_content()))
    assert len({len(str(one.get_payload())) for one in office.received}) == 1


def test_two_senders_at_once_send_each_mail_once(
    organisation: Organisation, office: PostOffice
) -> None:
    """Two machines on one database, at the same moment."""
    acts.file(organisation)
    clock.turn(organisation, "2027-03-01", "07:00")
    clock.go_to(organisation, "2027-03-01", "08:45")
    machines = [organisation.parts, start(organisation.parts.settings, lambda: organisation.now)]
    mail = organisation.parts.settings.mail
    assert mail is not None
    together = threading.Barrier(len(machines))
    sent: list[int] = []

    def run(parts: Parts) -> None:
        together.wait()
        sent.append(deliver(parts, Server(mail).send)["sent"])

    threads = [threading.Thread(target=run, args=[one]) for one in machines]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    everybody = sorted([*ADDRESSES.values(), "officer@example.org", "chair@example.org"])
    assert office.to() == everybody
    assert sum(sent) == len(everybody)


def test_a_fault_is_kept_shown_and_tried_again_ever_more_seldom(
    organisation: Organisation, office: PostOffice
) -> None:
    """After 5, 10, 20 … minutes, at most a day; gone once it has gone."""
    acts.file(organisation, left_out=["bo"])
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "13:45")
    office.answer = "451 later"
    waits = []
    for _ in range(12):
        assert clock.deliver(organisation) == {"server": 1}
        assert clock.deliver(organisation) == {}
        (notice,) = clock.waiting(organisation)
        waits.append(round((notice.send_after.replace(tzinfo=UTC) - organisation.now).seconds / 60))
        organisation.now = notice.send_after.replace(tzinfo=UTC)
    assert waits[:9] == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert set(waits[9:]) == {0}  # one whole day
    desk = {one: acts.sign_in(organisation, one) for one in ("anna", "bo")}
    assert desk["anna"].ask("GET", "/cases").get_json()["mail_faults"] == {"server": 1}
    assert desk["bo"].ask("GET", "/cases").get_json()["mail_faults"] == {}
    office.answer = ""
    assert clock.deliver(organisation) == {"sent": 1}
    assert desk["anna"].ask("GET", "/cases").get_json()["mail_faults"] == {}
    assert office.to() == ["anna@example.org"]


@pytest.mark.parametrize(
    ("fault", "code"), [(MailError("tls"), "tls"), (ZeroDivisionError("x"), "unknown")]
)
def test_what_goes_wrong_with_one_stops_no_other(
    organisation: Organisation, fault: Exception, code: str
) -> None:
    """Not even what nobody thought of."""
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "13:45")
    sent: list[str] = []

    def send(message: EmailMessage) -> None:
        if str(message["To"]) == "anna@example.org":
            raise fault
        sent.append(str(message["To"]))

    assert deliver(organisation.parts, send) == {code: 1, "sent": 1}
    assert sent == ["bo@example.org"]


@pytest.mark.parametrize(
    ("address", "code"), [("", "no_address"), ("a@example.org\nBcc: b@example.org", "address")]
)
def test_who_cannot_be_reached_is_shown_as_such(
    organisation: Organisation, office: PostOffice, address: str, code: str
) -> None:
    """And the others get theirs."""
    clock.set_mail(organisation, anna=address)
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "13:45")
    clock.deliver(organisation)
    assert office.to() == ["bo@example.org"]
    assert {one.fault for one in clock.waiting(organisation)} == {code}


class _KilledError(BaseException):
    """The process ends here."""


def test_killed_after_sending_it_goes_again_under_the_same_name(
    organisation: Organisation, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a mailbox can tell; what has come since is another mail."""
    acts.file(organisation, left_out=["bo"])
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "13:45")

    def killed(*_: object) -> None:
        raise _KilledError

    with monkeypatch.context() as at_once:
        at_once.setattr(mailing, "_note", killed)
        with pytest.raises(_KilledError):
            clock.deliver(organisation)
    with organisation.parts.database.writing() as session:
        for due in range(1, 28):
            telling.tell(session, organisation.parts, "anna", due_on=clock.day(f"2027-01-{due:02}"))
    clock.go_to(organisation, "2026-11-23", "08:45")
    assert clock.deliver(organisation) == {"sent": 2}
    first, *later = [str(one["Message-ID"]) for one in office.received]
    assert first in later
    assert len(set(later)) == 2


def test_taken_by_one_it_is_not_taken_by_another_until_its_time(
    organisation: Organisation, office: PostOffice
) -> None:
    """The row says when it is tried again before the server is asked."""
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-22", "13:45")
    within: list[dict[str, int]] = []

    def send(_: EmailMessage) -> None:
        within.append(clock.deliver(organisation))

    deliver(organisation.parts, send)
    assert within == [{}, {}]
    assert office.received == []


def test_what_could_not_be_sent_for_six_weeks_is_dropped(organisation: Organisation) -> None:
    """Nobody needs a heap of old mail when the server comes back."""
    acts.file(organisation)
    clock.turn(organisation)
    clock.turn(organisation, "2027-01-06")
    assert clock.day("2026-11-22") in {one.created_on for one in clock.waiting(organisation)}
    clock.turn(organisation, "2027-01-07")
    assert clock.day("2026-11-22") not in {one.created_on for one in clock.waiting(organisation)}


def test_without_a_mail_server_nothing_is_tried(settings: Settings) -> None:
    """The desk shows everything anyway."""
    organisation = make_organisation(settings.data_dir.parent, replace(settings, mail=None))
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-23")
    assert deliver(organisation.parts, lambda _: None) == {}


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_the_next_set_time_is_eight_or_one_by_the_wall_clock(now: datetime) -> None:
    """Never skipped and never in between, also where the clocks change."""
    batch = telling.after(now, clock.STOCKHOLM)
    local = batch.astimezone(clock.STOCKHOLM)
    assert (local.hour, local.minute, local.second) in {(8, 0, 0), (13, 0, 0)}
    assert timedelta(0) < batch - now <= timedelta(hours=20)
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour < batch:
        assert hour.astimezone(clock.STOCKHOLM).hour not in {8, 13}
        hour += timedelta(hours=1)


def test_all_notices_of_one_time_share_one_moment_and_two_persons_do_not(
    organisation: Organisation,
) -> None:
    """Drawn by chance within 45 minutes of the set time."""
    moments = set()
    for day in range(23, 28):
        clock.go_to(organisation, f"2026-11-{day}", "10:00")
        with organisation.parts.database.writing() as session:
            for person in ADDRESSES:
                for due in (20, 21):
                    telling.tell(
                        session, organisation.parts, person, due_on=clock.day(f"2026-12-{due}")
                    )
        batch = telling.next_batch(organisation.parts)
        mine = [
            one
            for one in clock.waiting(organisation)
            if one.send_after >= batch.replace(tzinfo=None)
        ]
        assert len(mine) == 6
        assert len({(one.person_id, one.send_after) for one in mine}) == 3
        late = {(one.send_after.replace(tzinfo=UTC) - batch).total_seconds() for one in mine}
        assert all(0 <= one < 45 * 60 for one in late)
        moments |= late
    assert len(moments) > 10


def test_a_notice_of_an_old_day_waits_no_longer_than_the_next_time(
    organisation: Organisation,
) -> None:
    """A machine that was off sends one mail for all of it."""
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        clock.go_to(organisation, day)
        with organisation.parts.database.writing() as session:
            telling.tell(session, organisation.parts, "anna", due_on=clock.day("2026-12-20"))
    clock.go_to(organisation, "2026-11-26")
    assert clock.deliver(organisation) == {"sent": 1}


def test_the_rows_of_notices_name_no_case(organisation: Organisation) -> None:
    """Neither by id nor by number."""
    filed = acts.file(organisation)
    case = clock.row(organisation, filed)
    clock.turn(organisation)
    with organisation.parts.database.writing() as session:
        session.execute(update(Notice).values(fault="server"))
    for one in clock.waiting(organisation):
        said = json.dumps({c.name: str(getattr(one, c.name)) for c in Notice.__table__.columns})
        assert case.id.hex() not in said
        assert str(case.number) not in said
