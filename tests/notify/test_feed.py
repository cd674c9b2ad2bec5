"""A handler's calendar: read as any calendar program reads it, and told nothing by it."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.crypto.encoding import b64u_decode
from whistle.errors import NotFoundError
from whistle.notify.feed import Dated, calendar
from whistle.services.handling.feed import drop_feed, make_feed, read_feed


def _events(written: bytes) -> list[icalendar.Component]:
    return icalendar.Calendar.from_ical(written).walk("VEVENT")


def _get(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address.removeprefix(acts.SITE), base_url=acts.SITE)


def _made(organisation: Organisation, handler_id: str) -> str:
    """The address of a handler's new calendar."""
    answer = acts.sign_in(organisation, handler_id).ask("POST", "/feed")
    assert answer.status_code == 201
    return str(answer.get_json()["address"])


def test_a_calendar_has_whole_days_and_one_neutral_title() -> None:
    """The stamp is the day itself: when it was fetched is in no byte."""
    days = [Dated("a" * 32, date(2026, 11, 29)), Dated("b" * 32, date(2027, 2, 28))]
    written = calendar(days, site="Forms", language="en")
    assert written == calendar(days, site="Forms", language="en")
    assert [
        (str(one["uid"]), str(one["summary"]), one.decoded("dtstart"), one.decoded("dtstamp"))
        for one in _events(written)
    ] == [
        ("a" * 32, "A task in Forms", date(2026, 11, 29), datetime(2026, 11, 29, tzinfo=UTC)),
        ("b" * 32, "A task in Forms", date(2027, 2, 28), datetime(2027, 2, 28, tzinfo=UTC)),
    ]
    assert "A task" not in calendar(days, site="Forms", language="sv").decode()


def test_an_empty_calendar_is_a_calendar() -> None:
    """Nothing is due."""
    assert _events(calendar([], site="Forms", language="en")) == []


def test_the_feed_has_what_is_due_in_the_cases_that_its_holder_sees(
    organisation: Organisation,
) -> None:
    """Not a case that leaves her out, nor one that she was not called in to; answered: gone."""
    acts.file(organisation, left_out=["anna"])
    filed = acts.file(organisation)
    organisation.move(1)
    later = acts.file(organisation)
    tokens = {
        one: b64u_decode(make_feed(organisation.parts, acts.handler(organisation, one)))
        for one in ("anna", "bo", "carin")
    }

    def days(handler_id: str) -> list[str]:
        events = _events(read_feed(organisation.parts, tokens[handler_id]))
        return [one.decoded("dtstart").isoformat() for one in events]

    feedback = ["2027-02-28", "2027-02-28"]
    assert days("anna") == ["2026-11-29", "2026-11-30", *feedback]
    assert days("bo") == ["2026-11-29", "2026-11-29", "2026-11-30", "2027-02-28", *feedback]
    assert days("carin") == []
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, later)
    clock.acknowledge(organisation, later)
    assert days("anna") == ["2027-02-23"]
    clock.turn(organisation, "2026-11-28", "07:00")
    assert days("carin") == ["2026-11-29", "2027-02-28"]


def test_each_clock_of_a_case_has_a_day_of_its_own(organisation: Organisation) -> None:
    """To acknowledge, feedback, the promised next one, a meeting; what is done is gone."""
    filed = acts.file(organisation)
    token = b64u_decode(make_feed(organisation.parts, acts.handler(organisation, "anna")))

    def days() -> list[str]:
        events = _events(read_feed(organisation.parts, token))
        assert len({str(one["uid"]) for one in events}) == len(events)
        return [one.decoded("dtstart").isoformat() for one in events]

    assert days() == ["2026-11-29", "2027-02-28"]
    clock.by_reporter(organisation, filed, "meeting")
    assert days() == ["2026-11-29", "2026-11-29", "2027-02-28"]
    clock.acknowledge(organisation, filed)
    assert days() == ["2026-11-29", "2027-02-22"]
    clock.give_feedback(organisation, filed, "2027-01-15")
    assert days() == ["2026-11-29", "2027-01-15"]
    acts.act(organisation, "anna", acts.case_id(organisation, filed), "meeting_offer")
    clock.give_feedback(organisation, filed)
    assert days() == []


def test_a_name_in_one_calendar_leads_to_no_case_and_no_other_calendar(
    organisation: Organisation,
) -> None:
    """It stays the same in its own, so that a program moves the entry and does not double it."""
    filed = acts.file(organisation)
    case = clock.row(organisation, filed)
    anna, bo = (acts.handler(organisation, one) for one in ("anna", "bo"))
    tokens = [b64u_decode(make_feed(organisation.parts, one)) for one in (anna, bo)]
    names = []
    for token in tokens:
        events = _events(read_feed(organisation.parts, token))
        again = _events(read_feed(organisation.parts, token))
        assert [one["uid"] for one in events] == [one["uid"] for one in again]
        names += [str(one["uid"]) for one in events]
    assert len(set(names)) == len(names) == 4
    for secret in (case.id.hex(), str(case.number), case.thread.hex()):
        assert secret not in read_feed(organisation.parts, tokens[0]).decode()


def test_an_address_works_until_it_is_taken_back_or_made_anew(organisation: Organisation) -> None:
    """Then it is as unknown as one that never was, byte for byte."""
    acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    first = _made(organisation, "anna")
    assert first.endswith(".ics")
    good = _get(client, first)
    assert (good.status_code, good.mimetype) == (200, "text/calendar")
    assert len(_events(good.data)) == 2
    organisation.now += timedelta(minutes=1)
    second = _made(organisation, "anna")
    never = first.replace(first.rsplit("/", 1)[1], f"{'A' * 43}.ics")
    wrong = [_get(client, one) for one in (first, never, first.replace(".ics", "x.ics"))]
    drop_feed(organisation.parts, acts.handler(organisation, "anna"))
    wrong.append(_get(client, second))
    assert {one.status_code for one in wrong} == {404}
    assert len({one.data for one in wrong}) == 1
    assert len({str(sorted(one.headers)) for one in wrong}) == 1


def test_it_ends_with_its_holders_key(organisation: Organisation) -> None:
    """Who has left reads no dates."""
    anna = acts.handler(organisation, "anna")
    token = b64u_decode(make_feed(organisation.parts, anna))
    assert read_feed(organisation.parts, token)
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(0))
    with pytest.raises(NotFoundError, match="unknown"):
        read_feed(organisation.parts, token)


def test_the_desk_tells_whether_there_is_one(organisation: Organisation) -> None:
    """Made, taken back."""
    desk = acts.sign_in(organisation, "anna")
    told = [desk.ask("GET", "/feed").get_json()]
    desk.ask("POST", "/feed")
    told.append(desk.ask("GET", "/feed").get_json())
    assert desk.ask("DELETE", "/feed").status_code == 204
    told.append(desk.ask("GET", "/feed").get_json())
    assert told == [{"made": False}, {"made": True}, {"made": False}]
