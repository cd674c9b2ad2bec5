"""Who the reporter is leaves the circle by consent, or by a duty that waits: as the server sees."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from tests.services.handling.posting import post, refused
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u_decode
from whistle.services import tasks
from whistle.services.handling import cases
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.storage.tables import LogEvent, Task

SCOPE = {"scope": ["name"]}


def answered(organisation: Organisation, filed: acts.Filed) -> None:
    """Let the reporter answer: any sealed entry, since the server cannot see which way."""
    token = filed.receipt.mailbox_token
    seq = len(read_mailbox(organisation.parts, token)["entries"]) + 1
    sealed = acts.any_entry(PrivateKey.generate())
    append_entry(organisation.parts, token, seq=seq, kind="consent", sealed=sealed)


def the_tasks(organisation: Organisation, case: str) -> list[tuple[date, date | None]]:
    """Due and done of the case's waiting times."""
    with organisation.parts.database.reading() as session:
        found = session.scalars(
            select(Task).where(Task.case_id == bytes.fromhex(case), Task.kind == tasks.DISCLOSURE)
        )
        return [(one.due_on, one.done_on) for one in found]


def events(organisation: Organisation) -> list[dict[str, object]]:
    """The log, its last event last."""
    with organisation.parts.database.reading() as session:
        rows = session.scalars(select(LogEvent).order_by(LogEvent.position))
        return [json.loads(one.payload) for one in rows if one.payload]


def test_invariant_18_no_disclosure_by_consent_before_the_reporter_answered(
    organisation: Organisation,
) -> None:
    """The server cannot see which way it was answered, but that it was."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "consent_request", adds=SCOPE)
    by_consent = {"ground": "consent"}
    assert refused(organisation, case, "disclosure", by_consent, seq=4) == "no_consent"
    answered(organisation, filed)
    assert post(organisation, case, "disclosure", by_consent, seq=5).seq == 5


def test_invariant_19_a_duty_waits_a_week_after_the_reporter_was_told(
    organisation: Organisation, case: str
) -> None:
    """Not a day earlier; the waiting time is a task with its day, done by the disclosure."""
    by_duty = {"ground": "duty"}
    assert refused(organisation, case, "disclosure", by_duty) == "too_early"
    opened = cases.open_case(organisation.parts, acts.handler(organisation, "anna"), case)
    assert opened["disclose_from_on"] == "2026-11-29"
    post(organisation, case, "disclosure_notice")
    assert the_tasks(organisation, case) == [(date(2026, 11, 29), None)]
    organisation.move(6)
    assert refused(organisation, case, "disclosure", by_duty, seq=4) == "too_early"
    organisation.move(1)
    post(organisation, case, "disclosure", by_duty, seq=4)
    assert the_tasks(organisation, case) == [(date(2026, 11, 29), date(2026, 11, 29))]


@pytest.mark.parametrize("ground", ["urgent", "would_jeopardise"])
@pytest.mark.parametrize(
    ("kind", "place"),
    [("disclosure", {}), ("untold_disclosure", {"chain": "desk", "seq": 1})],
)
def test_invariant_19_what_cannot_wait_names_a_listed_reason(
    organisation: Organisation, case: str, ground: str, kind: str, place: dict[str, object]
) -> None:
    """It is kept in the log, as a code; anything else is refused."""
    for other in ("curious", "", None):
        assert refused(organisation, case, kind, {"ground": other}, **place) == "ground"
    post(organisation, case, kind, {"ground": ground}, **place)
    last = events(organisation)[-1]
    assert (last["event"], last["ground"], last["who"]) == ("Disclosed", ground, "anna")


def test_invariant_21_a_package_is_logged_by_kind_of_recipient_and_nothing_else(
    organisation: Organisation, case: str
) -> None:
    """Case, handler and a code; a plain hand-over stays what it was."""
    desk = {"chain": "desk", "seq": 1}
    assert refused(organisation, case, "handover", {"to": "the neighbours"}, **desk) == "to"
    post(organisation, case, "handover", {"to": "authority"}, **desk)
    last = events(organisation)[-1]
    assert set(last) == {"event", "case", "who", "on", "rules", "to", "at"}
    assert (last["event"], last["case"], last["to"]) == ("Exported", case, "authority")
    post(organisation, case, "handover", chain="desk", seq=2)
    assert events(organisation)[-1]["event"] == "HandedOver"


@pytest.mark.parametrize(
    "kind", ["consent_request", "disclosure_notice", "disclosure", "handover_preview"]
)
def test_an_investigator_discloses_nothing(
    organisation: Organisation, case: str, kind: str
) -> None:
    """They investigate, and do not speak for the organisation."""

    def change(content: dict[str, list[dict[str, object]]]) -> None:
        content["handlers"][0]["channels"] = {"main": "investigator"}

    acts.publish_keyring(organisation, change=change, cosigner="bo")
    assert refused(organisation, case, kind, {"ground": "urgent"}) == "investigator"


def test_the_reporter_may_take_it_back_after_the_case_is_closed(organisation: Organisation) -> None:
    """Consent is never bound to an open case."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    acts.act(organisation, "anna", case, "feedback", adds={"final": True, "next_on": None})
    acts.act(organisation, "anna", case, "closing", adds={"outcome": "partly"})
    answered(organisation, filed)
    last = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["entries"][-1]
    assert last["kind"] == "consent"
    assert b64u_decode(last["sealed"])
