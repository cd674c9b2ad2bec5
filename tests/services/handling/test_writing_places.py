"""Where and by whom an entry may be written; the desk key; what may be removed."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from tests.services.handling.posting import post, refused, row
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.errors import ConflictError, FilingError, NotFoundError
from whistle.services.handling import cases, writing
from whistle.storage.tables import Access, Entry, LogEvent

FINAL = {"final": True, "next_on": None}


WRONG_PLACES: dict[str, dict[str, object]] = {
    "a report": {"kind": "report"},
    "a system line": {"kind": "received"},
    "a note in the reporter's chain": {"kind": "note"},
    "a message in the handlers' chain": {"kind": "message", "chain": "desk", "seq": 1},
    "another chain": {"kind": "message", "chain": "other"},
    "no chain": {"kind": "message", "chain": None},
    "a list for a chain": {"kind": "message", "chain": []},
    "a list for a kind": {"kind": []},
    "no kind": {"kind": None},
}


@pytest.mark.parametrize("place", WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_kind_stands_in_its_own_chain(
    organisation: Organisation, case: str, place: dict[str, object]
) -> None:
    """And only kinds that handlers write are taken."""
    assert refused(organisation, case, **place) == "kind"


@pytest.mark.parametrize("seq", [None, "3", True, 3.0, 0, -1, 10**30, []])
def test_what_is_no_number_is_refused(organisation: Organisation, case: str, seq: object) -> None:
    """Whatever its type and size."""
    assert refused(organisation, case, "message", seq=seq) == "seq"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_an_entry_out_of_turn_is_refused(organisation: Organisation, case: str, seq: int) -> None:
    """Its writer has not seen the newest one."""
    assert refused(organisation, case, "message", seq=seq) == "out_of_turn"


def test_what_is_not_sealed_is_refused(organisation: Organisation, case: str) -> None:
    """The server keeps no plaintext."""
    assert refused(organisation, case, "message", sealed=b"Hello") == "entry"


@pytest.mark.parametrize("kind", ["message", "acknowledgement", "feedback", "closing"])
def test_an_investigator_does_not_write_to_the_reporter(
    organisation: Organisation, case: str, kind: str
) -> None:
    """The Act lets them investigate, not follow up in the organisation's name."""
    _make_investigator(organisation, case)
    assert refused(organisation, case, kind, FINAL) == "investigator"


def test_an_investigator_writes_notes(organisation: Organisation, case: str) -> None:
    """In the handlers' own chain."""
    _make_investigator(organisation, case)
    assert post(organisation, case, "note", chain="desk", seq=1).seq == 1


@pytest.mark.parametrize("kind", ["marks", "person", "person_ground", "person_ended"])
def test_an_investigator_decides_nothing_about_a_case(
    organisation: Organisation, case: str, kind: str
) -> None:
    """Neither how it is marked nor to whom a name may go."""
    _make_investigator(organisation, case)
    assert refused(organisation, case, kind, chain="desk", seq=1) == "investigator"


@pytest.mark.parametrize("kind", ["person", "person_ground", "person_ended"])
def test_what_handlers_say_of_persons_is_no_event(
    organisation: Organisation, case: str, kind: str
) -> None:
    """It is kept with the notes, and the log hears nothing of it."""
    before = _events(organisation)
    assert post(organisation, case, kind, chain="desk", seq=1).seq == 1
    assert _events(organisation) == before


def _events(organisation: Organisation) -> int:
    with organisation.parts.database.reading() as session:
        return len(session.scalars(select(LogEvent)).all())


def _make_investigator(organisation: Organisation, case: str) -> None:
    def change(content: dict[str, list[dict[str, object]]]) -> None:
        content["handlers"][0]["channels"] = {"main": "investigator"}

    acts.publish_keyring(organisation, change=change, cosigner="bo")
    with organisation.parts.database.writing() as session:
        session.get_one(Access, (bytes.fromhex(case), "anna")).role = "investigator"


