"""What a changed keyring, or somebody's leaving, leaves to seal again; what a key could read."""

from datetime import timedelta
from typing import Any

import pytest

from tests import acts, sealing_again
from tests.organisation import Organisation
from tests.sealing_again import Seized
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import open_case_keys
from whistle.errors import NotForMeError
from whistle.services.handling import reseals
from whistle.storage.tables import Case


@pytest.fixture
def case(organisation: Organisation) -> str:
    """A case with a key for notes and one note of Bo's."""
    found = acts.case_id(organisation, acts.file(organisation))
    sealing_again.begin_desk(organisation, "anna", found)
    sealing_again.note(organisation, "bo", found, "Bo's note")
    return found


def row(organisation: Organisation, case: str) -> Case:
    """The case's row."""
    with organisation.parts.database.reading() as session:
        return session.get_one(Case, bytes.fromhex(case))


def test_a_key_that_a_leaving_handler_made_is_replaced_by_the_next(
    organisation: Organisation, case: str
) -> None:
    """His browser made the newest key; so the case waits to be sealed again by another."""
    sealing_again.change(organisation, "bo", case, "recused", remove=("bo",))
    anna = acts.handler(organisation, "anna")
    (waiting,) = reseals.list_reseals(organisation.parts, anna)["cases"]
    assert (waiting["id"], waiting["why"]) == (case, ["recused"])
    sealing_again.change(organisation, "anna", case, "rollover")
    assert reseals.list_reseals(organisation.parts, anna)["cases"] == []
    found = sealing_again.opened(
        organisation, "anna", sealing_again.answer(organisation, "anna", case)
    )
    assert found.case[-1].head["gen"] == 3
    assert found.desk_keys[0].public_key.raw == b64u_decode(found.case[-1].head["desk_key"])


def test_a_leaver_is_listed_case_by_case_and_opens_nothing_afterwards(
    organisation: Organisation, case: str
) -> None:
    """A keyring without him: what waits, what his key could read, and sealing it again."""
    other = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    bo = Seized.by(organisation, "bo", case)
    anna = acts.handler(organisation, "anna")
    organisation.now += timedelta(hours=1)
    acts.publish_keyring(
        organisation,
        change=lambda file: file["handlers"].pop(1),
    )
    (waiting,) = reseals.list_reseals(organisation.parts, anna)["cases"]
    assert (waiting["id"], waiting["why"]) == (case, ["left"])
    (could,) = reseals.reach(organisation.parts, anna, "bo")["cases"]
    assert (could["id"], could["until_on"]) == (case, None)
    before = set(sealing_again.sealed_bytes(organisation))
    sealing_again.change(organisation, "anna", case, "left", remove=("bo",))
    itself = set(sealing_again.sealed_bytes(organisation)) - before
    acts.act(organisation, "anna", case, "acknowledgement")
    after = set(sealing_again.sealed_bytes(organisation)) - before - itself
    assert after
    assert not any(sealing_again.opens(bo, one) for one in after)
    assert reseals.list_reseals(organisation.parts, anna)["cases"] == []
    (could,) = reseals.reach(organisation.parts, anna, "bo")["cases"]
    assert (could["id"], could["until_on"]) == (case, "2026-11-22")
    assert other not in str(reseals.reach(organisation.parts, anna, "bo"))
    for nobody in ("mallory", "", "\0", "\ud800"):
        assert reseals.reach(organisation.parts, anna, nobody)["cases"] == []


def test_a_colleague_with_a_new_key_reads_again_once_the_case_is_sealed_again(
    organisation: Organisation, case: str
) -> None:
    """Listed as a roll-over; the case's own key stays."""
    fresh = PrivateKey.generate()
    anna = acts.handler(organisation, "anna")

    def renewed(file: dict[str, Any]) -> None:
        file["handlers"][1]["age"] = str(fresh.public_key)

    acts.publish_keyring(organisation, change=renewed, cosigner="anna")
    (waiting,) = reseals.list_reseals(organisation.parts, anna)["cases"]
    assert waiting["why"] == ["rollover"]
    with pytest.raises(NotForMeError):
        open_case_keys(row(organisation, case).case_age, [fresh])
    sealing_again.change(organisation, "anna", case, "rollover")
    assert len(open_case_keys(row(organisation, case).case_age, [fresh])) == 1
    with pytest.raises(NotForMeError):
        open_case_keys(row(organisation, case).case_age, [organisation.people["bo"].private_key])
    assert reseals.list_reseals(organisation.parts, anna)["cases"] == []
