"""Every route, every role, and objects that are one's own, foreign or absent: one answer.

Routes and their roles are taken from the application, so a new one falls into these tests by
itself. A new kind of object in an address must be given to `tests/web/doors.py`, or they fail.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.counting import Counted, counting
from tests.web.doors import (
    ABSENT,
    BODIES,
    OFFICE_WIDE,
    PUBLIC_NAMES,
    Guest,
    World,
    addresses,
    build,
)

GUESTS = ("nobody", "reporter", "anna", "bo", "carin", "ivar", "olle", "pia")
"""Handler, handler who was left out, deputy who waits, investigator, officer, auditor."""

TO_ITSELF = re.compile(rb'<a href="[^"]*" lang="\w\w"')
"""A page's links to itself in other languages: they hold the address that was asked for."""

Seen = tuple[int, list[tuple[str, str]], bytes]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One world for all: what is refused changes nothing in it."""
    folder: Path = tmp_path_factory.mktemp("doors")
    return build(folder)


def seen(answer: TestResponse) -> Seen:
    """All that a browser gets."""
    return answer.status_code, list(answer.headers), answer.data


def routes(world: World) -> Iterator[tuple[Rule, str]]:
    """Every route that asks who somebody is, by each of its methods."""
    for rule in world.organisation.app.url_map.iter_rules():
        if world.door(rule).roles:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def objects(rule: Rule) -> set[str]:
    """The parts of an address that name an object of somebody's."""
    return set(rule.arguments) - {"language"} - set(PUBLIC_NAMES)


def asked(world: World, guest: Guest, rule: Rule, method: str, ids: Mapping[str, str]) -> Seen:
    """Ask for one address."""
    body = {**world.posted, **BODIES.get(rule.endpoint, {})}
    status, headers, data = seen(guest.ask(method, addresses(rule, ids), body))
    if ("Content-Type", "text/html; charset=utf-8") in headers:
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        data = TO_ITSELF.sub(b"", data)
    return status, headers, data


def looked(counted: Counted) -> list[str]:
    """What was asked of the database beside whose session it is."""
    return [
        one
        for one in counted.statements
        if not one.startswith("BEGIN") and "FROM sessions" not in one
    ]


def test_every_part_of_an_address_is_known(world: World) -> None:
    """A new kind of object says here what is foreign, or why nothing can be."""
    for rule, _ in routes(world):
        for name in objects(rule):
            assert name in world.own, f"{rule.rule}: give {name} to tests/web/doors.py"
            if name not in OFFICE_WIDE:
                assert name in world.foreign["olle"] or name in world.foreign["anna"], rule.rule


@pytest.mark.parametrize("name", GUESTS)
def test_whoever_may_not_in_cannot_tell_what_is_there(world: World, name: str) -> None:
    """No role for it: the same answer for what is there, what is not, and whoever asks so."""
    guest = world.guests[name]
    answers: dict[bool, set[str]] = {True: set(), False: set()}
    tried = 0
    for rule, method in routes(world):
        if guest.roles & world.door(rule).roles:
            continue
        there = asked(world, guest, rule, method, world.own)
        absent = dict.fromkeys(objects(rule), ABSENT)
        assert asked(world, guest, rule, method, {**world.own, **absent}) == there, rule.rule
        assert there[0] in ({404} if guest.roles else {303, 401}), f"{method} {rule.rule}"
        answers[rule.rule.startswith("/api/")].add(repr(there))
        tried += 1
    assert tried > 5
    assert all(len(kinds) <= 1 for kinds in answers.values()), answers


@pytest.mark.parametrize("name", [one for one in GUESTS if one not in {"nobody", "reporter"}])
def test_what_is_foreign_is_as_what_is_absent(world: World, name: str) -> None:
    """The role is right, the object is not: 404, the same bytes, headers and statements."""
    guest = world.guests[name]
    missing: set[str] = set()
    for rule, method in routes(world):
        if not guest.roles & world.door(rule).roles:
            continue
        for part in objects(rule) - set(OFFICE_WIDE):
            found = []
            for value in (world.foreign[name][part], ABSENT):
                with counting(world.organisation) as counted:
                    got = asked(world, guest, rule, method, {**world.own, part: value})
                found.append((got, counted))
            assert found[0][0] == found[1][0], f"{method} {rule.rule}"
            assert found[0][1] == found[1][1], f"{method} {rule.rule}"
            if found[0][0][0] == 422 and not looked(found[0][1]):
                continue  # the body was refused before anything was looked for: see BODIES
            assert found[0][0][0] == 404, f"{method} {rule.rule}"
            missing.add(repr(found[0][0]))
    assert len(missing) == 1


def test_the_wrong_role_is_answered_like_an_absent_object(world: World) -> None:
    """An officer at the desk's data learns no more than a handler of a case that is not there."""
    address = f"/api/v1/desk/cases/{world.own['case_id']}"
    absent = world.guests["anna"].ask("GET", f"/api/v1/desk/cases/{ABSENT}", None)
    for name in ("olle", "pia"):
        assert seen(world.guests[name].ask("GET", address, None)) == seen(absent)


def test_what_is_ones_own_is_there(world: World) -> None:
    """The tests above are not of a house in which nothing opens."""
    guest = world.guests["anna"]
    case = guest.ask("GET", f"/api/v1/desk/cases/{world.own['case_id']}", None)
    assert case.status_code == 200
    assert guest.ask("GET", "/api/v1/desk/sessions", None).status_code == 200
    foreign = world.foreign["bo"]["case_id"]
    assert guest.ask("GET", f"/api/v1/desk/cases/{foreign}", None).status_code == 200
    person = world.guests["olle"].ask("GET", "/en/office/people/anna", None)
    assert person.status_code == 200


def test_what_was_refused_changed_nothing(world: World) -> None:
    """After everything above, everybody is still in and everything still there."""
    for name in ("anna", "bo", "carin", "ivar", "olle", "pia"):
        assert world.guests[name].ask("GET", "/api/v1/desk/session", None).status_code == 200
    listed = world.guests["anna"].ask("GET", "/api/v1/desk/keys", None).get_json()
    assert [one["id"] for one in listed["passkeys"]] == [world.own["passkey_id"]]
