"""Whoever was left out: their whole desk is the same, byte for byte, with and without the case."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from tests import acts
from tests.web.api.two_worlds import (
    ABSENT,
    Worlds,
    addresses,
    ask,
    build,
    compare,
    desk_rules,
    make_officer,
    seen,
)
from whistle.services.log import last_head
from whistle.storage.tables import Notice
from whistle.web.guards import door_of


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    """Two copies of one organisation; in the first there is a case that Bo is left out of."""
    return build(tmp_path)


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
        asked = compare(worlds)
    assert asked > 30


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
        assert compare(worlds, ("office.",), {"GET"}) > 10


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
            posted = None if method == "GET" else worlds.body(rule)
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
