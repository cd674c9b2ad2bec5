"""One case at the desk in a real browser: read, write, and what must not be written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.acts import act, by_reporter, case_id, case_row, file, handler
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.serving import Site
from whistle.crypto.age import seal
from whistle.services.handling.writing import put_desk_key
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.storage.tables import Access

Look = Callable[..., Page]
WAIT = timedelta(minutes=16)


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


@pytest.fixture
def at_desk(look: Look, own: Site) -> AtDesk:
    """A handler's browser on that site."""
    return AtDesk(look(), own)


def test_a_case_is_opened_and_verified(at_desk: AtDesk) -> None:
    """The answers stand under their questions, the facts beside, and all of it is said to hold."""
    case = at_desk.start(what="The exit is locked.\n<b>Since Monday</b>")
    assert at_desk.page.url.endswith(f"#/case/{case}")
    report = at_desk.entries().first
    expect(report).to_contain_text("What happened?")
    expect(report).to_contain_text("<b>Since Monday</b>")
    expect(report).to_contain_text("Safety at work or of products")
    expect(at_desk.entries().nth(1)).to_contain_text("The report was received on 22 November 2026.")
    expect(at_desk.page.locator("[data-part='verified']")).to_contain_text("2 entries, verified")
    expect(at_desk.page.locator("[data-part='readers']")).to_contain_text("Anna Lind (you)")
    assert at_desk.page.title().split()[0] == "Case"
    assert case not in at_desk.page.title()


def test_an_address_with_a_number_opens_that_case_after_the_sign_in(at_desk: AtDesk) -> None:
    """And one with a number that is not there says so."""
    case = at_desk.filed()
    at_desk.sign_in(place=f"#/case/{case}")
    at_desk.case_is_open(case)
    at_desk.page.goto(at_desk.page.url.split("#")[0] + "#/case/NO-SUCH")
    expect(at_desk.view("missing").get_by_role("heading")).to_be_focused()


def test_a_server_that_shows_the_case_to_an_excluded_handler_opens_nothing(at_desk: AtDesk) -> None:
    """The keys keep them out, not only the list: a row in the table is not enough."""
    filed = file(at_desk.organisation, what="About Bo himself.", left_out=["bo"])
    today = at_desk.organisation.now.date()
    with at_desk.organisation.parts.database.writing() as session:
        case = case_row(session, filed).id
        session.add(
            Access(case_id=case, handler_id="bo", role="handler", from_on=today, until_on=None)
        )
    at_desk.sign_in("bo")
    at_desk.page.get_by_role("link", name=number(at_desk.organisation, filed)).click()
    fault = at_desk.view("case").locator("[data-part='fault']")
    expect(fault).to_contain_text("Your key does not open this case.")
    assert "About Bo" not in at_desk.page.content()
    expect(at_desk.page.locator("[data-part='opened']")).to_be_hidden()


def test_acknowledging_stops_the_first_clock(at_desk: AtDesk) -> None:
    """The ready text names the date as it stands afterwards; the button is gone then."""
    at_desk.start()
    at_desk.page.get_by_role("button", name="Acknowledge").click()
    expect(at_desk.page.locator("#write-heading")).to_be_focused()
    text = at_desk.page.locator("#acknowledgement").input_value()
    assert "By 22 February 2027 we tell you" in text
    expect(at_desk.form("acknowledgement")).to_contain_text("It cannot be undone.")
    at_desk.send("acknowledgement")
    at_desk.told("The first clock has stopped")
    clocks = at_desk.page.locator("[data-part='clocks']")
    expect(clocks).to_contain_text("Acknowledged in time")
    expect(clocks).to_contain_text("By 22 February 2027")
    expect(at_desk.page.get_by_role("button", name="Acknowledge", exact=True)).to_have_count(0)
    expect(at_desk.entries().last).to_contain_text("By 22 February 2027 we tell you")


