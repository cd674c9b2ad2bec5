"""Everybody who could come to a door, and for each kind of object one that is theirs or is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import CHEAP_LOG_N, Organisation, cast, make_organisation
from whistle.case.permissions import Role
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt
from whistle.services.entrance.sessions import id_of
from whistle.services.operating.ceremony import Appointed, Enrolled, enrol
from whistle.storage.tables import Passkey, SignedIn, new_id
from whistle.web.guards import Door, door_of

ABSENT = "00" * 16

PUBLIC_NAMES = {
    "handler_id": "the keyring names every handler to everybody",
    "name": "static files are the same for everybody",
    "which": "which of the draft's two files: the officer's own, or an address that is not there",
    "token": "the address is the key: nobody is asked who they are",
}
"""Parts of addresses that name no object of somebody's, each with the reason."""

OFFICE_WIDE = {
    "person_id": "the officer sees everybody; there is no foreign one, only an absent one"
}


@dataclass(frozen=True)
class Guest:
    """Somebody at a door: in which roles, with which browser."""

    name: str
    roles: frozenset[Role]
    client: FlaskClient
    headers: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, posted: Mapping[str, Any] | None) -> TestResponse:
        """Ask as a program on this site's own pages does."""
        return self.client.open(
            path,
            method=method,
            base_url=acts.SITE,
            headers={"Referer": f"{acts.SITE}/en/desk", **acts.ORIGIN, **self.headers},
            json=None if method == "GET" else posted,
        )


@dataclass(frozen=True)
class World:
    """An organisation with every kind of guest, and the ids that addresses hold."""

    organisation: Organisation
    guests: Mapping[str, Guest]
    foreign: Mapping[str, Mapping[str, str]]
    """By guest, then by the name of the address's part: something that is somebody else's."""
    own: Mapping[str, str]
    """By the name of the address's part: what is there, and Anna's."""
    posted: Mapping[str, Any]

    def door(self, rule: Rule) -> Door:
        """The door of a route."""
        found = door_of(self.organisation.app.view_functions[rule.endpoint])
        assert found is not None
        return found


INVESTIGATOR = Appointed("ivar", "Ivar Ask", "Investigator", {"main": "investigator"})


@cache
def _people() -> tuple[Enrolled, ...]:
    return (*cast(), enrol(INVESTIGATOR, log_n=CHEAP_LOG_N))


def build(folder: Path) -> World:
    """Make it. Bo is left out of one case, Anna of another; Carin waits; Ivar is let into none."""
    made = make_organisation(folder, people=_people())
    own = acts.case_id(made, acts.file(made))
    without = {
        name: acts.case_id(made, acts.file(made, left_out=(name,))) for name in ("anna", "bo")
    }
    by_name = {name: acts.sign_in(made, name) for name in ("anna", "bo", "carin", "ivar")}
    cases = {"anna": without["anna"], "bo": without["bo"], "carin": own, "ivar": own}
    other = {"anna": "bo", "bo": "anna", "carin": "anna", "ivar": "anna"}
    tasks = {name: _task(by_name[other[name]], case) for name, case in cases.items()}
    passkeys = {name: _passkey(made, name) for name in by_name}
    guests = {name: _signed_in(name, desk) for name, desk in by_name.items()}
    for name in ("olle", "pia"):
        guests[name] = _signed_in(name, acts.sign_in(made, name))
    guests["nobody"] = _outside(made, "nobody", {})
    guests["reporter"] = _outside(made, "reporter", acts.file(made).bearer)
    sessions = _sessions(made)
    foreign = {
        name: {
            "case_id": cases[name],
            "task_id": tasks[name],
            "passkey_id": passkeys[other[name]],
            "session_id": sessions[other[name]],
        }
        for name in cases
    }
    for name in ("olle", "pia"):
        foreign[name] = {"passkey_id": passkeys["anna"], "session_id": sessions["anna"]}
    first = {
        "case_id": own,
        "task_id": tasks["carin"],
        "passkey_id": passkeys["anna"],
        "session_id": sessions["anna"],
        "person_id": "anna",
        "handler_id": "anna",
        "which": "keyring",
        "token": b64u(bytes(32)),
        "name": "app.css",
    }
    return World(made, guests, foreign, first, _posted(made))


def addresses(rule: Rule, ids: Mapping[str, str]) -> str:
    """The address of a route with these ids.

    Raises:
        KeyError: a part of it has no id here: say what is somebody's own, foreign and absent.
    """
    path = rule.rule.replace("<any(en, sv):language>", "en")
    for name in rule.arguments - {"language"}:
        path = path.replace(f"<{name}>", ids[name])
    return path


def _signed_in(name: str, desk: acts.Desk) -> Guest:
    told = desk.ask("GET", "/session").get_json()["person"]
    roles = frozenset(Role(role) for role in told["roles"])
    return Guest(name, roles, desk.client, {"X-CSRFToken": desk.csrf})


def _outside(made: Organisation, name: str, headers: Mapping[str, str]) -> Guest:
    desk = acts.at_the_door(made)
    return Guest(name, frozenset(), desk.client, {"X-CSRFToken": desk.csrf, **headers})


def _task(desk: acts.Desk, case: str) -> str:
    begun = desk.ask(
        "POST",
        "/tasks",
        json={"kind": "data_request", "started_on": "2026-11-22", "case": case},
    )
    assert begun.status_code == 201, begun.get_json()
    return str(begun.get_json()["id"])


def _passkey(made: Organisation, person_id: str) -> str:
    row = Passkey(
        id=new_id(),
        credential_id=new_id(),
        person_id=person_id,
        public_key=b"",
        sign_count=0,
        name="Blue",
        added_on=acts.today(made),
        key_file=b"",
    )
    with made.parts.database.writing() as session:
        session.add(row)
        return row.id.hex()


def _sessions(made: Organisation) -> dict[str, str]:
    with made.parts.database.reading() as session:
        return {one.person_id: id_of(one) for one in session.query(SignedIn)}


def _posted(made: Organisation) -> Mapping[str, Any]:
    """A body in which every field has a value of its form."""
    sealed = b64u(acts.any_entry(made.people["anna"].private_key))
    keys = b64u(acts.sealed(made, Receipt.generate()).case_age)
    return {
        "chain": "case",
        "seq": 3,
        "kind": "message",
        "sealed": sealed,
        "case_age": keys,
        "desk_age": keys,
        "if_match": b64u(bytes(32)),
        "gen": 1,
        "keyring_serial": 1,
        "added": [],
        "removed": [],
        "reason": "complex",
        "review_on": "2026-12-22",
        "started_on": "2026-11-22",
        "person": "anna",
        "code": "000000",
        "signature": b64u(bytes(64)),
        "name": "Blue",
        "client_data": "AA",
        "attestation": "AA",
        "credential_id": "AA",
        "authenticator_data": "AA",
        "key_file": "AA",
        "language": "en",
    }


NAMED = {"case_age_sha256": b64u(bytes(32)), "head_sha256": b64u(bytes(32))}

BODIES: Mapping[str, Mapping[str, Any]] = {
    "desk_api.change_access": {"reason": "left", "desk_age": None, "desk_prev": b64u(bytes(32))},
    "desk_api.write": {"kind": "message"},
    "desk_api.sign_cannot_open": NAMED,
    "desk_api.approve": {"proposal": b64u(bytes(32)), "entries": []},
}
"""Where the common body would be refused before the object is looked for: what to change in it."""
