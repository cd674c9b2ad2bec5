"""A case's row and the case as the core sees it are the same, both ways."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.case import AcknowledgeBy, CaseState
from whistle.case.events import Actor, Closed, NoFeedback, Outcome, Side
from whistle.config import Acknowledge, Channel
from whistle.errors import CaseError
from whistle.law import Clock
from whistle.services import facts
from whistle.storage.tables import Case, LogEvent, LogWaiting

CHANNEL = Channel(id="main", name="Example Works")
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 1))
LATER = st.none() | st.dates(date(2027, 1, 1), date(2029, 1, 1))
OWED = st.frozensets(st.sampled_from([one for one in Clock if one is not Clock.DUTY]))
STATES = st.builds(
    CaseState,
    received_on=DAYS, last_on=DAYS, active_on=DAYS, waived=st.booleans(),
    withheld=st.none() | st.just("identity"), excused=st.booleans(), acknowledged_on=LATER,
    acknowledged_by=st.none() | st.sampled_from([Side.HANDLER, Side.SYSTEM]),
    feedback_on=LATER, final_feedback_on=LATER, next_feedback_on=LATER, meeting_asked_on=LATER,
    meeting_offered_on=LATER, out_of_scope=st.booleans(), handed_over=st.booleans(),
    promise_broken_on=LATER, closed_on=LATER,
    outcome=st.none() | st.sampled_from(Outcome),
    no_feedback=st.none() | st.sampled_from(NoFeedback), erased_on=LATER, late=OWED, missed=OWED,
)  # fmt: skip


@settings(deadline=None)
@given(STATES)
def test_what_is_kept_is_read_again(state: CaseState) -> None:
    """Every fact of the core has its column."""
    row = Case()
    facts.keep(row, state, CHANNEL, date(2027, 1, 1))
    assert facts.state_of(row) == state
    assert (row.wake_on is None) == (state.erased_on is not None)


def test_no_fact_of_the_core_is_forgotten() -> None:
    """A new field of the state must be kept, or be known as one that no law of ours uses."""
    kept = {*facts._PLAIN, "acknowledged_by", "outcome", "no_feedback", "late", "missed"}
    assert {one.name for one in fields(CaseState)} - kept == {"extended"}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Acknowledge.AT_ONCE, AcknowledgeBy.AT_ONCE),
        (Acknowledge.BY_HANDLER, AcknowledgeBy.LAST_SAFE_DAY),
    ],
)
def test_a_channel_says_how_its_clock_runs(by: Acknowledge, expected: AcknowledgeBy) -> None:
    """Its law, its zone, its backups, its policy."""
    channel = Channel(
        id="x", name="X", law="EU", country="FI", zone="Europe/Helsinki", acknowledge=by,
        backup_life_days=30, public_body=True, keep_months=6, breach_hours=48,
    )  # fmt: skip
    policy = facts.policy_of(channel)
    assert policy.acknowledge is expected
    limits = policy.limits
    assert (limits.law.code, limits.calendar.country, limits.zone.key) == (
        "EU", "FI", "Europe/Helsinki",
    )  # fmt: skip
    assert (limits.backup_life_days, limits.public_body) == (30, True)
    assert (limits.keep_months, limits.breach_hours) == (6, 48)


def test_what_the_rules_refuse_changes_nothing(organisation: Organisation) -> None:
    """Neither the row nor the log."""
    filed = acts.file(organisation)
    before = _values(clock.row(organisation, filed))
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        event = Closed(
            on=date(2026, 11, 22), at=organisation.now, actor=Actor.handler("anna"),
            rules=facts.limits_of(CHANNEL).version, outcome=Outcome.SETTLED,
        )  # fmt: skip
        with pytest.raises(CaseError, match="not_acknowledged"):
            facts.happen(session, case, event, CHANNEL)
    after = _values(clock.row(organisation, filed))
    assert after == before
    with organisation.parts.database.reading() as session:
        assert session.query(LogEvent).all() == []
        assert session.query(LogWaiting).count() == 1


def test_everything_that_happens_wakes_the_clock_and_orders_the_list(
    organisation: Organisation,
) -> None:
    """Once, today; the nearest strict date that is still owed."""
    filed = acts.file(organisation)
    clock.turn(organisation)
    assert clock.row(organisation, filed).wake_on == date(2026, 11, 25)
    clock.acknowledge(organisation, filed)
    case = clock.row(organisation, filed)
    assert (case.wake_on, case.due_on) == (date(2026, 11, 22), date(2027, 2, 22))
    clock.give_feedback(organisation, filed)
    assert clock.row(organisation, filed).due_on is None


def test_an_event_in_the_log_names_who_when_and_by_which_rules(
    organisation: Organisation,
) -> None:
    """And nothing of what was said."""
    filed = acts.file(organisation)
    organisation.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    clock.acknowledge(organisation, filed)
    case = clock.row(organisation, filed)
    with organisation.parts.database.reading() as session:
        event = session.query(LogEvent).order_by(LogEvent.position).all()[-1]
    assert json.loads(event.payload or b"") == {
        "event": "Acknowledged", "case": case.id.hex(), "who": "anna", "on": "2026-11-23",
        "rules": facts.limits_of(CHANNEL).version, "at": "2026-11-23T09:30:00+00:00",
    }  # fmt: skip


def _values(case: Case) -> dict[str, object]:
    return {one.name: getattr(case, one.name) for one in Case.__table__.columns}
