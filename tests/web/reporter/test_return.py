"""Coming back without scripts: the code in, the thread out, a message in; nothing kept."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import acts
from tests.acts import Filed
from tests.js.node import STATIC
from tests.organisation import Organisation
from tests.web.reporter.pages import HOME, code_on, form_of, press, send
from whistle.crypto.age import PrivateKey
from whistle.crypto.receipt import Receipt
from whistle.errors import CaseError
from whistle.services.reporting import unscripted
from whistle.storage.tables import Entry, EntrySeal
from whistle.web.reporter.acts import NOT_NOW


@pytest.fixture
def filed(organisation: Organisation) -> Filed:
    """A report that a browser with scripts sealed."""
    return acts.file(organisation, what="The exit is <locked>.")


def come_back(client: FlaskClient, code: str, language: str = "en") -> Any:
    """Give the code on the return page."""
    form = form_of(client.get(f"/{language}/return"), "return-form")
    form.fields["code"] = code
    return press(client, form)


def entries(organisation: Organisation, filed: Filed) -> list[dict[str, Any]]:
    """The thread as its reporter reads it."""
    return list(unscripted.look(organisation.parts, str(filed.receipt)).entries)


def by(
    organisation: Organisation,
    filed: Filed,
    kind: str,
    content: dict[str, Any],
    **adds: Any,
) -> None:
    """Let Anna write an entry."""
    case = acts.case_id(organisation, filed)
    seq, entry = acts.by_handler(organisation, "anna", case, kind, content=content, adds=adds)
    acts.write(organisation, "anna", case, kind, seq, entry, **adds)


def test_the_page_says_exactly_what_the_server_sees(client: FlaskClient) -> None:
    """Before the code is given, and again while it is here."""
    page = client.get("/en/return").text
    assert "Our server therefore gets your code for this visit." in page
    assert "It sees the whole conversation, and it holds the key that signs" in page


@pytest.mark.parametrize("spoil", [str, str.lower, lambda code: code.replace("-", " ")])
def test_the_code_opens_the_report_however_it_is_written(
    client: FlaskClient, filed: Filed, spoil: Any
) -> None:
    """The thread, the dates, who wrote; the page is not stored and sets no cookie."""
    page = come_back(client, spoil(str(filed.receipt)))
    assert page.status_code == 200
    assert "The exit is &lt;locked&gt;." in page.text
    assert "By 29 November 2026 we confirm that we have it." in page.text
    assert "No person has written to you yet." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_a_mistyped_code_is_told_and_kept(client: FlaskClient) -> None:
    """So that it can be compared with the note."""
    page = come_back(client, "ABCDE-12345")
    assert page.status_code == 422
    assert "The code is not right. Compare each group of five with your note." in page.text
    assert form_of(page, "return-form").fields["code"] == "ABCDE-12345"


def test_an_empty_code_is_asked_for(client: FlaskClient) -> None:
    """Nothing was typed, so nothing is wrong with it."""
    page = come_back(client, " ")
    assert page.status_code == 422
    assert "Write your code" in page.text
    assert "is not right. Compare each group" not in page.text.split("<template")[0]


def test_unknown_and_erased_have_one_answer(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """The same bytes but for the code itself, and what to think if it was never sent."""
    unknown = str(Receipt.generate())
    page = come_back(client, unknown)
    assert page.status_code == 404
    assert "If you closed the page before it said Sent, nothing was sent." in page.text
    with organisation.parts.database.writing() as session:
        row = acts.case_row(session, filed)
        row.mailbox_id = bytes(32)
    erased = come_back(client, str(filed.receipt))
    assert erased.status_code == 404
    assert erased.text.replace(str(filed.receipt), unknown) == page.text


def test_what_handlers_write_is_shown_with_name_role_and_day(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """Acknowledgement, question, feedback in two parts with the next date."""
    by(organisation, filed, "acknowledgement", {"text": "We have it. https://x.example"})
    by(
        organisation,
        filed,
        "feedback",
        {"measures": "We opened the exit.", "reasons": "It is the law."},
        final=False,
        next_on="2027-01-15",
    )
    page = come_back(client, str(filed.receipt)).text
    assert "<strong>Anna Lind, Case handler, lawyer</strong>" in page
    assert "We have it. https://x.example" in page
    assert 'href="https://x.example' not in page
    assert "We opened the exit." in page
    assert "It is the law." in page
    assert page.count("By 15 January 2027 you hear from us again.") == 2
    assert "We confirmed on 22 November 2026 that we have it." in page
    assert "No person has written to you yet." not in page


def test_a_message_is_added_once(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """Pressed twice, it stands there once; the page says it was sent."""
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    form.fields["message"] = "One thing\r\nmore"
    once, twice = press(client, form, write="yes"), press(client, form, write="yes")
    for page in (once, twice):
        assert page.status_code == 200
        assert "Your message has been sent." in page.text
        assert form_of(page, "write-form").fields["message"] == ""
    texts = [one["body"].get("text") for one in entries(organisation, filed)]
    assert texts.count("One thing\nmore") == 1
    assert entries(organisation, filed)[-1]["made"] == "server"


def test_what_came_in_between_is_shown_with_the_message(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """Marked as new, and the message is still sent."""
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    by(organisation, filed, "message", {"text": "When did it begin?"})
    form.fields["message"] = "In May"
    page = press(client, form, write="yes")
    assert "New entries came first." in page.text
    assert page.text.index("When did it begin?") < page.text.index("In May")
    assert page.text.count("<strong>New</strong>") == 2


def test_an_earlier_wording_that_arrived_is_shown_before_the_new_one_is_sent(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """The person decides whether it has to be said twice."""
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    form.fields["message"] = "In Ma"
    press(client, form, write="yes")
    form.fields["message"] = "In May"
    page = press(client, form, write="yes")
    assert "An earlier message of yours had arrived." in page.text
    assert form_of(page, "write-form").fields["message"] == "In May"
    assert entries(organisation, filed)[-1]["body"]["text"] == "In Ma"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(" \n", "Write your message first"), ("x" * 20_001, "The text is 20,001 characters.")],
)
def test_a_bad_message_is_kept_and_not_sent(
    client: FlaskClient, organisation: Organisation, filed: Filed, text: str, sentence: str
) -> None:
    """With the sentence that says what to do."""
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    form.fields["message"] = text
    page = press(client, form, write="yes")
    assert page.status_code == 422
    assert sentence in page.text
    assert form_of(page, "write-form").fields["message"] == text
    assert len(entries(organisation, filed)) == 2


def test_another_language_keeps_the_message_and_the_code(client: FlaskClient, filed: Filed) -> None:
    """On the opened report, and on the page that asks for the code."""
    opened = form_of(come_back(client, str(filed.receipt)), "write-form")
    opened.fields["message"] = "Half a sen"
    page = press(client, opened, "/sv/return", language="sv")
    assert "Din rapport" in page.text
    assert form_of(page, "write-form").fields["message"] == "Half a sen"
    asked = form_of(client.get("/en/return"), "return-form")
    asked.fields["code"] = "ABC"
    again = press(client, asked, "/sv/return", language="sv")
    assert form_of(again, "return-form").fields["code"] == "ABC"


def test_a_late_answer_is_told_with_the_way_outside(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """A missed confirmation opens nothing: no word of publishing."""
    organisation.move(30)
    page = come_back(client, str(filed.receipt)).text
    assert "We have not answered by the date we gave you" in page
    assert "/en/other-ways" in page
    assert "To make the information public" not in page


def test_missed_feedback_is_told_in_the_terms_of_the_act(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """What 4:7 and 4:9 say, and never that one may publish now."""
    organisation.move(200)
    page = come_back(client, str(filed.receipt)).text
    assert "We missed the last date that the law sets" in page
    assert "Act (2021:890), chapter 4, section 7." in page
    assert "Act (2021:890), chapter 4, section 9." in page
    assert "is not enough for protection when information is made public" in page
    assert "you may now publish" not in page.lower()


def test_a_thread_that_does_not_verify_shows_what_was_verified(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """And says what is wrong, and takes no message."""
    by(organisation, filed, "acknowledgement", {"text": "We have it."})
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        last = session.scalars(
            select(Entry.id).where(Entry.case_id == case.id, Entry.seq == 3)
        ).one()
        seal = session.get_one(EntrySeal, last)
        seal.sealed = acts.any_entry(PrivateKey.generate())
    page = come_back(client, str(filed.receipt)).text
    assert "Something is wrong with this thread" in page
    assert "An entry is encrypted to another key than that of this case." in page
    assert "The exit is &lt;locked&gt;." in page
    assert "We have it." not in page
    assert 'name="message"' not in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_another_site_cannot_ask_with_a_code(
    client: FlaskClient, filed: Filed, headers: dict[str, str]
) -> None:
    """Neither to open nor to write."""
    for path in ("/en/return", "/en/case"):
        page = client.post(path, data={"code": str(filed.receipt)}, headers=headers)
        assert page.status_code == 403
        assert "locked" not in page.text


def test_the_opened_report_has_no_address_of_its_own(client: FlaskClient) -> None:
    """A bookmark leads to the page that asks for the code."""
    page = client.get("/en/case")
    assert (page.status_code, page.location) == (303, "/en/return")


def test_a_report_sent_without_scripts_is_read_without_scripts(client: FlaskClient) -> None:
    """And its entry says for ever that the server sealed it."""
    code = code_on(send(client, what="x"))
    page = come_back(client, code)
    assert "Encrypted by our server, which saw the text in that moment." in page.text


def test_an_odd_number_of_what_was_seen_breaks_nothing(client: FlaskClient, filed: Filed) -> None:
    """It only tells what is new."""
    for seen in ("", "-1", "9" * 30, "²", "x"):
        sent = {"code": str(filed.receipt), "seen": seen, "message": f"m{seen}", "write": "yes"}
        page = client.post("/en/case", data=sent, headers=HOME)
        assert page.status_code == 200


def test_what_can_no_longer_be_done_is_told_below_what_has_happened(
    client: FlaskClient, organisation: Organisation, filed: Filed
) -> None:
    """The confirmation came while the page was open on which none was wanted."""
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    by(organisation, filed, "acknowledgement", {"text": "We have it."})
    page = press(client, form, write="waive")
    assert page.status_code == 409
    assert "That can no longer be done. What has happened is shown above" in problem_on(page)
    assert "We have it." in page.text


def test_another_refusal_is_not_said_to_be_shown_above(
    client: FlaskClient, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when our clock is behind the case: nothing stands above, and the text is kept."""

    def refuse(*_: object) -> None:
        raise CaseError("out_of_order")

    monkeypatch.setattr(unscripted, "write_message", refuse)
    form = form_of(come_back(client, str(filed.receipt)), "write-form")
    form.fields["message"] = "In May"
    page = press(client, form, write="yes")
    assert page.status_code == 409
    told = problem_on(page)
    assert "The server did not accept it. Nothing was sent. Your text is still here" in told
    assert "shown above" not in told
    assert form_of(page, "write-form").fields["message"] == "In May"


def problem_on(page: Any) -> str:
    """The summary of what is wrong, without the sentences that only scripts use."""
    _, _, summary = page.text.partition('class="summary-of-errors"')
    return str(summary.partition("</ul>")[0])


def test_both_ways_know_the_same_reasons() -> None:
    """For which an act is refused that the opened report shows."""
    script = (STATIC / "js/reporter/mailbox.js").read_text("utf-8")
    (listed,) = re.findall(r"NOT_NOW = new Set\(\[(.*?)\]\)", script, re.DOTALL)
    assert set(re.findall(r'"(\w+)"', listed)) == NOT_NOW
