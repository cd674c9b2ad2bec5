"""Who may read a case changes: by keys for what comes after, and by rows from that moment."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests import acts, sealing_again
from tests.organisation import Organisation
from tests.sealing_again import Seized
from whistle.crypto import age, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.filing import open_case_keys, seal_case_keys
from whistle.crypto.resealing import Change
from whistle.errors import (
    ConflictError,
    DeniedError,
    FilingError,
    NotForMeError,
    NotFoundError,
    ThreadError,
)
from whistle.services import log
from whistle.services.handling import cases
from whistle.services.reporting import unscripted
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Access, Case, CaseKey, Entry, EntrySeal, LogEvent, OldSeal, Seen


@pytest.fixture
def filed(organisation: Organisation) -> acts.Filed:
    """A report that nobody was left out of."""
    return acts.file(organisation)


@pytest.fixture
def case(organisation: Organisation, filed: acts.Filed) -> str:
    """Its case, with a key for notes and one note of Bo's."""
    found = acts.case_id(organisation, filed)
    sealing_again.begin_desk(organisation, "anna", found)
    sealing_again.note(organisation, "bo", found, "Bo's note")
    return found


def row(organisation: Organisation, case: str) -> Case:
    """The case's row."""
    with organisation.parts.database.reading() as session:
        return session.get_one(Case, bytes.fromhex(case))


def old_seals(organisation: Organisation) -> list[str]:
    """What is kept of sealed keys that were replaced."""
    with organisation.parts.database.reading() as session:
        return sorted(session.scalars(select(OldSeal.what)))


def everything(organisation: Organisation) -> tuple[int, ...]:
    """How many rows there are that a change of access adds."""
    with organisation.parts.database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Entry, EntrySeal, CaseKey, OldSeal, LogEvent)
        )


