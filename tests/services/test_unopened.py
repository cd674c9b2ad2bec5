"""A case that cannot be opened: handlers sign it, and the last signature tells the reporter."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts, shut_cases
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.crypto import strictjson
from whistle.crypto.encoding import b64u
from whistle.errors import ConflictError, DeniedError, FilingError, NotFoundError, ThreadError
from whistle.services import access, unopened
from whistle.services.reporting import unscripted
from whistle.storage.tables import Case, Entry, LogEvent, Person, Unopened


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer's address."""
    return replace(settings, mail=clock.OFFICE_MAIL)


@pytest.fixture
def filed(organisation: Organisation) -> acts.Filed:
    """A report, its deputy left out."""
    return acts.file(organisation, left_out=("carin",))


@pytest.fixture
def case(organisation: Organisation, filed: acts.Filed) -> str:
    """Its case, whose keys no handler can open."""
    return shut_cases.shut(organisation, filed)


def lines(organisation: Organisation) -> int:
    """How often a reporter was told that nobody can open the case."""
    with organisation.parts.database.reading() as session:
        return len(session.scalars(select(Entry.id).where(Entry.kind == "cannot_open")).all())


def refused(organisation: Organisation, by: str, case: str, posted: dict[str, Any]) -> str:
    """The reason for which what was posted is refused."""
    handler = acts.handler(organisation, by)
    with pytest.raises((ConflictError, DeniedError, FilingError, NotFoundError)) as told:
        unopened.sign(organisation.parts, handler, case, posted)
    return str(told.value.reason)


def test_the_last_signature_tells_the_reporter_and_the_officer(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """One line, sealed to the case's key, in a thread that verifies."""
    first = shut_cases.signs(organisation, "anna", case)
    assert (first.signed, first.waiting, first.told) == (("anna",), ("bo",), False)
    assert (lines(organisation), clock.notices(organisation)) == (0, set())
    last = shut_cases.signs(organisation, "bo", case)
    assert (last.signed, last.waiting, last.told) == (("anna", "bo"), (), True)
    looked = unscripted.look(organisation.parts, str(filed.receipt))
    assert looked.fault is None
    assert [one["kind"] for one in looked.entries] == ["report", "received", "cannot_open"]
    assert clock.notices(organisation) == {("officer", None, 0)}


def test_no_clock_stops(organisation: Organisation, filed: acts.Filed, case: str) -> None:
    """Every date of the row is as it was, and the case is due as before."""
    before = clock.row(organisation, filed)
    kept = {one.name: getattr(before, one.name) for one in Case.__table__.columns}
    for who in ("anna", "bo"):
        shut_cases.signs(organisation, who, case)
    after = clock.row(organisation, filed)
    assert {one.name: getattr(after, one.name) for one in Case.__table__.columns} == kept


def test_the_same_again_changes_nothing(organisation: Organisation, case: str) -> None:
    """Also when the line has come in between, whose answer was lost."""
    made = {who: shut_cases.posted(organisation, who, case) for who in ("anna", "bo")}
    for who in ("anna", "bo", "bo", "anna"):
        handler = acts.handler(organisation, who)
        found = unopened.sign(organisation.parts, handler, case, made[who])
    assert (found.repeated, found.told) == (True, True)
    with organisation.parts.database.reading() as session:
        assert len(session.scalars(select(Unopened)).all()) == 2
    assert lines(organisation) == 1


def test_two_last_ones_at_once_make_one_line(organisation: Organisation, case: str) -> None:
    """Both come through, and the reporter is told once."""
    made = {who: shut_cases.posted(organisation, who, case) for who in ("anna", "bo")}
    together = Barrier(2)

    def post(who: str) -> unopened.Standing:
        handler = acts.handler(organisation, who)
        together.wait()
        return unopened.sign(organisation.parts, handler, case, made[who])

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(post, made))
    assert sorted(one.told for one in found) == [False, True]
    assert lines(organisation) == 1