@pytest.mark.parametrize("handler_id", ["bo", "carin"])
def test_who_does_not_see_a_case_does_not_write_in_it(
    organisation: Organisation, handler_id: str
) -> None:
    """Left out or still waiting: the case is not there."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    entry = acts.any_entry(organisation.people["bo"].private_key)
    with pytest.raises(NotFoundError, match="unknown"):
        acts.write(organisation, handler_id, case, "message", 3, entry)
    with pytest.raises(NotFoundError, match="unknown"):
        writing.put_desk_key(
            organisation.parts, acts.handler(organisation, handler_id), case, _desk_key()
        )


def _desk_key(stanzas: int = 3, size: int = 77) -> bytes:
    to = [PrivateKey.generate().public_key for _ in range(stanzas)]
    return age.seal(bytes(size), to)


def test_the_first_desk_key_is_kept(organisation: Organisation, case: str) -> None:
    """The same one again is no fault; another is refused, and a colleague reads the first."""
    anna, bo = (acts.handler(organisation, one) for one in ("anna", "bo"))
    first = _desk_key()
    writing.put_desk_key(organisation.parts, anna, case, first)
    writing.put_desk_key(organisation.parts, anna, case, first)
    with pytest.raises(ConflictError, match="desk_key"):
        writing.put_desk_key(organisation.parts, bo, case, _desk_key())
    assert cases.open_case(organisation.parts, bo, case)["desk_age"] == b64u(first)


@pytest.mark.parametrize("sealed", [b"", b"x", _desk_key(65), _desk_key(3, 2049)])
def test_what_is_no_desk_key_is_refused(
    organisation: Organisation, case: str, sealed: bytes
) -> None:
    """No age file, too many readers, or too much inside."""
    anna = acts.handler(organisation, "anna")
    with pytest.raises(FilingError, match="case_age"):
        writing.put_desk_key(organisation.parts, anna, case, sealed)


def test_the_desk_chain_begins_with_its_key(organisation: Organisation, case: str) -> None:
    """Entry and key come in one request: both are kept, or neither."""
    anna, key = acts.handler(organisation, "anna"), _desk_key()
    post(organisation, case, "desk", {"desk_age": b64u(key)}, chain="desk", seq=1)
    assert cases.open_case(organisation.parts, anna, case)["desk_age"] == b64u(key)


@pytest.mark.parametrize("given", [None, 5, [], "ä", "AA", "A", b64u(b"plain")])
def test_the_desk_chain_does_not_begin_without_a_key(
    organisation: Organisation, case: str, given: object
) -> None:
    """Missing, of another type, no base64, not sealed."""
    facts = {} if given is None else {"desk_age": given}
    reason = refused(organisation, case, "desk", facts, chain="desk", seq=1)
    assert reason in {"desk_age", "case_age"}


def test_the_desk_chain_begins_once(organisation: Organisation, case: str) -> None:
    """A second beginning would take the notes from everybody."""
    key = {"desk_age": b64u(_desk_key())}
    post(organisation, case, "desk", key, chain="desk", seq=1)
    other = {"desk_age": b64u(_desk_key())}
    assert refused(organisation, case, "desk", other, chain="desk", seq=2) == "kind"


def test_a_key_that_was_put_alone_gives_way_to_the_chains(
    organisation: Organisation, case: str
) -> None:
    """Without its entry it opens nothing yet; named by the entry, the one there may stay."""
    anna, alone, named = acts.handler(organisation, "anna"), _desk_key(), _desk_key()
    writing.put_desk_key(organisation.parts, anna, case, alone)
    post(organisation, case, "desk", {"desk_age": b64u(named)}, chain="desk", seq=1)
    assert cases.open_case(organisation.parts, anna, case)["desk_age"] == b64u(named)


def test_the_entry_may_follow_a_key_that_was_put_before(
    organisation: Organisation, case: str
) -> None:
    """Two requests, as an earlier page made them."""
    anna, key = acts.handler(organisation, "anna"), _desk_key()
    writing.put_desk_key(organisation.parts, anna, case, key)
    assert post(organisation, case, "desk", chain="desk", seq=1).seq == 1
    assert cases.open_case(organisation.parts, anna, case)["desk_age"] == b64u(key)


def test_notes_have_their_own_numbers(organisation: Organisation, case: str) -> None:
    """The reporter cannot count them by gaps."""
    for seq in (1, 2):
        post(organisation, case, "note", chain="desk", seq=seq)
    assert post(organisation, case, "message").seq == 3


def test_a_note_moves_no_date(organisation: Organisation, case: str) -> None:
    """It is nobody's follow-up."""
    organisation.move(1)
    post(organisation, case, "note", chain="desk", seq=1)
    assert row(organisation, case).last_on == date(2026, 11, 22)


WRONG_REMOVALS: dict[str, object] = {
    "nothing": None,
    "an empty list": [],
    "a text": "3",
    "no table": [3],
    "another hash": [{"seq": 3, "sha256": b64u(bytes(32))}],
    "no hash": [{"seq": 3}],
    "a hash that is none": [{"seq": 3, "sha256": "ä"}],
    "another number": [{"seq": 9, "sha256": "HASH"}],
    "a number out of all size": [{"seq": 10**30, "sha256": "HASH"}],
    "a list for a number": [{"seq": [3], "sha256": "HASH"}],
    "the report": [{"seq": 1, "sha256": "REPORT"}],
}


@pytest.mark.parametrize("named", WRONG_REMOVALS.values(), ids=WRONG_REMOVALS)
def test_a_proposal_names_exactly_what_may_go(
    organisation: Organisation, case: str, named: object
) -> None:
    """Never the report, and never by mistake."""
    appended = post(organisation, case, "message")
    with organisation.parts.database.reading() as session:
        report = session.scalars(select(Entry.sha256).where(Entry.seq == 1)).one()
    hashes = {"HASH": b64u(appended.sha256), "REPORT": b64u(report)}
    if isinstance(named, list) and named and isinstance(named[0], dict):
        one = named[0]
        named = [{**one, "sha256": hashes.get(str(one.get("sha256")), one.get("sha256"))}]
    facts = {"erases": "entries", "entries": named, "reason": "irrelevant"}
    reason = refused(organisation, case, "erasure_proposal", facts, chain="desk", seq=1)
    assert reason in {"entries", "seq"}
