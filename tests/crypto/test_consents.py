"""Consents and disclosures: which are founded, and which carry the alarm that both sides see."""

from tests.vectors.making import consents
from tests.vectors.making.story import CHAIN
from tests.vectors.making.threads import Teller
from whistle.crypto.chain import verify_thread


def test_invariant_18_a_disclosure_without_consent_or_duty_carries_an_alarm() -> None:
    """Seventeen ways to disclose: by consent, by duty, and each way of resting on nothing."""
    teller = Teller()
    found = {}
    expected = {}
    for told in consents.disclosures(teller.story, teller.start):
        records = [row.record for row in told.scene.rows]
        entries = verify_thread(records, [teller.story.case], CHAIN, thread=None)
        found[told.scene.comment] = entries[-1].alarm
        expected[told.scene.comment] = told.alarm
    assert found == expected
    assert len(found) == 17