def test_keys_that_are_sealed_anew_make_old_signatures_count_no_more(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """An old one is refused, and everybody is asked again."""
    old = shut_cases.posted(organisation, "bo", case)
    shut_cases.signs(organisation, "anna", case)
    shut_cases.shut(organisation, filed)
    assert refused(organisation, "bo", case, old) == "out_of_turn"
    found = shut_cases.signs(organisation, "bo", case)
    assert (found.signed, found.waiting, found.told) == (("bo",), ("anna",), False)
    assert shut_cases.signs(organisation, "anna", case).told
    assert lines(organisation) == 1


def test_who_sees_the_case_no_more_is_not_waited_for(organisation: Organisation, case: str) -> None:
    """Taken out of the case, or gone from the keyring in force."""
    with organisation.parts.database.writing() as session:
        row = session.get_one(Case, bytes.fromhex(case))
        access.take_out(session, row, "bo", acts.today(organisation))
    assert shut_cases.signs(organisation, "anna", case).told


def test_who_has_gone_since_is_not_waited_for(organisation: Organisation, case: str) -> None:
    """The same signature again is the last one then."""
    made = shut_cases.posted(organisation, "anna", case)
    assert not shut_cases.signs(organisation, "anna", case).told
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(1))
    handler = acts.handler(organisation, "anna")
    found = unopened.sign(organisation.parts, handler, case, made)
    assert (found.waiting, found.told, found.repeated) == ((), True, True)


def test_who_holds_the_named_key_no_more_is_not_waited_for(
    organisation: Organisation, case: str
) -> None:
    """Barred: the keyring still names Bo, and nobody signs in by that name."""
    with organisation.parts.database.writing() as session:
        session.delete(session.get_one(Person, "bo"))
    assert shut_cases.signs(organisation, "anna", case).told


def test_deputies_are_called_in_before_the_reporter_is_told(organisation: Organisation) -> None:
    """Their keys may open what no handler's does: they see the case, are told, and sign if not."""
    case = shut_cases.shut(organisation, acts.file(organisation))
    carin = acts.handler(organisation, "carin")
    assert shut_cases.signs(organisation, "anna", case).waiting == ("bo",)
    with pytest.raises(NotFoundError):
        unopened.look(organisation.parts, carin, case)
    called = shut_cases.signs(organisation, "bo", case)
    assert (called.waiting, called.told) == (("carin",), False)
    assert clock.notices(organisation) == {("carin", None, 0)}
    assert lines(organisation) == 0
    assert shut_cases.signs(organisation, "carin", case).told
    assert lines(organisation) == 1
    assert clock.notices(organisation) == {("carin", None, 0), ("officer", None, 0)}


def test_a_deputy_who_is_appointed_no_more_is_not_called(organisation: Organisation) -> None:
    """Then the last handler's signature is the last."""
    case = shut_cases.shut(organisation, acts.file(organisation))
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(2))
    shut_cases.signs(organisation, "anna", case)
    assert shut_cases.signs(organisation, "bo", case).told


def test_what_is_not_of_this_handler_and_this_case_is_refused(
    organisation: Organisation, case: str
) -> None:
    """Another's key, another head, other bytes; nothing is kept of it."""
    good = shut_cases.posted(organisation, "anna", case)
    wrong: list[tuple[dict[str, Any], str]] = [
        (shut_cases.posted(organisation, "anna", case, signer="bo"), "signature"),
        ({**good, "signature": b64u(bytes(64))}, "signature"),
        ({**good, "signature": "AA"}, "signature"),
        ({**good, "signature": 5}, "base64"),
        ({**good, "head_sha256": b64u(bytes(32))}, "out_of_turn"),
        ({**good, "case_age_sha256": b64u(bytes(32))}, "out_of_turn"),
        ({**good, "case_age_sha256": "="}, "base64"),
    ]
    for posted, reason in wrong:
        assert refused(organisation, "anna", case, posted) == reason
    with organisation.parts.database.reading() as session:
        assert session.scalars(select(Unopened)).all() == []


def test_who_does_not_see_the_case_and_who_may_not_write_sign_nothing(
    organisation: Organisation, case: str
) -> None:
    """Who was left out has no such case; an investigator does not write to the reporter."""
    good = shut_cases.posted(organisation, "anna", case)
    assert refused(organisation, "carin", case, good) == "unknown"
    assert refused(organisation, "anna", "00" * 16, good) == "unknown"

    def investigates(content: dict[str, Any]) -> None:
        content["handlers"][1]["channels"] = {"main": "investigator"}

    acts.publish_keyring(organisation, change=investigates, cosigner="anna")
    assert refused(organisation, "bo", case, good) == "investigator"
    assert shut_cases.signs(organisation, "anna", case).told


def test_the_log_says_who_signed_and_nothing_else(organisation: Organisation, case: str) -> None:
    """Ids and the instant."""
    shut_cases.signs(organisation, "anna", case)
    with organisation.parts.database.reading() as session:
        last = session.scalars(select(LogEvent).order_by(LogEvent.position.desc())).first()
    assert last is not None
    assert strictjson.parse(last.payload or b"", 4096, ThreadError) == {
        "event": "CannotOpenSigned",
        "case": case,
        "who": "anna",
        "at": "2026-11-22T11:00:00+00:00",
    }
