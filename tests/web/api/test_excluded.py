"""Whoever was left out: their whole desk is the same, byte for byte, with and without the case.

Two worlds are copies of one: in the first a case that leaves Bo out is filed, answered, noted in,
given a task, swept by the clock and its mail fails. Then Bo asks both for everything there is.
"""

import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import Organisation, make_organisation, make_settings, site_of
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt
from whistle.services.entrance import cookie
from whistle.services.handling import feed
from whistle.services.log import enter_waiting, last_head
from whistle.services.operating.start import start
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Notice, Person, Task
from whistle.web.guards import door_of

ABSENT = "00" * 16


@dataclass(frozen=True)
class World:
    """One of the two organisations, with Bo signed in by the same cookie and token."""

    organisation: Organisation
    desk: acts.Desk


@dataclass(frozen=True)
class Worlds:
    """Both worlds, and the ids that an address can hold."""

    with_case: World
    without: World
    ids: dict[str, list[str]]
    posted: dict[str, Any]


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    """Two copies of one organisation; in the first there is a case that Bo is left out of."""
    first = make_organisation(tmp_path / "with", make_settings(tmp_path / "with"))
    own = acts.case_id(first, acts.file(first))
    acts.act(first, "anna", own, "acknowledgement")
    seq, message = acts.by_handler(first, "bo", own, "message")
    desk = acts.sign_in(first, "bo")
    own_task = _begin_task(desk, own)
    channel_task = _begin_task(desk, None)
    calendar = feed.make_feed(first.parts, acts.handler(first, "bo"))
    sweep(first.parts)
    second = _copy(first, tmp_path / "without")
    secret, secret_task = _secret_case(first)
    return Worlds(
        World(first, desk),
        World(second, _same_browser(desk, second)),
        {
            "case_id": [own, secret, ABSENT, "x"],
            "task_id": [own_task, channel_task, secret_task, ABSENT],
            "token": [calendar, b64u(bytes(32))],
            "handler_id": ["anna", "bo", "carin", "david"],
            "passkey_id": [ABSENT],
            "session_id": [ABSENT],
            "person_id": ["anna", "bo", "olle"],
            "which": ["signature"],
        },
        {
            "chain": "case",
            "seq": seq,
            "kind": "message",
            "sealed": b64u(message),
            "cases": [own, secret, ABSENT, "x", 5],
            "desk_age": b64u(acts.sealed(first, Receipt.generate()).case_age),
            "reason": "complex",
            "review_on": "2026-12-22",
            "started_on": "2026-11-22",
            "person": "bo",
            "code": "000000",
            "signature": b64u(bytes(64)),
            "name": "Blue",
            "client_data": "AA",
            "attestation": "AA",
            "credential_id": "AA",
            "authenticator_data": "AA",
            "key_file": "AA",
        },
    )


def _begin_task(desk: acts.Desk, case: str | None) -> str:
    sent = {"kind": "data_request", "started_on": "2026-11-22", "case": case}
    begun = desk.ask("POST", "/tasks", json=sent)
    assert begun.status_code == 201
    return str(begun.get_json()["id"])


def _copy(organisation: Organisation, folder: Path) -> Organisation:
    """The same organisation in another folder."""
    organisation.parts.database.forget()
    old = organisation.parts.settings
    new = replace(old, data_dir=folder / "data", keys_dir=folder / "keys")
    shutil.copytree(old.data_dir, new.data_dir)
    shutil.copytree(old.keys_dir, new.keys_dir)
    parts = start(new, organisation.parts.clock)
    assert cookie.secret(parts) == cookie.secret(organisation.parts)
    return replace(organisation, parts=parts, app=site_of(parts))


def _same_browser(desk: acts.Desk, organisation: Organisation) -> acts.Desk:
    client = organisation.app.test_client()
    kept = desk.client.get_cookie("__Host-desk")
    assert kept is not None
    client.set_cookie("__Host-desk", kept.value)
    return acts.Desk(client, desk.csrf)


