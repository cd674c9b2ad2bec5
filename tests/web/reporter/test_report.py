"""The report form without scripts: checked, shown again, sealed by the server, once."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from tests import acts
from tests.organisation import CHEAP_LOG_N, Organisation, make_organisation, make_settings
from tests.web.reporter.pages import HOME, code_on, fill, form_of, press, send
from whistle.config import Channel
from whistle.crypto.encoding import b64u
from whistle.services.operating.ceremony import Appointed, enrol
from whistle.services.reporting import unscripted
from whistle.storage.tables import Case
from whistle.web.reporter.answers import TEXT_MAX

EMPTY = "Write what happened, even if it is only one sentence"
TOLD = {
    "what": "Paid twice.\nEvery <month> & year.",
    "when_where": "Lund",
    "ongoing": "yes",
    "topic": "finance",
    "how_known": "Saw it",
    "named": "yes",
    "name": "Åsa",
    "contact": "070",
    "meeting": "yes",
}


def cases(organisation: Organisation) -> int:
    """How many cases there are."""
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def first(organisation: Organisation, code: str) -> dict[str, Any]:
    """The report's entry as its reporter reads it."""
    return unscripted.look(organisation.parts, code).entries[0]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_form_names_who_would_read(client: FlaskClient, language: str) -> None:
    """Every person of the signed keyring, with role, to leave out."""
    page = client.get(f"/{language}/report")
    assert page.status_code == 200
    for name in ("Anna Lind", "Bo Ek", "Carin Dahl", "Deputy, external auditor"):
        assert name in page.text
    assert "Set-Cookie" not in page.headers


def test_the_page_is_packed_only_when_it_holds_nothing_of_anybody(client: FlaskClient) -> None:
    """The empty form is; a form that came back with a text is not."""
    asked = {"Accept-Encoding": "gzip"}
    assert client.get("/en/report", headers=asked).content_encoding == "gzip"
    assert client.get("/en/return", headers=asked).content_encoding == "gzip"
    assert client.get("/en/report").content_encoding is None
    posted = client.post("/en/report", data={"what": ""}, headers=HOME | asked)
    assert posted.content_encoding is None


def test_an_empty_form_comes_back_with_one_sentence_twice(client: FlaskClient) -> None:
    """In the summary and at the field, and "Error:" starts the title."""
    page = fill(client)
    assert page.status_code == 422
    assert page.text.count(EMPTY) == 3  # the third is the script's
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"what": " \r\n "}, EMPTY),
        ({"what": "x" * (TEXT_MAX + 1)}, "The text is 20,009 characters"),
        ({"ongoing": "perhaps"}, "Choose one answer."),
        ({"topic": "<script>"}, "Choose one answer."),
        ({"answer_in": "xx"}, "Choose one answer."),
        ({"left_out": ["bo", "nobody"]}, "The persons who read reports have changed."),
        ({"left_out": ["anna", "bo", "carin"]}, "Nobody would be left to read the report."),
        ({"named": "yes", "name": "  "}, "Write your name or how we can reach you"),
    ],
)
def test_bad_input_keeps_all_that_was_typed(
    client: FlaskClient, organisation: Organisation, wrong: dict[str, Any], sentence: str
) -> None:
    """The sentence that says what to do, the rest as it was, and nothing sent."""
    answers = {"what": "Åska & <b>", "when_where": "I går", "how_known": "Såg"} | wrong
    page = fill(client, **answers)
    assert page.status_code == 422
    assert sentence in page.text.split("data-facts")[0]
    again = form_of(page, "report-form").fields
    assert again["what"] == answers["what"].replace("\r\n", "\n")
    assert (again["when_where"], again["how_known"]) == ("I går", "Såg")
    kept = [one for one in answers.get("left_out", []) if one != "nobody"]
    assert again.getlist("left_out") == kept
    assert cases(organisation) == 0


