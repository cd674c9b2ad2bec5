"""The first pages say who reads, what to do, and what this does and does not protect."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.organisation import make_organisation
from whistle.config import OtherWays, Settings
from whistle.crypto.age import PrivateKey
from whistle.crypto.keyring_file import Holder, Recovery


def words_of(client: FlaskClient, path: str) -> str:
    """The text of a page as a person reads it."""
    plain = re.sub(r"<[^>]+>", " ", client.get(path).text)
    return re.sub(r"\s+", " ", html.unescape(plain))


def test_the_start_page_names_who_reads(client: FlaskClient) -> None:
    """A person decides by the names whom to trust."""
    text = words_of(client, "/en/")
    for words in ("Anna Lind", "Carin Dahl", "Deputy", "Example Works", "eight words"):
        assert words in text


@pytest.mark.parametrize("path", ["/before", "/return", "/other-ways"])
def test_the_start_page_leads_to_the_three_actions(client: FlaskClient, path: str) -> None:
    """Send, return, other ways."""
    assert f'href="/sv{path}"' in client.get("/sv/").text


def test_the_start_page_says_when_an_answer_comes(client: FlaskClient) -> None:
    """Both time limits of the law, in days and months."""
    text = words_of(client, "/en/")
    assert "Within 7 days" in text
    assert "Within 3 months" in text


def test_without_readers_the_start_page_points_elsewhere(tmp_path: Path) -> None:
    """A channel nobody reads must not look open."""
    app = make_organisation(tmp_path, people=()).app
    assert "No one is appointed yet." in app.test_client().get("/en/").text


def test_the_interruption_page_can_be_passed_with_one_button(client: FlaskClient) -> None:
    """It warns, then leads on to the form."""
    assert 'href="/en/report"' in client.get("/en/before").text


@pytest.mark.parametrize(
    "limit",
    ["could show you another page", "scripts turned off", "left out", "hold back", "proves that"],
)
def test_the_limits_are_said_on_the_page(client: FlaskClient, limit: str) -> None:
    """What does not protect is on the same page as what does."""
    assert limit in words_of(client, "/en/about")


@pytest.mark.parametrize(
    "words",
    ["010-000 00 00", "Box 1", "Arbetsmiljöverket", "OLAF", "22 November 2026", "meddelarfrihet"],
)
def test_invariant_34_the_other_ways_are_whole_and_dated(client: FlaskClient, words: str) -> None:
    """The organisation's own ways, the authorities with their date, and the media."""
    assert words in words_of(client, "/en/other-ways")


def test_another_country_is_not_told_swedish_law(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """Its own authorities are not known here, so only those of the Union are listed."""
    channels = (replace(settings.channels[0], law="EU", country="DK", keep_months=24),)
    client = make_app(replace(settings, channels=channels)).test_client()
    for path in ("/en/other-ways", "/en/privacy"):
        text = words_of(client, path)
        for words in ("Arbetsmiljöverket", "meddelarfrihet", "Integritetsskyddsmyndigheten"):
            assert words not in text
    assert "OLAF" in words_of(client, "/en/other-ways")


def test_a_way_is_told_in_the_language_of_the_page(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """Where the organisation has written it in each; a number is the same in all."""
    meeting = {"en": "Ask for one", "sv": "Be om ett"}
    ways = OtherWays(telephone="010-000 00 00", meeting=meeting)
    client = make_app(replace(settings, other_ways=ways)).test_client()
    for language, said in meeting.items():
        text = words_of(client, f"/{language}/other-ways")
        assert "010-000 00 00" in text
        assert [one for one in meeting.values() if one in text] == [said]


def test_ways_that_are_not_offered_are_not_shown(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """No heading over nothing."""
    app = make_app(replace(settings, other_ways=OtherWays()))
    assert "Other ways to us" not in app.test_client().get("/en/other-ways").text


@pytest.mark.parametrize("language", ["en", "sv"])
def test_titles_are_neutral(client: FlaskClient, language: str) -> None:
    """A title ends in the site's name and never tells what the page is for."""
    for page in ("/", "/before", "/about", "/privacy", "/other-ways", "/off"):
        (title,) = re.findall("<title>(.*)</title>", client.get(f"/{language}{page}").text)
        assert not re.search(r"report|rapport|whistle|anonym", title, re.IGNORECASE)


def test_a_recovery_key_is_told(tmp_path: Path) -> None:
    """How many must join is said with the readers, and nothing where there is no such key."""
    recovery = Recovery(
        PrivateKey.from_seed(bytes(32)).public_key,
        2,
        tuple(Holder(one, one.title()) for one in ("eva", "gun", "per")),
    )
    told = make_organisation(tmp_path / "with", recovery=recovery).app.test_client()
    assert "2 of its 3 holders must join" in words_of(told, "/en/")
    silent = make_organisation(tmp_path / "without").app.test_client()
    assert "recovery key" not in words_of(silent, "/en/")


def test_two_years_are_said_only_where_the_law_says_so(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """The Directive names no figure; the Swedish Act does."""
    swedish = settings.channels[0]
    other = replace(swedish, law="EU", country="DK", keep_months=24)
    for channel, said in ((swedish, True), (other, False)):
        client = make_app(replace(settings, channels=(channel,))).test_client()
        text = words_of(client, "/en/privacy")
        assert ("two years" in text) is said
        assert ("names no number of years" in text) is not said


@pytest.mark.parametrize(
    "kept",
    ["asked for a meeting", "whom you left out", "as a code", "sign in", "part of the day", "row"],
)
def test_what_is_kept_is_said(client: FlaskClient, kept: str) -> None:
    """The list of what is stored is whole, and traces are called so."""
    assert kept in words_of(client, "/en/privacy")