def _secret_case(organisation: Organisation) -> tuple[str, str]:
    """A case that Bo was left out of, and everything that can happen around it."""
    filed = acts.file(organisation, left_out=("bo",), what="It is Bo.")
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    acts.act(organisation, "anna", case, "message")
    anna = acts.sign_in(organisation, "anna")
    note = acts.any_entry(organisation.people["anna"].private_key)
    sent = {"chain": "desk", "seq": 1, "kind": "note", "sealed": b64u(note)}
    assert anna.ask("POST", f"/cases/{case}/entries", json=sent).status_code == 201
    marks = {**sent, "seq": 2, "kind": "marks"}
    assert anna.ask("POST", f"/cases/{case}/entries", json=marks).status_code == 201
    task = _begin_task(anna, case)
    sweep(organisation.parts)
    with organisation.parts.database.writing() as session:
        assert session.scalars(select(Task).where(Task.case_id == bytes.fromhex(case))).all()
        for notice in session.scalars(select(Notice).where(Notice.person_id != "bo")):
            notice.fault = "refused"
    return case, task


def addresses(rule: Rule, ids: dict[str, list[str]]) -> list[str]:
    """Every address of a route: with his own case and task, the secret ones, and none."""
    paths = [rule.rule.replace("<any(en, sv):language>", "en")]
    for name in rule.arguments - {"language"}:
        paths = [path.replace(f"<{name}>", value) for path in paths for value in ids[name]]
    return paths


def seen(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that a browser gets."""
    return answer.status_code, list(answer.headers), answer.data


def ask(world: World, method: str, path: str, posted: dict[str, Any] | None) -> TestResponse:
    """Ask one world as Bo's browser does."""
    return world.desk.client.open(
        path,
        method=method,
        base_url=acts.SITE,
        headers={
            "X-CSRFToken": world.desk.csrf,
            "Referer": f"{acts.SITE}/en/desk",
            "Origin": acts.SITE,
        },
        json=posted,
    )


def desk_rules(
    organisation: Organisation, faces: tuple[str, ...] = ("desk.", "desk_api.")
) -> list[Rule]:
    """Every route that a handler can reach, what changes nothing first, the signing out last."""
    rules = [
        rule for rule in organisation.app.url_map.iter_rules() if rule.endpoint.startswith(faces)
    ]
    return sorted(rules, key=lambda rule: ("session" in rule.rule, rule.rule))


def test_the_worlds_differ(worlds: Worlds) -> None:
    """Anna sees one case more in the first: what is compared is not nothing."""
    counts = []
    for world in (worlds.with_case, worlds.without):
        world.organisation.now = world.organisation.now.replace(minute=59)
        anna = acts.sign_in(world.organisation, "anna")
        counts.append(len(anna.ask("GET", "/cases").get_json()["cases"]))
    assert counts == [2, 1]


def test_every_answer_is_the_same(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route of the desk, with every id, by every method: status, headers and bytes."""
    monkeypatch.setattr("os.urandom", bytes)
    # A form's token tells the second it was made in: the same second for both.
    with time_machine.travel(datetime.now(UTC), tick=False):
        asked = _compare(worlds)
    assert asked > 30


def make_officer(world: World) -> None:
    """Bo is officer as well, has a mail address, and the night enters what waits for the log."""
    organisation = world.organisation
    with organisation.parts.database.writing() as session:
        person = session.get_one(Person, "bo")
        person.office, person.mail = "officer", "bo@example.org"
        enter_waiting(session, acts.today(organisation) + timedelta(days=1))


def test_an_officer_who_was_left_out_is_told_the_same(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever handles cases and is officer too: each page of the office, and no anchor."""
    lengths = []
    for world in (worlds.with_case, worlds.without):
        make_officer(world)
        with world.organisation.parts.database.reading() as session:
            lengths.append(last_head(session)[0])
    assert lengths[0] > lengths[1]
    assert ask(worlds.with_case, "GET", "/en/office/log.csv", None).status_code == 200
    assert ask(worlds.with_case, "GET", "/en/office/anchor", None).status_code == 404
    monkeypatch.setattr("os.urandom", bytes)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10**12))
    with time_machine.travel(datetime.now(UTC), tick=False):
        assert _compare(worlds, ("office.",), {"GET"}) > 10