def test_the_check_page_shows_every_answer_and_has_sent_nothing(
    client: FlaskClient, organisation: Organisation
) -> None:
    """Also what was not answered, who reads, and who does not."""
    page = fill(client, **TOLD, left_out=["bo"])
    assert page.status_code == 200
    for shown in (
        "Paid twice.\nEvery &lt;month&gt; &amp; year.",
        "Accounts, money and taxes",
        "Anna Lind, Carin Dahl",
        "Åsa\n070",
        "I want to meet somebody",
        "Nothing has been sent yet.",
    ):
        assert shown in page.text
    assert cases(organisation) == 0


def test_change_brings_everything_back_and_keeps_the_code(client: FlaskClient) -> None:
    """The same answers, the same code on the check page that follows."""
    checked = fill(client, **TOLD, left_out=["bo"])
    form = press(client, form_of(checked, "send-form"), "/en/report", change="step-what")
    again = form_of(form, "report-form")
    for name, value in TOLD.items():
        assert again.fields[name] == value
    assert again.fields.getlist("left_out") == ["bo"]
    assert code_on(press(client, again)) == code_on(checked)


def test_another_language_loses_nothing(client: FlaskClient) -> None:
    """On the form, on the check page and on the page after sending."""
    form = form_of(client.get("/en/report"), "report-form")
    for name, value in TOLD.items():
        form.fields[name] = value
    swedish = form_of(press(client, form, "/sv/report", language="sv"), "report-form")
    assert {name: swedish.fields[name] for name in TOLD} == TOLD
    checked = press(client, swedish)
    english = press(client, form_of(checked, "send-form"), "/en/report", language="en")
    assert "Check your answers" in english.text
    assert code_on(english) == code_on(checked)
    sent = press(client, form_of(english, "send-form"))
    back = press(client, form_of(sent, "confirm-form"), "/sv/report/send", language="sv")
    assert back.status_code == 200
    assert "Din rapport har kommit fram." in back.text
    assert code_on(back) == code_on(checked)


def test_a_report_is_sealed_to_whom_was_not_left_out(
    client: FlaskClient, organisation: Organisation
) -> None:
    """The dates in words, the code again, and every answer inside."""
    page = send(client, **TOLD, left_out=["bo"])
    assert page.status_code == 200
    assert "By 29 November 2026 we confirm that we have it." in page.text
    assert "By 28 February 2027 we tell you what has been done, and why." in page.text
    entry = first(organisation, code_on(page))
    assert entry["made"] == "server"
    assert entry["head"]["left_out"] == ["bo"]
    assert entry["body"] == {
        "language": "en",
        "answers": {
            "what": TOLD["what"],
            "when_where": "Lund",
            "ongoing": "yes",
            "topic": "finance",
            "how_known": "Saw it",
        },
        "reporter": {"name": "Åsa", "contact": "070"},
        "wishes": {"meeting": True},
    }


def test_without_the_wish_to_be_named_no_name_is_sealed(
    client: FlaskClient, organisation: Organisation
) -> None:
    """A name that was typed first and then not wanted stays out."""
    page = send(client, **TOLD | {"named": "no"})
    assert first(organisation, code_on(page))["body"]["reporter"] is None


def test_a_second_press_is_the_same_report(client: FlaskClient, organisation: Organisation) -> None:
    """The same page again, one case."""
    form = form_of(fill(client, **TOLD), "send-form")
    once, twice = press(client, form), press(client, form)
    assert once.status_code == twice.status_code == 200
    assert code_on(once) == code_on(twice)
    assert cases(organisation) == 1


def test_changes_after_sending_are_not_sent_and_that_is_said(
    client: FlaskClient, organisation: Organisation
) -> None:
    """What was sent stays; the way to add is named."""
    form = form_of(fill(client, **TOLD), "send-form")
    press(client, form)
    form.fields["what"] = "Something else"
    page = press(client, form)
    assert "This report has already been sent. Your changes were not sent." in page.text
    assert first(organisation, code_on(page))["body"]["answers"]["what"] == TOLD["what"]
    assert cases(organisation) == 1


