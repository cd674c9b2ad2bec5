"""After the mail server was away each person has one mail a day, with all that waited."""

from collections import Counter
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.notify.post_office import PostOffice
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services.upkeep import telling
from whistle.storage.tables import Mailed

ADDRESSES = {"anna": "anna@example.org"}


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


def test_after_an_outage_each_person_has_one_mail_a_day(
    organisation: Organisation, office: PostOffice
) -> None:
    """Days of notices, tried at different times: one mail, with what has passed named so."""
    office.answer = "451 later"
    for day in (23, 24, 25, 26):
        for at in ("07:00", "08:45", "10:00", "13:45", "20:00"):
            clock.go_to(organisation, f"2026-11-{day}", at)
            _tell_anna(organisation, f"2026-11-{day + 1}")
            clock.deliver(organisation)
    assert len({one.send_after for one in clock.waiting(organisation) if one.fault}) == 1
    office.answer = ""
    days: Counter[int] = Counter()
    for quarter in range(4 * 96):
        organisation.now += timedelta(minutes=15)
        sent = clock.deliver(organisation).get("sent", 0)
        days[quarter // 96] += sent
        if days == {0: 1}:  # what comes on that day waits with the rest
            _tell_anna(organisation, "2026-12-20")
    assert clock.waiting(organisation) == []
    assert [str(one.get_content()).split("\n")[0] for one in office.received] == [
        "A task in Forms was due on 24 November 2026.",
        "A task in Forms needs you by 20 December 2026.",
    ]
    first, second = (parsedate_to_datetime(str(one["Date"])).date() for one in office.received)
    assert first < second


def test_what_failed_goes_along_with_what_is_new(
    organisation: Organisation, office: PostOffice
) -> None:
    """And, where a mail went today, waits for tomorrow with it."""
    office.answer = "451 later"
    clock.go_to(organisation, "2026-11-23", "07:00")
    _tell_anna(organisation, "2026-12-24")
    clock.go_to(organisation, "2026-11-23", "08:45")
    assert clock.deliver(organisation) == {"server": 1}
    with organisation.parts.database.writing() as session:
        session.merge(Mailed(person_id="anna", on=clock.day("2026-11-23")))
    office.answer = ""
    clock.go_to(organisation, "2026-11-23", "12:00")
    _tell_anna(organisation, "2026-12-20")
    assert clock.deliver(organisation) == {}
    clock.go_to(organisation, "2026-11-23", "13:45")
    assert clock.deliver(organisation) == {}
    assert len({one.send_after for one in clock.waiting(organisation)}) == 1
    clock.go_to(organisation, "2026-11-24", "08:45")
    assert clock.deliver(organisation) == {"sent": 1}


def _tell_anna(organisation: Organisation, due_on: str) -> None:
    with organisation.parts.database.writing() as session:
        telling.tell(session, organisation.parts, "anna", due_on=clock.day(due_on))
