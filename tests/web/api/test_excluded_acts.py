"""Whoever was left out: whatever they do is answered the same, with and without the case.

An early erasure as handler; as officer, every form of the office.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests import acts
from tests.office_acts import Office, draft
from tests.web.api.two_worlds import (
    World,
    Worlds,
    addresses,
    ask,
    build,
    compare,
    desk_rules,
    make_officer,
    seen,
)
from whistle.crypto.keyring import SIGN_NAMESPACE
from whistle.crypto.sshsig import sign


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    """Two copies of one organisation; in the first there is a case that Bo is left out of."""
    return build(tmp_path)


def test_an_early_erasure_is_answered_the_same(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He agrees to one in his own case; for the secret one he gets what he gets for none."""
    monkeypatch.setattr("os.urandom", bytes)
    own, secret, absent, _ = worlds.ids["case_id"]
    body = worlds.bodies["desk_api.approve"]
    answers = {}
    for name, case in (("secret", secret), ("absent", absent), ("own", own), ("again", own)):
        path = f"/api/v1/desk/cases/{case}/erasures"
        with time_machine.travel(datetime.now(UTC), tick=False):
            one = seen(ask(worlds.with_case, "POST", path, body))
            other = seen(ask(worlds.without, "POST", path, body))
        assert one == other, name
        answers[name] = one
    assert answers["secret"] == answers["absent"]
    assert [answers[name][0] for name in ("secret", "own", "again")] == [404, 201, 200]
    with time_machine.travel(datetime.now(UTC), tick=False):
        assert compare(worlds, methods={"GET"}) > 10


LAST = ("office.prepare", "office.sign", "office.publish", "office.appoint", "office.revoke",
        "office.leave")  # fmt: skip
"""What ends or changes much is done last, in this order."""
FORM = {
    "id": "eva",
    "name": "Eva Name",
    "role_text": "Case handler",
    "channel-main": "handler",
    "mail": "eva@example.org",
    "sure": "yes",
    "closes": "yes",
    "issued_on": "2026-11-22",
    "root": "x",
    "signature": "x",
    "sha256": "00",
}


def test_whatever_an_officer_who_was_left_out_does_is_answered_the_same(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every form of the office: people, keys drafted, signed, published, colleagues taken out."""
    again = _same_randomness(monkeypatch)
    for world in (worlds.with_case, worlds.without):
        make_officer(world)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10**12))
    rules = desk_rules(worlds.with_case.organisation, ("office.",))
    rules = [rule for rule in rules if "POST" in (rule.methods or set())]
    rules.sort(key=lambda rule: LAST.index(rule.endpoint) if rule.endpoint in LAST else -1)
    ids = {**worlds.ids, "person_id": ["olle", "eva", "nobody", "anna", "bo"]}
    done = set()
    with time_machine.travel(datetime.now(UTC), tick=False):
        for path, endpoint in [
            (path, one.endpoint) for one in rules for path in addresses(one, ids)
        ]:
            answers = []
            for world in (worlds.with_case, worlds.without):
                again()
                answers.append(seen(_send_form(world, path)))
            assert answers[0] == answers[1], path
            assert answers[0][0] < 500, path
            if answers[0][0] in {200, 303}:
                done.add(endpoint)
            if endpoint != "office.leave":
                for shown in ("people", "keys", "log", "health", "review"):
                    address = f"/en/office/{shown}"
                    one, other = (
                        seen(ask(world, "GET", address, None))
                        for world in (worlds.with_case, worlds.without)
                    )
                    assert one == other, f"{path}, then {address}"
    assert {"office.invited", "office.prepare", "office.sign", "office.publish"} <= done
    assert {"office.attest", "office.revoke", "office.leave"} <= done


def _same_randomness(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let both worlds draw the same bytes, never twice; call what is returned before each ask."""
    drawn = {"asked": 0, "at": 0}

    def urandom(size: int) -> bytes:
        drawn["at"] += 1
        return hashlib.shake_256(f"{drawn['asked'] // 2} {drawn['at']}".encode()).digest(size)

    def again() -> None:
        drawn["asked"], drawn["at"] = drawn["asked"] + 1, 0

    monkeypatch.setattr("os.urandom", urandom)
    drawn["asked"] = 1
    return again


def _send_form(world: World, path: str) -> TestResponse:
    """Send a form with what fits every route; where a draft waits, the root's signature over it."""
    at = Office(world.desk)
    form = {"csrf_token": world.desk.csrf, **FORM}
    if 'name="sha256"' in at.get("/keys").text:
        file, form["sha256"] = draft(at)
        form["signature"] = sign(world.organisation.root, SIGN_NAMESPACE, file)
    headers = {"Referer": f"{acts.SITE}/en/office", **acts.ORIGIN}
    return world.desk.client.post(path, data=form, base_url=acts.SITE, headers=headers)
