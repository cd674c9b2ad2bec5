"""The language stands in the address, is found without a cookie, and is changed by a link."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from whistle.config import Settings

PAGES = ("/", "/before", "/about", "/privacy", "/other-ways")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "en"),
        ("sv", "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("de,sv;q=0.5", "sv"),
        ("de", "en"),
        ("en-US,en;q=0.5", "en"),
        ("nonsense;;q=x", "en"),
    ],
)
@pytest.mark.parametrize("address", PAGES)
def test_an_address_without_language_goes_to_the_best_one(
    client: FlaskClient, address: str, asked: str | None, language: str
) -> None:
    """The browser's wish decides, then the organisation's first language; caches are told."""
    response = client.get(address, headers={"Accept-Language": asked} if asked else {})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/{language}{address}"
    assert "Accept-Language" in response.headers["Vary"]
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/nothing", "/de/", "/en/en/", "/en/xx"])
def test_only_addresses_that_exist_are_redirected(client: FlaskClient, path: str) -> None:
    """An unknown address is a plain 404."""
    response = client.get(path)
    assert response.status_code == 404


def test_no_address_leads_to_another_site(client: FlaskClient) -> None:
    """Two slashes in front would make the rest a host name in a careless redirect."""
    environ = {"PATH_INFO": "//example.org/before"}
    leads_to = client.get("/", environ_overrides=environ).headers.get("Location", "/")
    assert urlsplit(leads_to).netloc in {"", "localhost"}


def test_a_form_is_never_redirected(client: FlaskClient) -> None:
    """A redirect would lose what was written."""
    assert client.post("/leave").status_code == 404


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("language", "other"), [("en", "sv"), ("sv", "en")])
def test_each_page_links_to_itself_in_the_other_language(
    client: FlaskClient, address: str, language: str, other: str
) -> None:
    """The link is in its own language, and says so to a screen reader."""
    text = client.get(f"/{language}{address}").text
    assert f'<html lang="{language}">' in text
    (link,) = re.findall(rf'<a href="([^"]*)" lang="{other}" hreflang="{other}">', text)
    assert link == f"/{other}{address}"
    assert f'<span lang="{language}" aria-current="true">' in text


def test_a_language_that_is_not_offered_does_not_exist(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """An organisation with one language has no address for another."""
    client = make_app(replace(settings, languages=("sv",))).test_client()
    assert client.get("/en/").status_code == 404
    assert client.get("/", headers={"Accept-Language": "en"}).headers["Location"] == "/sv/"


def test_a_fault_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    """Who reads Swedish pages reads Swedish faults."""
    assert "Sidan finns inte" in client.get("/sv/nothing").text
    assert "The page does not exist" in client.get("/en/nothing").text
    assert "Sidan finns inte" in client.get("/x", headers={"Accept-Language": "sv"}).text
