"""What a date means on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.law import ChipState, Clock, Kept, chip

DUE = date(2026, 12, 31)
LATEST = date(2027, 1, 4)

some_day = st.dates(date(2026, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("clock", "days_before", "state"),
    [
        (Clock.ACKNOWLEDGE, 3, ChipState.IN_TIME),
        (Clock.ACKNOWLEDGE, 2, ChipState.SOON),
        (Clock.FEEDBACK, 8, ChipState.IN_TIME),
        (Clock.FEEDBACK, 7, ChipState.SOON),
        (Clock.FEEDBACK, 1, ChipState.SOON),
        (Clock.FEEDBACK, 0, ChipState.TODAY),
    ],
)
def test_soon_begins_two_days_before_acknowledging_and_seven_before_all_else(
    clock: Clock, days_before: int, state: ChipState
) -> None:
    """The thresholds, to the day."""
    one = chip(clock, DUE, DUE - timedelta(days=days_before), latest_on=LATEST)
    assert (one.state, one.days, one.kept) == (state, days_before, Kept.IN_TIME)


def test_late_from_the_strict_date_and_missed_from_the_latest() -> None:
    """New Year's Eve: late on 1 January, missed on 5 January."""
    late = chip(Clock.FEEDBACK, DUE, date(2027, 1, 4), latest_on=LATEST)
    missed = chip(Clock.FEEDBACK, DUE, date(2027, 1, 5), latest_on=LATEST)
    assert (late.state, late.days, late.kept) == (ChipState.LATE, 4, Kept.LATE)
    assert (missed.state, missed.days, missed.kept) == (ChipState.MISSED, 5, Kept.MISSED)


def test_a_date_without_a_legal_last_day_is_never_missed() -> None:
    """What we promised ourselves can be late only."""
    one = chip(Clock.NEXT_FEEDBACK, DUE, DUE + timedelta(days=400))
    assert (one.state, one.kept) == (ChipState.LATE, Kept.LATE)


def test_done_still_tells_how_it_was_kept() -> None:
    """Done in time, late and missed, however long ago."""
    kept = {
        done_on: chip(Clock.FEEDBACK, DUE, date(2028, 1, 1), latest_on=LATEST, done_on=done_on)
        for done_on in (DUE - timedelta(days=9), date(2027, 1, 2), date(2027, 1, 6))
    }
    assert [(one.state, one.days, one.kept) for one in kept.values()] == [
        (ChipState.DONE, 0, Kept.IN_TIME),
        (ChipState.DONE, 2, Kept.LATE),
        (ChipState.DONE, 6, Kept.MISSED),
    ]


def test_nothing_owed_is_none_and_done_all_the_same_is_done() -> None:
    """An exception holds, or the law sets no date."""
    today = DUE + timedelta(days=9)
    assert chip(Clock.ACKNOWLEDGE, DUE, today, owed=False).state is ChipState.NONE
    assert chip(Clock.ACKNOWLEDGE, None, today).state is ChipState.NONE
    assert chip(Clock.ACKNOWLEDGE, None, today, done_on=today).state is ChipState.DONE
    done = chip(Clock.ACKNOWLEDGE, DUE, today, done_on=DUE, owed=False)
    assert (done.state, done.kept) == (ChipState.DONE, Kept.IN_TIME)


@given(due=some_day, roll=st.integers(0, 6), today=some_day, done=st.none() | some_day)
def test_the_chip_and_its_days_never_contradict_each_other(
    due: date, roll: int, today: date, done: date | None
) -> None:
    """Days are never negative and fit the state; a later day is never a better state."""
    latest = due + timedelta(days=roll)
    one = chip(Clock.FEEDBACK, due, today, latest_on=latest, done_on=done)
    assert one.days >= 0
    assert (one.state is ChipState.DONE) == (done is not None)
    if done is None:
        assert one.days == abs((today - due).days)
        assert (one.state in {ChipState.LATE, ChipState.MISSED}) == (today > due)
        assert (one.state is ChipState.MISSED) == (today > latest)
        assert (one.state is ChipState.TODAY) == (today == due)
        order = list(ChipState)
        after = chip(Clock.FEEDBACK, due, today + timedelta(days=1), latest_on=latest)
        assert order.index(after.state) >= order.index(one.state)
