"""What a list shows of many cases: sealed pieces, for those alone who see them."""

from typing import Any

import pytest

from tests import acts
from tests.counting import counting
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u_decode
from whistle.errors import DeniedError, FilingError
from whistle.services.handling import cases, pieces, writing
from whistle.services.handling.writing import Written


def _asked(organisation: Organisation, *ids: object, who: str = "anna") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pieces.pieces(
        organisation.parts, acts.handler(organisation, who), list(ids)
    )["pieces"]
    return found


def _mark(organisation: Organisation, case: str, seq: int, who: str = "anna") -> bytes:
    sealed = acts.any_entry(organisation.people[who].private_key)
    written = Written("desk", seq, "marks", sealed)
    writing.write(organisation.parts, acts.handler(organisation, who), case, written)
    return sealed


def _listed(organisation: Organisation, who: str) -> dict[str, Any]:
    answer = cases.list_cases(organisation.parts, acts.handler(organisation, who))
    return {one["id"]: one for one in answer["cases"]}


def test_they_are_the_same_bytes_as_in_the_whole_case(organisation: Organisation) -> None:
    """Keys, report and marks, in the order that was asked for, each case once."""
    one, other = (acts.case_id(organisation, acts.file(organisation)) for _ in range(2))
    _mark(organisation, one, 1)
    newest = _mark(organisation, one, 2)
    found = _asked(organisation, other, one, other)
    assert [piece["id"] for piece in found] == [other, one]
    whole = cases.open_case(organisation.parts, acts.handler(organisation, "anna"), one)
    piece = found[1]
    for name in ("channel", "thread", "case_age", "desk_age"):
        assert piece[name] == whole[name]
    assert piece["report"] == whole["entries"][0]
    assert piece["marks"] == whole["notes"][1]
    assert b64u_decode(piece["marks"]["sealed"]) == newest
    assert found[0]["marks"] is None


def test_absent_foreign_and_wrong_ids_are_left_out(organisation: Organisation) -> None:
    """Nothing tells which; also somebody who was taken out, and a deputy who waits."""
    foreign = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    own = acts.case_id(organisation, acts.file(organisation))
    asked = (foreign, own, "00" * 16, "x", None, 5)
    assert [one["id"] for one in _asked(organisation, *asked, who="bo")] == [own]
    assert _asked(organisation, *asked, who="carin") == []


@pytest.mark.parametrize("asked", [None, "x", {}, ["00" * 16] * 51])
def test_it_is_a_list_of_fifty_at_most(organisation: Organisation, asked: object) -> None:
    """One answer is bounded."""
    with pytest.raises(FilingError, match="cases"):
        pieces.pieces(organisation.parts, acts.handler(organisation, "anna"), asked)


def test_many_cost_no_more_statements_than_one(organisation: Organisation) -> None:
    """And a case that is asked for does not become read."""
    ids = [acts.case_id(organisation, acts.file(organisation)) for _ in range(4)]
    for one in ids:
        _mark(organisation, one, 1)
    counts = []
    for asked in (ids[:1], ids):
        with counting(organisation) as counted:
            assert len(_asked(organisation, *asked)) == len(asked)
        counts.append(len(counted.statements))
    assert counts[0] == counts[1]
    assert all(one["unread"] for one in _listed(organisation, "anna").values())


def test_the_list_tells_the_number_of_the_newest_marks(organisation: Organisation) -> None:
    """So that a browser knows that a colleague has changed them; they make nothing unread."""
    case = acts.case_id(organisation, acts.file(organisation))
    anna = acts.handler(organisation, "anna")
    cases.open_case(organisation.parts, anna, case)
    assert _listed(organisation, "anna")[case]["marks"] is None
    _mark(organisation, case, 1, who="bo")
    one = _listed(organisation, "anna")[case]
    assert (one["marks"], one["unread"]) == (1, False)


def test_a_colleague_s_note_is_unread_until_the_case_is_opened(organisation: Organisation) -> None:
    """One's own is not."""
    case = acts.case_id(organisation, acts.file(organisation))
    for who in ("anna", "bo"):
        cases.open_case(organisation.parts, acts.handler(organisation, who), case)
    acts.write(
        organisation, "bo", case, "note", 1,
        acts.any_entry(organisation.people["bo"].private_key),
    )  # fmt: skip
    assert not _listed(organisation, "bo")[case]["unread"]
    assert _listed(organisation, "anna")[case]["unread"]
    cases.open_case(organisation.parts, acts.handler(organisation, "anna"), case)
    assert not _listed(organisation, "anna")[case]["unread"]


def test_an_investigator_marks_nothing(organisation: Organisation) -> None:
    """Who handles a case says who works on it."""
    case = acts.case_id(organisation, acts.file(organisation))
    acts.publish_keyring(organisation, change=_bo_investigates, cosigner="anna")
    with pytest.raises(DeniedError, match="investigator"):
        _mark(organisation, case, 1, who="bo")


def _bo_investigates(content: dict[str, Any]) -> None:
    content["handlers"][1]["channels"] = {"main": "investigator"}
