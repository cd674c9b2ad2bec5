"""Who leaves a case, or is taken out, lives in a world in which it never was.

Two copies of one organisation: in one a report is filed, worked on, and left; in the other nothing
happens. What the handler is given is compared byte by byte, on that day and until every date of
the case has passed.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import select, update

from tests import acts, sealing_again
from tests.acts import Desk
from tests.organisation import Organisation, make_organisation, make_settings, site_of
from whistle.config import Mail
from whistle.services.handling import duties
from whistle.services.operating.start import start
from whistle.services.upkeep.mailing import deliver
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Notice, Person

BO = "bo"
DAYS = (1, 2, 8, 84, 96)
OTHER = "0123456789abcdef0123456789abcdef"
"""An address of a case that never was."""


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """An organisation with mail; its officer is Bo's other self."""
    mail = Mail(host="mail.example", sender="forms@example.org", officer="bo@example.org")
    settings = replace(make_settings(tmp_path), mail=mail, desk_address=acts.SITE)
    made = make_organisation(tmp_path, settings)
    with made.parts.database.writing() as session:
        session.execute(update(Person).values(mail=Person.id + "@example.org"))
    return made


class World:
    """What Bo is given: pages for programs, his calendar, and his mails."""

    def __init__(self, organisation: Organisation, calendar: str) -> None:
        self.organisation = organisation
        self.calendar = calendar
        self.mails: list[tuple[str, str]] = []

    def go_on(self, days: int) -> None:
        """Let days pass, each with its mails."""
        for _ in range(days):
            self.organisation.move(1)
            sweep(self.organisation.parts)
            deliver(
                self.organisation.parts,
                lambda mail: self.mails.append((mail["To"], mail.get_content())),
            )

    def seen(self, case: str) -> dict[str, tuple[int, bytes]]:
        """Everything that the desk answers Bo, and under the address of a case."""
        self.organisation.now += timedelta(minutes=2)  # a one-time code works once
        desk = acts.sign_in(self.organisation, BO)
        paths = ("/cases", "/tasks", "/reseals", "/handlers/anna/reach", self.calendar)
        found = {path: asked(desk, "GET", path) for path in paths}
        found["/tasks"] = in_one_order(*found["/tasks"])
        found["case"] = asked(desk, "GET", f"/cases/{case}")
        for act, body in WRITTEN.items():
            method = "PUT" if act == "desk.age" else "POST"
            found[act] = asked(desk, method, f"/cases/{case}/{act}", json=body)
        task = {"kind": "meeting", "started_on": "2026-11-22", "case": case}
        found["task"] = asked(desk, "POST", "/tasks", json=task)
        return found

    def waiting(self) -> list[tuple[str, int]]:
        """What waits to be told to him by mail, or to the officer, who he is."""
        query = select(Notice).where(Notice.person_id.in_((BO, "officer")))
        with self.organisation.parts.database.reading() as session:
            return sorted((str(one.due_on), one.days_late) for one in session.scalars(query))

    def told(self) -> list[tuple[str, str]]:
        """The mails he was sent."""
        return sorted(one for one in self.mails if one[0] == "bo@example.org")


WRITTEN = {
    "entries": {"chain": "case", "seq": 3, "kind": "message", "sealed": "AA"},
    "desk.age": {"desk_age": "AA"},
    "access": {
        "seq": 3, "sealed": "AA", "case_age": "AA", "if_match": "AA", "gen": 1, "reason": "recused",
        "case_key": None, "added": [], "removed": ["bo"], "desk_age": None, "desk_prev": "AA",
        "keyring_serial": 1,
    },
}  # fmt: skip


def asked(desk: Desk, method: str, path: str, **sent: object) -> tuple[int, bytes]:
    """An answer's status and bytes."""
    given = desk.ask(method, path, **sent)
    return given.status_code, given.data


def in_one_order(status: int, tasks: bytes) -> tuple[int, bytes]:
    """A list of tasks without their ids: of those that begin in both worlds they are random."""
    told = json.loads(tasks)
    shown = sorted(json.dumps({**one, "id": ""}) for one in told.pop("tasks"))
    return status, json.dumps([told, shown]).encode()


