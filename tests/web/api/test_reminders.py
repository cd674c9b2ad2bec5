"""A handler chooses the language of the reminders: mails and the calendar."""

from dataclasses import replace

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.crypto.encoding import b64u_decode
from whistle.services.handling.feed import make_feed, read_feed
from whistle.services.upkeep.mailing import deliver


def test_mails_and_the_calendar_come_in_the_language_that_was_chosen(settings: Settings) -> None:
    """For whoever chose it, and for nobody else."""
    settings = replace(settings, mail=clock.OFFICE_MAIL)
    organisation = make_organisation(settings.data_dir.parent, settings)
    clock.set_mail(organisation, anna="anna@example.org", bo="bo@example.org")
    anna = acts.sign_in(organisation, "anna")
    assert anna.ask("GET", "/reminders").get_json() == {"language": "en"}
    assert anna.ask("PUT", "/reminders", json={"language": "sv"}).status_code == 204
    assert anna.ask("GET", "/reminders").get_json() == {"language": "sv"}
    acts.file(organisation)
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-23")
    said: dict[str, str] = {}
    deliver(organisation.parts, lambda mail: said.update({str(mail["To"]): mail.get_content()}))
    assert "En uppgift i Forms" in said["anna@example.org"]
    assert "A task in Forms" in said["bo@example.org"]
    calendars = {}
    for one in ("anna", "bo"):
        token = make_feed(organisation.parts, acts.handler(organisation, one))
        calendars[one] = read_feed(organisation.parts, b64u_decode(token)).decode()
    assert "En uppgift i Forms" in calendars["anna"]
    assert "A task in Forms" in calendars["bo"]


def test_a_language_that_the_organisation_has_not_is_refused(organisation: Organisation) -> None:
    """And nothing changes."""
    anna = acts.sign_in(organisation, "anna")
    for language in ("fi", "", 3, None):
        answer = anna.ask("PUT", "/reminders", json={"language": language})
        assert (answer.status_code, answer.get_json()["error"]) == (422, "language")
    assert anna.ask("GET", "/reminders").get_json() == {"language": "en"}