def _compare(
    worlds: Worlds,
    faces: tuple[str, ...] = ("desk.", "desk_api."),
    methods: Collection[str] = ("DELETE", "GET", "PATCH", "POST", "PUT"),
) -> int:
    """Ask both worlds everything; how much was asked."""
    asked = 0
    for rule in desk_rules(worlds.with_case.organisation, faces):
        for method in sorted((rule.methods or set()) & set(methods)):
            posted = None if method == "GET" else worlds.posted
            for path in addresses(rule, worlds.ids):
                one = seen(ask(worlds.with_case, method, path, posted))
                other = seen(ask(worlds.without, method, path, posted))
                assert one == other, f"{method} {path}"
                assert one[0] < 500, f"{method} {path}"
                asked += 1
    return asked


def test_what_he_may_do_is_really_done(worlds: Worlds) -> None:
    """His own case opens, takes an entry and lists its task: the comparison is of real answers."""
    case, task = worlds.ids["case_id"][0], worlds.ids["task_id"][0]
    desk = worlds.with_case.desk
    assert desk.ask("GET", f"/cases/{case}").status_code == 200
    assert desk.ask("POST", f"/cases/{case}/entries", json=worlds.posted).status_code == 201
    assert desk.ask("POST", f"/tasks/{task}/done", json={}).status_code == 204
    listed = desk.ask("GET", "/cases").get_json()
    assert [one["id"] for one in listed["cases"]] == [case]


def test_the_secret_case_answers_as_one_that_is_not_there(worlds: Worlds) -> None:
    """In the first world alone: by its id, to whatever he asks."""
    own, secret, absent, _ = worlds.ids["case_id"]
    _, _, secret_task, absent_task = worlds.ids["task_id"]
    for rule in desk_rules(worlds.with_case.organisation):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            posted = None if method == "GET" else worlds.posted
            for hidden, missing in ((secret, absent), (secret_task, absent_task)):
                for path in addresses(
                    rule, {**worlds.ids, "case_id": [hidden], "task_id": [hidden]}
                ):
                    if hidden not in path:
                        continue
                    one = seen(ask(worlds.with_case, method, path, posted))
                    other = seen(
                        ask(worlds.with_case, method, path.replace(hidden, missing), posted)
                    )
                    assert one == other, f"{method} {path}"
                    assert own not in path


def test_the_secret_case_is_in_no_answer_for_many(worlds: Worlds) -> None:
    """Asked for among others, or alone: as if there were no such case."""
    own, secret, _, _ = worlds.ids["case_id"]
    desk = worlds.with_case.desk
    given = desk.ask("POST", "/pieces", json={"cases": [secret, own, secret]}).get_json()
    assert [one["id"] for one in given["pieces"]] == [own]
    one, other = (
        seen(desk.ask("POST", "/pieces", json={"cases": ids})) for ids in ([secret], [ABSENT])
    )
    assert one == other


def test_no_mail_tells_him(worlds: Worlds) -> None:
    """What waits to be sent to him is the same in both."""
    waiting = []
    for world in (worlds.with_case, worlds.without):
        with world.organisation.parts.database.reading() as session:
            mails = session.scalars(select(Notice).where(Notice.person_id == "bo"))
            waiting.append(sorted((str(one.due_on), one.days_late, one.anchor) for one in mails))
    assert waiting[0] == waiting[1]


def test_every_route_of_the_desk_is_asked(worlds: Worlds) -> None:
    """A route with a new kind of id must be given ids here."""
    app = worlds.with_case.organisation.app
    asked = {rule.endpoint for rule in desk_rules(worlds.with_case.organisation)}
    behind = {
        name
        for name, view in app.view_functions.items()
        if (entered := door_of(view)) and entered.name in {"sign_in", "desk"}
        if not name.startswith(("join.", "join_api."))  # nobody is signed in there
    }
    assert behind <= asked
