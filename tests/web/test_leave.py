"""Leaving quickly: from every page, with or without scripts, and nothing is left behind."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from whistle.config import Settings


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_leaving_clears_and_goes_to_the_empty_page(
    client: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    """Whatever the browser says of itself, the person gets away."""
    response = client.open("/sv/leave", method=method, headers=headers)
    assert response.status_code == 303
    assert response.headers["Location"] == "/sv/leave?next=1"
    between = client.get(response.headers["Location"], headers=headers)
    assert between.headers["Refresh"] == "0;url=/sv/off"
    end = client.get("/sv/off")
    assert between.text == end.text
    for one in (response, between, end):
        assert one.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert one.headers["Cache-Control"] == "no-store"


def test_the_empty_page_is_empty(client: FlaskClient) -> None:
    """No name of the site, no link, no file: nothing to see over a shoulder."""
    response = client.get("/en/off")
    assert response.status_code == 200
    assert "Refresh" not in response.headers
    assert "Forms" not in response.text
    assert "Example" not in response.text
    for sign in ("href", "src", "<a", "<form"):
        assert sign not in response.text


def test_the_empty_page_goes_on_to_the_neutral_site(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """By a header of our own page: a form's redirect elsewhere would be blocked in silence."""
    app = make_app(replace(settings, leave_to="https://weather.example/"))
    assert app.test_client().get("/en/off").headers["Refresh"] == "0;url=https://weather.example/"


@pytest.mark.parametrize(
    "address", ["/", "/before", "/about", "/privacy", "/other-ways", "/nothing"]
)
def test_each_page_has_the_button_and_its_twin(client: FlaskClient, address: str) -> None:
    """Two forms of one button each, the hidden one before all links but the first."""
    text = client.get(f"/en{address}").text
    form = '<form class="{}" method="post" action="/en/leave"><button type="submit">'
    assert text.count(form.format("leave")) == 1
    assert text.count(form.format("twin")) == 1
    before_twin = text[: text.index('class="twin"')]
    assert before_twin.count("<a ") + before_twin.count("<button") == 1