def test_a_colleague_who_is_taken_out_opens_nothing_that_is_written_after(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """Neither the server's lines nor messages, notes or keys, with all he ever had."""
    bo = Seized.by(organisation, "bo", case)
    before = set(sealing_again.sealed_bytes(organisation))
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    entry_itself = set(sealing_again.sealed_bytes(organisation)) - before
    acts.act(organisation, "anna", case, "acknowledgement")
    sealing_again.note(organisation, "anna", case, "Anna's note")
    unscripted.write_message(organisation.parts, str(filed.receipt), "More.")
    organisation.move(120)
    sweep(organisation.parts)
    after = set(sealing_again.sealed_bytes(organisation)) - before - entry_itself
    assert len(after) >= 4
    assert [one for one in after if sealing_again.opens(bo, one)] == []
    assert row(organisation, case).case_age in entry_itself
    assert not sealing_again.opens(bo, row(organisation, case).case_age)
    assert not sealing_again.opens(bo, row(organisation, case).desk_age or b"")


def test_all_others_read_the_whole_case_before_and_after(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """The reporter, the colleague and the deputy; what the one taken out wrote stays his."""
    acts.act(organisation, "bo", case, "acknowledgement")
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    sealing_again.note(organisation, "anna", case, "Anna's note")
    found = sealing_again.read(organisation, "anna", case)
    assert [one.kind for one in found] == [
        "report",
        "received",
        "acknowledgement",
        "access",
        "desk",
        "note",
        "note",
    ]
    assert [one.author_id for one in found[2:]] == ["bo", "anna", "anna", "bo", "anna"]
    looked = unscripted.look(organisation.parts, str(filed.receipt))
    assert (looked.fault, looked.entries[-1]["kind"]) == (None, "access")


def test_who_is_taken_out_has_no_such_case_from_that_moment(
    organisation: Organisation, case: str
) -> None:
    """Not in a list, not under its address, and how far he had read is forgotten."""
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    bo = acts.handler(organisation, "bo")
    assert cases.list_cases(organisation.parts, bo)["cases"] == []
    with pytest.raises(NotFoundError, match="unknown"):
        cases.open_case(organisation.parts, bo, case)
    with organisation.parts.database.reading() as session:
        assert session.get(Seen, (bytes.fromhex(case), "bo")) is None
    with pytest.raises(NotFoundError, match="unknown"):
        sealing_again.post(
            organisation,
            "bo",
            case,
            {
                **sealing_again.made(organisation, "anna", case, "rollover"),
            },
        )


def test_no_count_tells_who_is_sealed_to(organisation: Organisation, case: str) -> None:
    """As many stanzas as at filing, and one less for the notes' key."""
    at_filing = len(age.shape(row(organisation, case).case_age).stanza_types)
    sealing_again.change(organisation, "bo", case, "recused", remove=("bo",))
    after = row(organisation, case)
    assert len(age.shape(after.case_age).stanza_types) == at_filing == 4
    assert len(age.shape(after.desk_age or b"").stanza_types) == at_filing - 1


def test_the_last_reader_cannot_leave(organisation: Organisation) -> None:
    """Refused where it is made, and by the server too; and a deputy alone is called in first."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    sealing_again.change(organisation, "anna", case, "recused", remove=("anna",))
    carin = acts.handler(organisation, "carin")
    assert [one["id"] for one in cases.list_cases(organisation.parts, carin)["cases"]] == [case]
    with pytest.raises(FilingError, match="last_reader"):
        sealing_again.made(organisation, "carin", case, "recused", remove=("carin",))
    posted = sealing_again.made(organisation, "carin", case, "rollover")
    leaving = {**posted, "removed": ["carin"], "reason": "recused"}
    with pytest.raises(ConflictError, match="last_reader"):
        sealing_again.post(organisation, "carin", case, leaving)


def test_a_colleague_is_let_in_and_the_key_stays(organisation: Organisation, case: str) -> None:
    """Who was taken out for a while reads everything again, from that day."""
    sealing_again.change(organisation, "anna", case, "reporter_asked", remove=("bo",))
    organisation.move(2)
    sealing_again.change(organisation, "anna", case, "colleague", add=("bo",))
    assert [one.kind for one in sealing_again.read(organisation, "bo", case)][2:4] == [
        "access",
        "access",
    ]
    with organisation.parts.database.reading() as session:
        held = session.get_one(Access, (bytes.fromhex(case), "bo"))
        keys = session.scalars(select(CaseKey.generation).order_by(CaseKey.generation)).all()
    assert (held.from_on, held.until_on) == (acts.today(organisation), None)
    assert keys == [0, 1]


def test_a_deputy_who_is_let_in_waits_unless_deputies_were_called(
    organisation: Organisation, case: str
) -> None:
    """A key at once, the case when the clock calls."""
    sealing_again.change(organisation, "anna", case, "conflict", remove=("carin",))
    sealing_again.change(organisation, "anna", case, "colleague", add=("carin",))
    carin = acts.handler(organisation, "carin")
    assert cases.list_cases(organisation.parts, carin)["cases"] == []
    open_case_keys(row(organisation, case).case_age, [organisation.people["carin"].private_key])


def test_an_investigator_is_let_in_for_one_case_and_may_only_leave_it(
    organisation: Organisation, case: str
) -> None:
    """Seen from that day, one stanza more; to take out a colleague is not an investigator's."""

    def becomes_investigator(file: dict[str, Any]) -> None:
        file["handlers"][2]["channels"] = {"main": "investigator"}

    sealing_again.change(organisation, "anna", case, "conflict", remove=("carin",))
    acts.publish_keyring(organisation, change=becomes_investigator, cosigner="anna")
    sealing_again.change(organisation, "anna", case, "colleague", add=("carin",))
    assert len(age.shape(row(organisation, case).case_age).stanza_types) == 4
    carin = acts.handler(organisation, "carin")
    assert [one["id"] for one in cases.list_cases(organisation.parts, carin)["cases"]] == [case]
    taking = sealing_again.made(organisation, "carin", case, "conflict", remove=("bo",))
    assert refused(organisation, case, taking, by="carin") == "investigator"
    sealing_again.change(organisation, "carin", case, "recused", remove=("carin",))
    assert cases.list_cases(organisation.parts, carin)["cases"] == []
    assert len(age.shape(row(organisation, case).case_age).stanza_types) == 3


def test_nobody_lets_in_whom_the_reporter_left_out(organisation: Organisation) -> None:
    """Not where it is made, not at the server, and no reader would follow it."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    with pytest.raises(FilingError, match="left_out"):
        sealing_again.made(organisation, "anna", case, "colleague", add=("bo",))
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    with pytest.raises(FilingError, match="left_out"):
        sealing_again.post(organisation, "anna", case, {**posted, "added": ["bo"]})


def test_the_files_before_stay_a_while_but_not_after_somebody_was_taken_out(
    organisation: Organisation, case: str
) -> None:
    """They are sealed to whoever was taken out."""
    sealing_again.change(organisation, "anna", case, "rollover")
    assert old_seals(organisation) == ["case.age", "desk.age"]
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    assert old_seals(organisation) == []
    sealing_again.change(organisation, "anna", case, "rollover")
    organisation.move(29)
    sweep(organisation.parts)
    assert old_seals(organisation) == ["case.age", "desk.age"]
    organisation.move(1)
    sweep(organisation.parts)
    assert old_seals(organisation) == []


def test_the_same_request_again_is_the_same_change(organisation: Organisation, case: str) -> None:
    """After a lost answer; and nothing happens twice."""
    posted = sealing_again.made(organisation, "anna", case, "conflict", remove=("bo",))
    assert not sealing_again.post(organisation, "anna", case, posted).repeated
    before = everything(organisation)
    assert sealing_again.post(organisation, "anna", case, posted).repeated
    assert everything(organisation) == before


def test_whoever_was_overtaken_is_told_so(organisation: Organisation, case: str) -> None:
    """By an entry, by a note, by another change, by a keyring."""
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    acts.act(organisation, "bo", case, "message")
    assert refused(organisation, case, posted) == "out_of_turn"
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    sealing_again.note(organisation, "bo", case, "Meanwhile")
    assert refused(organisation, case, posted) == "out_of_turn"
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    assert refused(organisation, case, {**posted, "if_match": b64u(bytes(32))}) == "out_of_turn"
    acts.publish_keyring(organisation)
    assert refused(organisation, case, posted) == "keyring_changed"


def refused(organisation: Organisation, case: str, posted: dict[str, Any], by: str = "anna") -> str:
    """The reason for which a change is refused; nothing of it is kept."""
    before, rows = everything(organisation), row(organisation, case).case_age
    with pytest.raises((FilingError, ConflictError, DeniedError)) as caught:
        sealing_again.post(organisation, by, case, posted)
    assert everything(organisation) == before
    assert row(organisation, case).case_age == rows
    return caught.value.reason


def test_each_fault_of_a_request_has_its_reason(organisation: Organisation, case: str) -> None:
    """And leaves nothing behind."""
    good = sealing_again.made(organisation, "anna", case, "rollover")
    raised = sealing_again.made(organisation, "anna", case, "conflict", remove=("bo",))
    carin = [organisation.people["carin"].private_key]
    few = b64u(seal_case_keys(carin, [carin[0].public_key], count=3))
    two_keys = b64u(seal_case_keys(carin * 2, [carin[0].public_key], count=4))
    wrong = [
        ({**good, "reason": "because"}, "reason"),
        ({**good, "gen": "1"}, "access"),
        ({**good, "gen": 3}, "access"),
        ({**good, "gen": 2}, "access"),
        ({**good, "case_key": b64u(bytes(1216))}, "access"),
        ({**good, "removed": ["bo"]}, "access"),
        ({**good, "added": ["bo", "bo"]}, "access"),
        ({**good, "added": "bo"}, "access"),
        ({**raised, "added": ["bo"]}, "access"),
        ({**raised, "case_key": b64u(b"short")}, "access"),
        ({**raised, "removed": ["mallory"]}, "not_reader"),
        ({**good, "added": ["bo"]}, "not_appointed"),
        ({**good, "added": ["mallory"]}, "not_appointed"),
        ({**good, "seq": 0}, "seq"),
        ({**good, "sealed": good["case_age"]}, "entry"),
        ({**good, "case_age": few}, "stanzas"),
        ({**good, "case_age": two_keys}, "case_age"),
        ({**good, "case_age": good["sealed"]}, "case_age"),
        ({**good, "desk_age": None}, "desk_age"),
        ({**good, "desk_age": good["case_age"]}, "stanzas"),
        ({**good, "desk_prev": 7}, "base64"),
    ]
    for posted, reason in wrong:
        assert (refused(organisation, case, posted), posted["reason"]) == (
            reason,
            posted["reason"],
        )
    assert not sealing_again.post(organisation, "anna", case, good).repeated


def test_the_log_says_who_changed_what_and_nothing_of_the_content(
    organisation: Organisation, case: str
) -> None:
    """Ids, reason, generation, and the instant."""
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    with organisation.parts.database.reading() as session:
        log.verify(session)
        last = session.scalars(select(LogEvent).order_by(LogEvent.position.desc())).first()
    assert last is not None
    assert strictjson.parse(last.payload or b"", 4096, ThreadError) == {
        "event": "AccessChanged",
        "case": case,
        "who": "anna",
        "on": "2026-11-22",
        "reason": "conflict",
        "generation": 2,
        "added": [],
        "removed": ["bo"],
        "at": "2026-11-22T11:00:00+00:00",
    }


def test_a_key_that_the_server_put_into_case_age_is_neither_used_nor_carried_on(
    organisation: Organisation, case: str
) -> None:
    """Only what entry 1 or a verified change names is; so the server cannot read what comes."""
    servers = PrivateKey.generate()
    given = sealing_again.answer(organisation, "anna", case)
    found = sealing_again.opened(organisation, "anna", given)
    anna = organisation.people["anna"].private_key
    forged = seal_case_keys([servers, *found.keys], [anna.public_key], count=4)
    given["case_age"] = b64u(forged)
    made = sealing_again.sealed_again(organisation, "anna", given, Change("conflict", ("bo",)))
    keys = open_case_keys(made.case_age, [anna])
    assert servers.seed not in {one.seed for one in keys}
    with pytest.raises(NotForMeError):
        age.open_sealed(made.sealed, [servers])


def test_who_is_given_an_old_case_age_seals_nothing(organisation: Organisation, case: str) -> None:
    """Or the newest key would be lost to everybody."""
    old = sealing_again.answer(organisation, "anna", case)["case_age"]
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    given = sealing_again.answer(organisation, "anna", case)
    given["case_age"] = old
    with pytest.raises(ThreadError, match="cannot_open"):
        sealing_again.sealed_again(organisation, "anna", given, Change("rollover"))