def test_feedback_that_says_nothing_is_refused(at_desk: AtDesk) -> None:
    """Measures and reasons, each with content, and final or a date: nothing leaves before."""
    at_desk.start()
    at_desk.choose("feedback")
    sent: list[str] = []
    at_desk.page.on("request", lambda one: sent.append(one.method))
    at_desk.send("feedback", measures="We are working on it.", reasons="")
    faults = at_desk.page.locator(".summary-of-errors").get_by_role("link").all_inner_texts()
    assert faults == [
        "Name at least one measure. That work goes on is no feedback by law",
        "Write why, even if it is only one sentence",
        "Choose whether the follow-up is finished",
    ]
    at_desk.page.get_by_label("No, this is interim feedback").check()
    at_desk.send(
        "feedback",
        measures="The lock has been taken off the door.",
        reasons="An exit must open from inside at any time.",
        next_on="2026-11-22",
    )
    expect(at_desk.page.locator(".summary-of-errors")).to_contain_text("a date after today")
    assert sent == []


def test_interim_feedback_starts_the_promised_clock(at_desk: AtDesk) -> None:
    """The clock of the law stops, and the date that was promised stands beside it."""
    at_desk.start()
    at_desk.choose("feedback")
    at_desk.page.get_by_label("No, this is interim feedback").check()
    at_desk.send(
        "feedback",
        measures="The lock has been taken off the door.",
        reasons="An exit must open from inside at any time.",
        next_on="2027-01-15",
    )
    at_desk.told("The feedback is sent")
    expect(at_desk.entries().last).to_contain_text("Interim feedback, the next by 15 January 2027")
    clocks = at_desk.page.locator("[data-part='clocks']")
    expect(clocks).to_contain_text("Next feedback")
    expect(clocks).to_contain_text("By 15 January 2027")


def test_a_date_too_far_away_is_refused_in_words(at_desk: AtDesk) -> None:
    """At the field, with the last day, before anything is sent; the text is still there."""
    at_desk.start()
    at_desk.choose("feedback")
    at_desk.page.get_by_label("No, this is interim feedback").check()
    sent: list[str] = []
    at_desk.page.on("request", lambda one: sent.append(one.method))
    at_desk.send(
        "feedback",
        measures="The lock has been taken off the door.",
        reasons="An exit must open from inside at any time.",
        next_on="9999-12-31",
    )
    said = "Choose a date no later than 22 February 2027"
    expect(at_desk.page.locator(".summary-of-errors")).to_contain_text(said)
    expect(at_desk.page.locator("#next_on-error")).to_contain_text(said)
    expect(at_desk.page.locator("#next_on")).to_have_attribute("aria-invalid", "true")
    expect(at_desk.page.locator("#next_on-hint")).to_have_text("No later than 22 February 2027.")
    assert sent == []
    assert "The lock" in at_desk.page.locator("#measures").input_value()
    at_desk.send("feedback", next_on="2027-02-22")
    at_desk.told("The feedback is sent")


def test_a_date_that_the_server_refuses_is_told_at_its_field(at_desk: AtDesk) -> None:
    """The page was loaded yesterday: its last day is not the server's any more."""
    at_desk.start()
    at_desk.choose("feedback")
    at_desk.page.get_by_label("No, this is interim feedback").check()
    refused = {"error": "next_on_too_far", "message": "-"}
    at_desk.page.route("**/entries", lambda route: route.fulfill(status=409, json=refused))
    at_desk.send(
        "feedback",
        measures="The lock has been taken off the door.",
        reasons="An exit must open from inside at any time.",
        next_on="2027-02-22",
    )
    expect(at_desk.page.locator("#next_on-error")).to_contain_text("no later than")


def test_closing_says_what_can_be_undone(at_desk: AtDesk) -> None:
    """A closed case can be reopened, so nothing says that it cannot."""
    at_desk.start()
    form = at_desk.form("closing")
    expect(form).to_contain_text("can be opened again")
    expect(form).not_to_contain_text("It cannot be undone")


