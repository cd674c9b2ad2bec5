"""Every route stands behind its door, and the reporter's leave no trace in the browser."""

import re
import sqlite3
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.organisation import Organisation
from whistle.errors import ConfigError
from whistle.web import guards

KEY_IN_ADDRESS = {"desk_api.calendar": "calendar programs send no cookie; the token is the key"}
"""Open routes under a closed door's name, each with the reason."""

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    """Every route of the application."""
    return list(app.url_map.iter_rules())


def address(rule: Rule) -> str:
    """A route's address with made-up values in its places."""
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<int:\w+>", "1", path)
    return re.sub(r"<[^>]+>", "AAAAAAAAAAAAAAAAAAAAAA", path)


def content(organisation: Organisation) -> str:
    """Everything that stands in the organisation's database, as text."""
    file = organisation.parts.settings.data_dir / "whistle.sqlite"
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump())


def door_name(app: Flask, rule: Rule) -> str:
    """The door that a route's view declared."""
    entered = guards.door_of(app.view_functions[rule.endpoint])
    assert entered is not None
    return entered.name


def test_addresses_are_made_of_rules() -> None:
    """Language, numbers and names get a value."""
    assert address(Rule("/<any(en, sv):language>/a/<int:n>/<name>")) == (
        "/en/a/1/AAAAAAAAAAAAAAAAAAAAAA"
    )


def test_every_route_has_a_door(app: Flask, rules: list[Rule]) -> None:
    """A forgotten one would be open to anybody."""
    assert [
        rule.rule for rule in rules if not guards.door_of(app.view_functions[rule.endpoint])
    ] == []


def test_a_route_that_comes_late_is_refused(app: Flask) -> None:
    """Also one that is added after the check at the start."""
    app.add_url_rule("/late", "late", lambda: "in")
    with pytest.raises(ConfigError, match="late"):
        guards.install(app, lambda: None)
    assert app.test_client().get("/late").status_code == 404


def test_pages_live_under_the_name_of_their_door(app: Flask, rules: list[Rule]) -> None:
    """What is under /desk or /office is never open to all."""
    for rule in rules:
        parts = rule.rule.split("/")
        if {"desk", "office"} & set(parts) and rule.endpoint not in KEY_IN_ADDRESS:
            assert door_name(app, rule) in {"sign_in", "desk", "office"}, rule.rule


def test_open_routes_set_no_cookie(app: Flask, rules: list[Rule]) -> None:
    """Asked in every way, with and without content, a reporter's browser gets nothing to keep."""
    client = app.test_client()
    for rule in rules:
        if door_name(app, rule) not in {"public", "reporter"}:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            for sent in ({}, {"data": {"receipt": "x"}}, {"data": b"x"}):
                response = client.open(address(rule), method=method, **sent)
                assert response.status_code < 500, f"{method} {rule.rule}"
                assert "Set-Cookie" not in response.headers, f"{method} {rule.rule}"
                assert "Cookie" not in response.headers.get("Vary", ""), f"{method} {rule.rule}"


def test_changes_of_other_sites_are_refused(app: Flask, rules: list[Rule]) -> None:
    """At every one of the reporter's routes that takes something in."""
    client = app.test_client()
    for rule in rules:
        for method in sorted((rule.methods or set()) & UNSAFE):
            if door_name(app, rule) == "reporter":
                response = client.open(
                    address(rule), method=method, headers={"Sec-Fetch-Site": "cross-site"}
                )
                assert response.status_code == 403, f"{method} {rule.rule}"


def test_the_desk_is_closed_to_strangers(app: Flask, rules: list[Rule]) -> None:
    """Signed out, no page and no JSON of the desk is given, by any method."""
    client = app.test_client()
    for rule in rules:
        if door_name(app, rule) not in {"desk", "office"}:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            response = client.open(address(rule), method=method)
            assert response.status_code in {303, 400, 401, 404}, f"{method} {rule.rule}"


def test_asking_changes_nothing(organisation: Organisation, rules: list[Rule]) -> None:
    """A GET leaves every open route's database as it was, also with fields in the address."""
    client = organisation.app.test_client()
    before = content(organisation)
    for rule in rules:
        if rule.methods and "GET" in rule.methods:
            client.get(address(rule))
            client.get(address(rule), query_string={"receipt": "x", "what": "x", "text": "x"})
    assert content(organisation) == before


def test_the_desk_never_takes_a_change_where_it_answers_get(app: Flask, rules: list[Rule]) -> None:
    """One view reads or changes: its CSRF check then covers it whole."""
    both = [
        rule.rule
        for rule in rules
        if door_name(app, rule) in {"desk", "office"}
        and rule.methods
        and "GET" in rule.methods
        and rule.methods & UNSAFE
    ]
    assert both == []


def test_every_link_of_a_page_leads_somewhere(
    app: Flask, rules: list[Rule], client: FlaskClient
) -> None:
    """No page links to what is not built."""
    adapter = app.url_map.bind("localhost")
    for rule in rules:
        if not rule.methods or "GET" not in rule.methods or door_name(app, rule) != "reporter":
            continue
        text = client.get(address(rule)).text
        for link in re.findall(r'(?:href|action|formaction)="(/[^"#?]*)', text):
            assert adapter.test(link, "GET") or adapter.test(link, "POST"), f"{rule.rule}: {link}"