def two_worlds(organisation: Organisation, tmp_path: Path) -> tuple[World, World]:
    """The organisation with some work of Bo's, and an exact copy of it."""
    left_out = acts.case_id(organisation, acts.file(organisation, left_out=("anna",)))
    answered = acts.case_id(organisation, acts.file(organisation))
    organisation.move(3)
    acts.act(organisation, BO, left_out, "acknowledgement")
    acts.act(organisation, "anna", answered, "acknowledgement")
    for case in (left_out, answered):
        final = {"final": True, "next_on": None}
        acts.act(organisation, BO, case, "feedback", adds=final)
    sweep(organisation.parts)
    token = acts.sign_in(organisation, BO).ask("POST", "/feed").get_json()["address"]
    calendar = token.split("/api/v1/desk")[1]
    organisation.move(1)
    organisation.parts.database.forget()
    copy = copytree(organisation.parts.settings.data_dir, tmp_path / "copy")
    settings = replace(organisation.parts.settings, data_dir=copy)
    made: list[Organisation] = []
    parts = start(settings, lambda: made[0].now)
    other = Organisation(
        parts, site_of(parts), organisation.root, organisation.people, organisation.now
    )
    made.append(other)
    return World(organisation, calendar), World(other, calendar)


def filed_and_worked_on(organisation: Organisation) -> str:
    """A new case that Bo reads, writes, notes and takes duties in; its dates will be missed."""
    case = acts.case_id(organisation, acts.file(organisation))
    sweep(organisation.parts)
    sealing_again.begin_desk(organisation, BO, case)
    sealing_again.note(organisation, BO, case, "A note")
    acts.act(organisation, BO, case, "message")
    bo = acts.handler(organisation, BO)
    duties.begin_task(organisation.parts, bo, kind="meeting", started_on="2026-11-26", case_id=case)
    sweep(organisation.parts)
    return case


def leaves(organisation: Organisation, case: str) -> None:
    """Bo takes himself out."""
    sealing_again.change(organisation, BO, case, "recused", remove=(BO,))


def is_taken_out(organisation: Organisation, case: str) -> None:
    """Anna finds that the report names him."""
    sealing_again.change(organisation, "anna", case, "conflict", remove=(BO,))


@pytest.mark.parametrize("goes", [leaves, is_taken_out])
def test_his_world_is_the_one_without_the_case(
    organisation: Organisation,
    tmp_path: Path,
    goes: Callable[[Organisation, str], None],
) -> None:
    """Lists, counts, duties, calendar, mails and addresses, byte by byte."""
    with_case, without = two_worlds(organisation, tmp_path)
    case = filed_and_worked_on(with_case.organisation)
    assert with_case.seen(case) != without.seen(OTHER)
    goes(with_case.organisation, case)
    passed = 0
    for day in (0, *DAYS):
        for world in (with_case, without):
            world.go_on(day - passed)
        passed = day
        assert with_case.seen(case) == without.seen(OTHER), day
        assert with_case.waiting() == without.waiting(), day
        assert with_case.told() == without.told(), day
    assert without.told() != []


def test_the_comparison_sees_a_case_that_he_reads(
    organisation: Organisation, tmp_path: Path
) -> None:
    """Each part of it differs while he is in the case."""
    with_case, without = two_worlds(organisation, tmp_path)
    case = filed_and_worked_on(with_case.organisation)
    seen, empty = with_case.seen(case), without.seen(OTHER)
    assert {name for name in seen if seen[name] != empty[name]} == {
        "/cases",
        "/tasks",
        "/handlers/anna/reach",
        with_case.calendar,
        "case",
        "entries",
        "access",
        "task",
    }
    assert empty["case"][0] == 404
    assert with_case.waiting() != without.waiting()
    for world in (with_case, without):
        world.go_on(9)
    assert with_case.told() != without.told()
