"""Two worlds that are copies of one; in the first there is a case that Bo is left out of.

It is filed, answered, noted in, given a task, swept by the clock, and its mail fails. Whatever Bo
asks of both, as handler or as officer, must be answered the same, byte for byte.
"""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import acts, shut_cases
from tests.organisation import Organisation, make_organisation, make_settings, site_of
from tests.services.handling import four_eyes
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt
from whistle.services.entrance import cookie
from whistle.services.handling import feed
from whistle.services.log import enter_waiting
from whistle.services.operating.start import start
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Notice, Person, Task

ABSENT = "00" * 16
POSTED: Mapping[str, Any] = {
    "chain": "case",
    "kind": "message",
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
}
ACCESS: Mapping[str, Any] = {
    "if_match": b64u(bytes(32)),
    "gen": 1,
    "keyring_serial": 1,
    "added": [],
    "removed": [],
    "reason": "left",
    "desk_age": None,
    "desk_prev": b64u(bytes(32)),
}


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
    bodies: dict[str, dict[str, Any]]
    """By endpoint, what is posted there besides."""

    def body(self, rule: Rule) -> dict[str, Any]:
        """What is posted to a route: enough for it to look for the case."""
        return {**self.posted, **self.bodies.get(rule.endpoint, {})}


def build(tmp_path: Path) -> Worlds:
    """Two copies of one organisation; in the first there is a case that Bo is left out of."""
    first = make_organisation(tmp_path / "with", make_settings(tmp_path / "with"))
    own = acts.case_id(first, acts.file(first))
    acts.act(first, "anna", own, "acknowledgement")
    written = acts.act(first, "anna", own, "message")
    named = [{"seq": written.seq, "sha256": b64u(written.sha256)}]
    proposed = four_eyes.propose(first, "anna", own, "entries", named)
    erasing = four_eyes.approval(first, "bo", own, proposed, named)
    seq, message = acts.by_handler(first, "bo", own, "message")
    desk = acts.sign_in(first, "bo")
    own_task = _begin_task(desk, own)
    channel_task = _begin_task(desk, None)
    calendar = feed.make_feed(first.parts, acts.handler(first, "bo"))
    sweep(first.parts)
    second = _copy(first, tmp_path / "none")
    secret, secret_task = _secret_case(first)
    keys = b64u(acts.sealed(first, Receipt.generate()).case_age)
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
            **POSTED,
            "seq": seq,
            "sealed": b64u(message),
            "cases": [own, secret, ABSENT, "x", 5],
            "desk_age": keys,
        },
        {
            "desk_api.approve": erasing,
            "desk_api.change_access": {**ACCESS, "case_age": keys},
            "desk_api.sign_cannot_open": dict.fromkeys(
                ("case_age_sha256", "head_sha256"), b64u(bytes(32))
            ),
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
    assert not shut_cases.signs(organisation, "anna", case).told  # the deputy is called in
    assert shut_cases.signs(organisation, "carin", case).told
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
    """All that a browser gets; the folders of the two worlds have one length, and count as one."""
    return answer.status_code, list(answer.headers), answer.data.replace(b"/none/", b"/with/")


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


def make_officer(world: World) -> None:
    """Bo is officer as well, has a mail address, and the night enters what waits for the log."""
    organisation = world.organisation
    with organisation.parts.database.writing() as session:
        person = session.get_one(Person, "bo")
        person.office, person.mail = "officer", "bo@example.org"
        enter_waiting(session, acts.today(organisation) + timedelta(days=1))


def compare(
    worlds: Worlds,
    faces: tuple[str, ...] = ("desk.", "desk_api."),
    methods: Collection[str] = ("DELETE", "GET", "PATCH", "POST", "PUT"),
) -> int:
    """Ask both worlds everything; how much was asked."""
    asked = 0
    for rule in desk_rules(worlds.with_case.organisation, faces):
        for method in sorted((rule.methods or set()) & set(methods)):
            posted = None if method == "GET" else worlds.body(rule)
            for path in addresses(rule, worlds.ids):
                one = seen(ask(worlds.with_case, method, path, posted))
                other = seen(ask(worlds.without, method, path, posted))
                assert one == other, f"{method} {path}"
                assert one[0] < 500, f"{method} {path}"
                asked += 1
    return asked