def test_closing_without_feedback_needs_a_recorded_reason(at_desk: AtDesk) -> None:
    """And before the acknowledgement it is not offered at all."""
    at_desk.start()
    expect(at_desk.page.locator("#kind-closing")).to_be_hidden()
    expect(at_desk.page.get_by_text("can be closed once receipt")).to_be_visible()
    at_desk.choose("acknowledgement")
    at_desk.send("acknowledgement")
    at_desk.told("The first clock has stopped")
    at_desk.choose("closing")
    at_desk.page.locator("#outcome").select_option("out_of_scope")
    at_desk.send("closing", grounds="It is a matter of wages.", closing_text="Ask your union.")
    expect(at_desk.page.locator(".summary-of-errors")).to_contain_text("no final feedback")
    expect(at_desk.page.locator("#outcome-error")).to_contain_text("First send")
    at_desk.choose("out_of_scope")
    at_desk.send("out_of_scope", out_of_scope="It is about wages. Turn to your union.")
    at_desk.choose("closing")
    at_desk.page.locator("#outcome").select_option("out_of_scope")
    at_desk.page.locator("#reason").select_option("out_of_scope")
    at_desk.send("closing", grounds="It is a matter of wages.", closing_text="Ask your union.")
    at_desk.told("The case is closed")
    expect(at_desk.entries().last).to_contain_text("Closing: Not a matter for this channel")
    expect(at_desk.page.locator("#kind-closing")).to_be_hidden()
    expect(at_desk.form("message")).to_be_visible()


def test_a_closed_case_can_be_reopened_with_a_promised_date(at_desk: AtDesk) -> None:
    """Final feedback is owed anew; the date that was promised stands as a clock."""
    filed = file(at_desk.organisation)
    case = case_id(at_desk.organisation, filed)
    act(at_desk.organisation, "bo", case, "acknowledgement")
    act(at_desk.organisation, "bo", case, "feedback", adds={"final": True, "next_on": None})
    act(at_desk.organisation, "bo", case, "closing", adds={"outcome": "partly"})
    at_desk.sign_in()
    at_desk.page.locator("[data-shown='closed']").click()
    at_desk.open_case(number(at_desk.organisation, filed))
    at_desk.choose("reopening")
    at_desk.send("reopening", reopening="A second witness has come forward.")
    expect(at_desk.page.locator(".summary-of-errors")).to_contain_text("next feedback")
    at_desk.send("reopening", reopen_on="2027-01-15")
    at_desk.told("The case is open again")
    expect(at_desk.page.locator("[data-part='clocks']")).to_contain_text("By 15 January 2027")
    expect(at_desk.page.locator("#kind-feedback")).to_be_visible()


def test_a_meeting_that_was_asked_for_is_offered(at_desk: AtDesk) -> None:
    """It has a clock of its own while the reporter waits, and the offer stops it."""
    filed = file(at_desk.organisation)
    parts, token = at_desk.organisation.parts, filed.receipt.mailbox_token
    mailbox = read_mailbox(parts, token)
    sealed = by_reporter(at_desk.organisation, filed, "Can we meet?", mailbox, "meeting")
    append_entry(parts, token, seq=3, kind="meeting", sealed=sealed)
    at_desk.sign_in()
    at_desk.open_case(number(at_desk.organisation, filed))
    expect(at_desk.entries().last).to_contain_text("Asks for a meeting")
    at_desk.page.get_by_role("button", name="Offer a time").click()
    at_desk.page.locator("#meeting_offer-snippet").select_option("0")
    at_desk.form("meeting_offer").locator("[data-act='insert']").click()
    at_desk.send("meeting_offer")
    at_desk.told("The offer is sent")
    expect(at_desk.page.locator("[data-part='clocks']")).to_contain_text("Meeting offered")
    expect(at_desk.page.locator("#kind-meeting_offer")).to_be_hidden()


