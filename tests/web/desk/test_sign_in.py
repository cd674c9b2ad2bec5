"""The desk's document: what it says to whom, its cookie, its token, and that no word is missing."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.acts import SITE, Desk, at_the_door, sign_in
from tests.organisation import Organisation
from whistle.case.events import NoFeedback, Outcome
from whistle.case.states import Phase
from whistle.crypto.heads import SYSTEM_KINDS
from whistle.law import ChipState, Clock
from whistle.web.desk import codes, ready
from whistle.web.reporter.answers import TOPICS

SCRIPTS = sorted((Path(__file__).parents[3] / "whistle/web/static/js/desk").glob("*.js"))
SAYS = re.compile(r"""\bsay\(\s*(?:\w+ \? )?"([a-z][\w.-]*)"(?: : "([a-z][\w.-]*)")?""")
SAID = re.compile(r'data-say="([^"]+)"')
SAMPLES = {"en": "Sign in to the desk", "sv": "Logga in som handläggare"}
OWED = (Clock.ACKNOWLEDGE, Clock.FEEDBACK, Clock.NEXT_FEEDBACK, Clock.MEETING)


@pytest.fixture
def browser(organisation: Organisation) -> FlaskClient:
    """A browser that keeps cookies."""
    return organisation.app.test_client()


@pytest.fixture
def said(client: FlaskClient) -> set[str]:
    """The code of every sentence in the document."""
    return set(SAID.findall(client.get("/en/desk").text))


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_document_speaks_the_language_of_its_address(
    client: FlaskClient, language: str
) -> None:
    """And the address without a language leads to one."""
    assert SAMPLES[language] in client.get(f"/{language}/desk").text
    assert client.get("/desk").location == "/en/desk"


def test_the_document_is_the_same_for_everybody(organisation: Organisation) -> None:
    """Who is signed in shows nowhere in it, and nothing of a case stands there."""
    outside = at_the_door(organisation).client.get("/en/desk", base_url=SITE).text
    inside = sign_in(organisation, "anna").client.get("/en/desk", base_url=SITE).text
    without_token = [re.sub(r'data-token="[^"]+"', "", page) for page in (outside, inside)]
    assert without_token[0] == without_token[1]


def test_without_scripts_it_says_why_and_how(client: FlaskClient) -> None:
    """What a browser without scripts shows is whole, and every form and view is hidden."""
    page = client.get("/en/desk").text
    shown = page.split("<noscript>")[1].split("</noscript>")[0]
    assert "only your browser can open them" in shown
    assert "Turn on JavaScript for this site" in shown
    assert re.findall(r"<section[^>]*data-view(?![^>]*hidden)", page) == []


@pytest.mark.parametrize("base_url", ["http://localhost:8000", "https://desk.example"])
def test_the_cookie_stays_on_this_host_and_out_of_scripts(
    browser: FlaskClient, base_url: str
) -> None:
    """Prefix, Secure, HttpOnly and SameSite, on https and on this machine's own http alike."""
    header = browser.get("/en/desk", base_url=base_url).headers["Set-Cookie"]
    name, *attributes = header.split("; ")
    assert name.startswith("__Host-desk=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def _asks_to_come_in(browser: FlaskClient, token: str) -> tuple[int, str]:
    """Try a sign-in with this CSRF token: status and code of the answer."""
    wrong = {"person": "anna", "code": "000000"}
    answer = Desk(browser, token).ask("POST", "/sign-in", json=wrong)
    assert answer.json is not None
    return answer.status_code, answer.json["error"]


def _token(answer: TestResponse) -> str:
    assert answer.json is not None
    return str(answer.json["token"])


def test_a_page_whose_cookie_is_gone_gets_both_anew(browser: FlaskClient) -> None:
    """Cookie and token come together, and with them signing in is heard again."""
    old = _token(browser.get("/api/v1/desk/token", base_url=SITE))
    browser.delete_cookie("__Host-desk")
    assert _asks_to_come_in(browser, old) == (400, "csrf")
    fresh = browser.get("/api/v1/desk/token", base_url=SITE)
    assert "__Host-desk=" in fresh.headers["Set-Cookie"]
    assert fresh.headers["Cache-Control"] == "no-store"
    assert _asks_to_come_in(browser, _token(fresh)) == (401, "sign_in")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}]
)
def test_no_other_site_gets_a_token(browser: FlaskClient, headers: dict[str, str]) -> None:
    """Neither the token nor a cookie, and no word that would let a script read the answer."""
    given = browser.get("/api/v1/desk/token", base_url=SITE, headers=headers)
    assert given.status_code == 403
    assert "token" not in (given.json or {})
    assert "Set-Cookie" not in given.headers
    assert not [name for name, _ in given.headers if name.startswith("Access-Control")]


def test_the_cookie_holds_no_name(organisation: Organisation) -> None:
    """Signed in or not, only random tokens are in it."""
    desk = sign_in(organisation, "anna")
    with desk.client.session_transaction(base_url=SITE) as kept:
        assert set(kept) == {"csrf_token", "sign_in"}
        assert "anna" not in str(dict(kept))


