"""Persons who are named: which grounds count, and which carry the alarm that handlers see."""

from tests.vectors.making import persons
from tests.vectors.making.story import CHAIN
from tests.vectors.making.threads import Teller
from whistle.crypto.chain import verify_thread
from whistle.crypto.encoding import b64u
from whistle.crypto.persons import Persons


def test_invariant_20_a_name_may_be_told_by_that_persons_consent_or_a_duty_alone() -> None:
    """Each way of resting on nothing, on too much, or on what was ended, carries an alarm."""
    teller = Teller()
    case = verify_thread(
        [row.record for row in teller.start], [teller.story.case], CHAIN, thread=None
    )
    found, expected = {}, {}
    for told in persons.named(persons.Desk(teller.story, teller.start)):
        records = [row.record for row in told.scene.rows]
        entries = verify_thread(records, told.scene.keys, CHAIN, thread=None, case=case)
        found[told.scene.comment] = tuple(one.alarm for one in entries[1:])
        expected[told.scene.comment] = told.alarms
        live = Persons()
        for one in entries:
            live.follow(one.head, one.sealed_sha256, one.on)
        grounds = [b64u(one.sealed_sha256) for one in entries if one.kind == "person_ground"]
        ended = any(one.kind == "person_ended" for one in entries)
        counts = [live.may_be_told(one) is not None for one in grounds]
        assert counts == [told.alarms[-1] is None and not ended] * len(grounds)
    assert found == expected
    assert len(found) == 14