def test_one_reader_must_be_agreed_to(client: FlaskClient, organisation: Organisation) -> None:
    """By name, on the check page; without the tick nothing is sent."""
    checked = fill(client, what="x", left_out=["bo", "carin"])
    assert "One person will read this" in checked.text
    form = form_of(checked, "send-form")
    refused = press(client, form)
    assert refused.status_code == 422
    assert "Tick that one person may read this" in refused.text
    assert cases(organisation) == 0
    assert code_on(refused) == code_on(checked)
    assert press(client, form, one_reader="yes").status_code == 200


def test_new_readers_between_check_and_sending_are_shown_first(
    client: FlaskClient, organisation: Organisation
) -> None:
    """Nobody reads who was not on the list that the reporter saw."""
    form = form_of(fill(client, what="x"), "send-form")
    form.fields["seen"] = "anna bo"
    page = press(client, form)
    assert page.status_code == 422
    assert "The persons who read reports have changed." in page.text
    assert cases(organisation) == 0


def test_a_code_that_is_lost_on_the_way_is_made_anew_and_shown(
    client: FlaskClient, organisation: Organisation
) -> None:
    """Nothing is sent under a code that nobody has seen."""
    form = form_of(fill(client, what="x"), "send-form")
    for spoiled in ("", "abc", "1" * 25):
        form.fields["code"] = spoiled
        page = press(client, form)
        assert page.status_code == 422
        assert "The code did not come along." in page.text
    assert cases(organisation) == 0


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"saved": "yes"}, 200, "The code is saved"),
        ({"again": "{code}"}, 200, "The code is saved"),
        ({}, 422, "Tick that you have saved the code, or type it"),
        ({"again": "abc"}, 422, "The code is not right."),
        ({"again": "{other}"}, 422, "This is the code of another report."),
        ({"again": "abc", "saved": "yes"}, 422, "or empty the field"),
        ({"again": "{other}", "saved": "yes"}, 422, "or empty the field"),
    ],
)
def test_the_code_is_confirmed_by_a_tick_or_by_typing(
    client: FlaskClient, form: dict[str, str], status: int, said: str
) -> None:
    """Typed leniently; wrong is told, and the page keeps the code."""
    code = code_on(send(client, what="x"))
    typed = {"code": code.replace("-", " ").lower(), "other": unscripted.new_code()}
    confirm = {name: value.format(**typed) for name, value in form.items()} | {"code": code}
    page = client.post("/en/report/sent", data=confirm, headers=HOME)
    assert page.status_code == status
    assert said in page.text
    assert code in page.text


def test_a_waiver_counts_only_where_the_law_knows_it(tmp_path: Any) -> None:
    """Sweden's Act does, the Directive does not: then it is not even asked."""
    settings = make_settings(tmp_path)
    channels = (Channel(id="main", name="Example Works", law="EU", keep_months=24),)
    union = make_organisation(tmp_path, replace_channels(settings, channels)).app.test_client()
    assert 'name="waive_ack"' not in union.get("/en/report").text


def replace_channels(settings: Any, channels: tuple[Channel, ...]) -> Any:
    """The same settings with other channels."""
    return type(settings)(**{**vars(settings), "channels": channels})


def test_a_waived_confirmation_is_not_promised(client: FlaskClient) -> None:
    """The answer with measures and reasons still is."""
    page = send(client, what="x", waive_ack="yes")
    assert "You asked us not to confirm, so we do not." in page.text
    assert "By 28 February 2027 we tell you" in page.text
    assert 'name="waive_ack"' in client.get("/en/report").text