@pytest.mark.parametrize("base_url", ["http://localhost:8000", "https://desk.example"])
def test_what_changes_something_needs_the_token_of_the_page(
    browser: FlaskClient, base_url: str
) -> None:
    """Over http and over https, where Flask-WTF also wants the referrer of our own pages."""
    page = browser.get("/en/desk", base_url=base_url).text
    token = page.split('data-token="')[1].split('"')[0]
    sent = {"json": {"person": "anna", "code": "000000"}, "base_url": base_url}
    referrer = {"Referer": f"{base_url}/en/desk"}
    path = "/api/v1/desk/sign-in"
    refused = browser.post(path, headers=referrer, **sent)
    assert (refused.status_code, (refused.json or {})["error"]) == (400, "csrf")
    taken = browser.post(path, headers={**referrer, "X-CSRFToken": token}, **sent)
    assert (taken.status_code, (taken.json or {})["error"]) == (401, "sign_in")


def test_a_token_from_another_site_is_refused_over_https(browser: FlaskClient) -> None:
    """Somebody else's page that got hold of a token still has the wrong referrer."""
    base_url = "https://desk.example"
    page = browser.get("/en/desk", base_url=base_url).text
    token = page.split('data-token="')[1].split('"')[0]
    refused = browser.post(
        "/api/v1/desk/sign-in",
        json={"person": "anna", "code": "000000"},
        base_url=base_url,
        headers={"X-CSRFToken": token, "Referer": "https://elsewhere.example/"},
    )
    assert refused.status_code == 400


def test_signing_out_ends_the_session_on_the_server(organisation: Organisation) -> None:
    """A cookie that was copied before is worth nothing afterwards."""
    desk = sign_in(organisation, "anna")
    copied = desk.client.get_cookie("__Host-desk", domain="localhost")
    assert copied is not None
    assert desk.ask("DELETE", "/session").status_code == 204
    desk.client.set_cookie("__Host-desk", copied.value, domain="localhost", secure=True)
    assert desk.ask("GET", "/cases").status_code == 401


def test_every_sentence_that_a_script_names_is_in_the_document(said: set[str]) -> None:
    """A code without its sentence would be shown as a code."""
    named = {
        code
        for file in SCRIPTS
        for pair in SAYS.findall(file.read_text(encoding="utf-8"))
        for code in pair
        if code
    }
    assert len(named) > 20
    with_forms = {code.rpartition(".")[0] for code in said if code.endswith(".other")}
    assert named - said - with_forms == set()


def test_every_field_that_must_be_filled_in_has_its_sentence(client: FlaskClient) -> None:
    """The code stands at the field, the sentence among the words."""
    page = client.get("/en/desk").text
    assert set(re.findall(r'data-needed="([^"]+)"', page)) <= set(SAID.findall(page))


@pytest.mark.parametrize("clock", OWED)
@pytest.mark.parametrize("state", list(ChipState))
def test_every_chip_has_words(said: set[str], clock: Clock, state: ChipState) -> None:
    """Each clock in each state that it can be in."""
    never = {(Clock.NEXT_FEEDBACK, "missed"), (Clock.MEETING, "missed")}
    never |= {(Clock.NEXT_FEEDBACK, "none"), (Clock.MEETING, "none")}
    code = f"chip.{clock}.{state}"
    if (clock, state.value) not in never:
        assert code in said or {f"{code}.one", f"{code}.other"} <= said


def test_every_code_of_a_case_has_words(said: set[str]) -> None:
    """Phases, outcomes, reasons and topics: the lists below are the ones that decide."""
    assert {f"state.{phase}" for phase in Phase if phase is not Phase.ERASED} <= said
    assert {code for code, _ in codes.OUTCOMES} == set(Outcome)
    assert {code for code, _ in codes.REASONS} == set(NoFeedback)
    assert {f"line.{kind}" for kind in SYSTEM_KINDS} <= said
    words = {code: label for code, label in codes.TOPICS if code != "unknown"}
    assert words == {code: label for code, label in TOPICS.items() if code != "unknown"}


def test_ready_texts_are_there_in_every_language_with_the_same_places() -> None:
    """A date that is named in one language is named in all."""
    for snippet in ready.snippets():
        assert [code for code, _ in snippet.texts] == ["en", "sv"]
        places = [re.findall(r"\{\w+\}", text) for _, text in snippet.texts]
        assert places[0] == places[1]
        assert snippet.texts[0][1] != snippet.texts[1][1]


def test_stock_phrases_are_plain_and_each_stands_once() -> None:
    """Small letters only: the comparison knows no capitals."""
    assert list(ready.STOCK_PHRASES) == [phrase.lower() for phrase in ready.STOCK_PHRASES]
    assert len(set(ready.STOCK_PHRASES)) == len(ready.STOCK_PHRASES)


def test_no_script_of_the_desk_writes_html_or_keeps_text() -> None:
    """Text goes in as text, and nothing but the keyring's serial and hash is kept."""
    for file in SCRIPTS:
        text = file.read_text(encoding="utf-8")
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "sessionStorage"):
            assert forbidden not in text, file.name
        assert "setItem" not in text or file.name == "keyring.js"