def test_notes_are_shared_by_the_handlers_and_by_nobody_else(look: Look, own: Site) -> None:
    """The first note makes the handlers' key; a colleague reads it and writes the next."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    anna.send("note", note="Bo knows the hall.")
    anna.told("The note is added", "note")
    bo.sign_in("bo")
    bo.open_case(case)
    notes = bo.page.locator("[data-part='notes'] > .entry")
    expect(notes).to_have_count(1)
    expect(notes.first).to_contain_text("Anna Lind")
    bo.send("note", note="I go there on Monday.")
    bo.told("The note is added", "note")
    expect(notes).to_have_count(2)
    expect(notes.last).to_be_focused()
    expect(bo.entries()).to_have_count(2)


def test_a_key_for_notes_that_was_only_half_made_is_made_anew(at_desk: AtDesk) -> None:
    """A browser that died between the key and its first entry does not lock the notes for ever."""
    organisation = at_desk.organisation
    filed = file(organisation)
    keys = [person.private_key.public_key for person in organisation.people.values()]
    half = seal(b"AGE-SECRET-KEY-PQ-1NOBODY\n", keys)
    put_desk_key(
        organisation.parts, handler(organisation, "bo"), case_id(organisation, filed), half
    )
    at_desk.sign_in()
    at_desk.open_case(number(organisation, filed))
    at_desk.send("note", note="The first note after all.")
    at_desk.told("The note is added", "note")
    expect(at_desk.page.locator("[data-part='notes'] > .entry")).to_have_count(1)


def test_a_message_is_sent_after_what_came_in_between(look: Look, own: Site) -> None:
    """What is new is shown, the message is sealed again, nothing stands there twice."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    bo.sign_in("bo")
    bo.open_case(case)
    bo.send("message", message="A first question.")
    bo.told("The message is sent")
    anna.send("message", message="A second question.")
    anna.told("Your message was sent after it")
    texts = [text for text in anna.entries().all_inner_texts() if "question" in text]
    assert ["first" in texts[0], "second" in texts[1], len(texts)] == [True, True, 2]


def test_an_act_waits_when_something_came_in_between(look: Look, own: Site) -> None:
    """An acknowledgement is not sent by itself: what is new takes the focus, then one may press."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    anna.choose("acknowledgement")
    bo.sign_in("bo")
    bo.open_case(case)
    bo.send("message", message="A first question.")
    bo.told("The message is sent")
    anna.send("acknowledgement")
    anna.told("press again if you still want to send")
    expect(anna.entries().last).to_contain_text("A first question.")
    expect(anna.entries().last).to_be_focused()
    anna.send("acknowledgement")
    anna.told("The first clock has stopped")


def test_a_text_in_another_language_is_warned_of_once(at_desk: AtDesk) -> None:
    """The reporter chose English; a second press sends it all the same."""
    at_desk.start()
    text = "Vi har sett att det inte är som du skriver. Vad var det som hände?"
    at_desk.send("message", message=text)
    at_desk.told("does not look like English")
    assert at_desk.entries().count() == 2
    at_desk.send("message")
    at_desk.told("The message is sent")


def test_a_case_that_does_not_hold_together_says_so(at_desk: AtDesk) -> None:
    """An entry that was taken out shows at once, and nothing can be written on top of it."""
    filed = file(at_desk.organisation)
    case = case_id(at_desk.organisation, filed)
    for _ in range(2):
        act(at_desk.organisation, "bo", case, "message")
    with at_desk.organisation.parts.database.writing() as session:
        connection = session.connection().exec_driver_sql
        connection("DELETE FROM entry_seals WHERE entry_id IN (SELECT id FROM entries WHERE seq=3)")
        connection("DELETE FROM entries WHERE seq = 3")
    at_desk.sign_in()
    at_desk.open_case(number(at_desk.organisation, filed))
    fault = at_desk.view("case").locator("[data-part='fault']")
    expect(fault).to_contain_text("This case is not whole")
    expect(fault).to_contain_text("An entry is missing after number 3.")
    expect(at_desk.entries()).to_have_count(2)
    expect(at_desk.page.locator("[data-part='write']")).to_be_hidden()
    expect(at_desk.page.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_a_line_stands_between_all_answers_of_a_report(at_desk: AtDesk) -> None:
    """None above the first and none below the last; and a case number is never broken in two."""
    at_desk.start()
    lines = (
        at_desk.entries()
        .first.locator(".answers > div")
        .evaluate_all(
            "all => all.map(one => getComputedStyle(one)).map("
            "style => [style.borderBlockStartWidth, style.borderBlockEndWidth])"
        )
    )
    assert len(lines) > 2
    assert lines == [["0px", "1px"]] * (len(lines) - 1) + [["0px", "0px"]]
    link = at_desk.page.locator("template[data-template='task']").evaluate(
        "one => { const shown = document.querySelector('main').appendChild("
        "one.content.firstElementChild.cloneNode(true));"
        " return getComputedStyle(shown.querySelector('[data-part=case]')).whiteSpace; }"
    )
    assert link == "nowrap"