def test_several_channels_are_chosen_first(tmp_path: Any) -> None:
    """Each with its own readers; an unknown one is asked again."""
    settings = make_settings(tmp_path)
    channels = (*settings.channels, Channel(id="other", name="Other Works"))
    several = make_organisation(tmp_path, replace_channels(settings, channels)).app.test_client()
    page = several.get("/en/report")
    assert "Which organisation is it about?" in page.text
    assert "/en/report?channel=other" in page.text
    assert 'id="report-form"' not in page.text
    assert 'id="report-form"' in several.get("/en/report?channel=main").text
    assert 'id="report-form"' not in several.get("/en/report?channel=none").text


def test_an_old_keyring_is_told_and_a_too_old_one_closes_the_form(
    organisation: Organisation, client: FlaskClient
) -> None:
    """Expired: reports are still taken. Sixty days later: other ways."""
    checked = form_of(fill(client, what="x"), "send-form")
    organisation.move(301)
    assert "The list of persons is out of date" in client.get("/en/report").text
    organisation.move(61)
    closed = client.get("/en/report")
    assert "The form is closed" in closed.text
    assert 'id="report-form"' not in closed.text
    refused = press(client, checked)
    assert refused.status_code in {422, 503}
    assert cases(organisation) == 0


def test_a_coming_keyring_is_announced_by_name(
    organisation: Organisation, client: FlaskClient
) -> None:
    """Who is added, until the day it takes effect."""
    dan = enrol(Appointed("dan", "Dan Ny", "Lawyer", {"main": "handler"}), log_n=CHEAP_LOG_N)
    keys = {"age": str(dan.private_key.public_key), "sign": b64u(dan.signing_key.public)}

    def add(content: dict[str, Any]) -> None:
        content["handlers"][2] |= {"name": "Carin Dahl-Ek"}
        fresh = content["handlers"][0] | {"id": "dan", "person": "dan", "name": "Dan Ny"}
        content["handlers"].append(fresh | keys | {"from": content["issued_on"]})

    acts.publish_keyring(organisation, change=add)
    page = client.get("/en/report").text
    assert "A new list takes effect on 29 November 2026." in page
    assert "New: Dan Ny" in page
    assert "New keys: Carin Dahl-Ek" in page
    assert "Dan Ny</label>" not in page
    organisation.move(7)
    page = client.get("/en/report").text
    assert "A new list takes effect on" not in page.split("data-with-scripts")[0]
    assert "Dan Ny</label>" in page


@pytest.mark.parametrize("path", ["/report", "/report/send", "/report/sent", "/report/file"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused(
    client: FlaskClient, organisation: Organisation, path: str, headers: dict[str, str]
) -> None:
    """With a clear page, and nothing is done."""
    page = client.post(f"/en{path}", data={"what": "x"}, headers=headers)
    assert page.status_code == 403
    assert "This is not allowed" in page.text
    assert cases(organisation) == 0


@pytest.mark.parametrize("path", ["/report/send", "/report/sent", "/report/file"])
def test_a_bookmark_of_a_later_page_leads_to_the_form(client: FlaskClient, path: str) -> None:
    """There is nothing to show without the form that leads there."""
    page = client.get(f"/en{path}")
    assert (page.status_code, page.location) == (303, "/en/report")


@pytest.mark.parametrize("path", ["/report", "/report/send", "/report/sent", "/return", "/case"])
def test_nothing_that_is_posted_breaks_a_page(client: FlaskClient, path: str) -> None:
    """Empty, doubled, of odd signs, too large, not a form at all."""
    odd = "\x00\ud800\uffff🙂".encode("utf-8", "surrogatepass")
    bodies: list[dict[str, Any]] = [
        {"data": {}},
        {"data": MultiDict([("what", "a"), ("what", "b"), ("left_out", ""), ("code", "%%")])},
        {"data": b"what=" + odd, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"%ff%fe=%ff&code=%ff", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"--x", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"", "content_type": "multipart/form-data"},
        {"data": {"what": "x" * 5_000_000}},
    ]
    for body in bodies:
        page = client.post(f"/en{path}", headers=HOME, **body)
        assert page.status_code in {200, 303, 404, 413, 422}, (body, page.status_code)
        assert "Set-Cookie" not in page.headers
