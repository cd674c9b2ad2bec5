"""The dates of a case: every day of thirty years against the oracle, and the laws they obey."""

from dataclasses import replace
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law import oracle
from whistle.errors import LawError
from whistle.law import Deadlines, Facts, deadlines, limits_for
from whistle.law.limits import Certainty

SE = limits_for("SE")
EU = limits_for("EU")
LAWS = {"SE": SE, "EU": EU}

FIRST, LAST = date(2020, 1, 1), date(2050, 12, 31)
EVERY_DAY = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]

some_day = st.dates(FIRST, LAST)
some_delay = st.integers(0, 400)


def _four(dates: Deadlines) -> tuple[date | None, ...]:
    return (
        dates.acknowledge_due_on,
        dates.acknowledge_latest_on,
        dates.feedback_due_on,
        dates.feedback_latest_on,
    )


@pytest.mark.parametrize("delay", [None, 0, 1, 6, 7, 8, 40])
@pytest.mark.parametrize("law", ["SE", "EU"])
def test_invariant_04_every_day_of_thirty_years_agrees_with_the_oracle(
    law: str, delay: int | None
) -> None:
    """Two independent computations give the same four dates for every day of receipt."""
    for received in EVERY_DAY:
        acknowledged = None if delay is None else received + timedelta(days=delay)
        found = _four(deadlines(LAWS[law], Facts(received, acknowledged_on=acknowledged)))
        assert found == oracle.dates(received, acknowledged, eves=law == "SE"), received


def test_every_closing_day_agrees_with_the_oracle() -> None:
    """The time of keeping, too, for every day."""
    for closed in EVERY_DAY:
        found = deadlines(SE, Facts(closed, closed_on=closed)).erase_by
        assert found == oracle.erase(closed), closed


def test_the_oracle_and_the_holiday_tables_know_the_same_days() -> None:
    """Swedish public holidays 2020 to 2051 from Easter's algorithm and from the package."""
    for year in range(2020, 2052):
        assert frozenset(holidays.country_holidays("SE", years=year)) == oracle.red_days(year)


def test_the_eves_make_the_laws_differ_as_often_as_the_reference_says() -> None:
    """The 7-day last days differ for 14 of the 1,461 receipt days 2026 to 2029."""
    days = [day for day in EVERY_DAY if 2026 <= day.year <= 2029]
    pairs = [(deadlines(SE, Facts(day)), deadlines(EU, Facts(day))) for day in days]
    differ = [(se, eu) for se, eu in pairs if se.acknowledge_latest_on != eu.acknowledge_latest_on]
    assert len(days) == 1461
    assert len(differ) == 14
    assert all(
        se.acknowledge_latest_on > eu.acknowledge_latest_on
        for se, eu in differ
        if se.acknowledge_latest_on and eu.acknowledge_latest_on
    )


def test_three_months_never_end_on_new_years_eve() -> None:
    """30 September and three months is 30 December: that eve touches only the seven days."""
    for received in EVERY_DAY:
        due_on = deadlines(SE, Facts(received, acknowledged_on=received)).feedback_due_on
        assert due_on is not None
        assert (due_on.month, due_on.day) != (12, 31)


@given(received=some_day, first=some_delay, second=some_delay)
def test_invariant_04_a_later_acknowledgement_never_moves_the_due_date_past_the_fallback(
    received: date, first: int, second: int
) -> None:
    """The strict date is at most that of an unacknowledged case, however late one comes."""
    for limits in LAWS.values():
        never = deadlines(limits, Facts(received)).feedback_due_on
        early, late = sorted((first, second))
        dates = [
            deadlines(
                limits, Facts(received, acknowledged_on=received + timedelta(days=delay))
            ).feedback_due_on
            for delay in (early, late)
        ]
        assert never is not None
        assert all(one is not None and one <= never for one in dates)
        if early > 7:
            assert dates == [never, never]


@given(received=some_day, later=st.integers(0, 40))
def test_a_later_report_is_never_due_earlier(received: date, later: int) -> None:
    """Due dates grow with the receipt date, month ends included."""
    for limits in LAWS.values():
        first = _four(deadlines(limits, Facts(received)))
        second = _four(deadlines(limits, Facts(received + timedelta(days=later))))
        assert all(
            a is not None and b is not None and a <= b for a, b in zip(first, second, strict=True)
        )


@given(received=some_day, delay=st.none() | some_delay)
def test_the_strict_date_is_never_after_the_latest(received: date, delay: int | None) -> None:
    """Rolling only lengthens, and the Union's last day is never after the Act's."""
    acknowledged = None if delay is None else received + timedelta(days=delay)
    facts = Facts(received, acknowledged_on=acknowledged)
    for dates in (deadlines(SE, facts), deadlines(EU, facts)):
        due, latest, feedback_due, feedback_latest = _four(dates)
        assert due is not None
        assert latest is not None
        assert feedback_due is not None
        assert feedback_latest is not None
        assert received < due <= latest
        assert due < feedback_due <= feedback_latest or delay is not None
        assert feedback_due <= feedback_latest


@given(received=some_day, delay=st.none() | some_delay)
def test_invariant_03_a_waived_or_withheld_acknowledgement_changes_no_date(
    received: date, delay: int | None
) -> None:
    """Waiving or withholding leaves all dates as they are, under either law."""
    acknowledged = None if delay is None else received + timedelta(days=delay)
    for limits in LAWS.values():
        plain = _four(deadlines(limits, Facts(received, acknowledged_on=acknowledged)))
        for waived, withheld in ((True, None), (False, "identity"), (True, "identity")):
            facts = Facts(received, acknowledged, waived=waived, withheld=withheld)
            assert _four(deadlines(limits, facts)) == plain


def test_a_waiver_is_recognised_by_the_act_and_not_by_the_directive() -> None:
    """The two exceptions of Art. 11(2)(b) are for authorities only."""
    facts = Facts(date(2026, 12, 1), waived=True, withheld="identity")
    assert deadlines(SE, facts).not_recognised == ()
    unknown = deadlines(EU, facts).not_recognised
    assert [one.code for one in unknown] == ["waived", "identity"]
    assert all("9(1)(b)" in one.source.citation for one in unknown)


def test_an_extension_is_not_recognised_where_the_law_knows_none() -> None:
    """Internal channels have no six months under either law here."""
    for limits in LAWS.values():
        plain = deadlines(limits, Facts(date(2026, 12, 1)))
        asked = deadlines(limits, Facts(date(2026, 12, 1), extended=True))
        assert asked.feedback_due_on == plain.feedback_due_on
        assert [one.code for one in asked.not_recognised] == ["extended"]


@given(closed=some_day)
def test_invariant_28_erasure_never_rolls_and_leaves_room_for_the_backups(closed: date) -> None:
    """Two years after closing, on whatever day that is, less the life of the backups."""
    dates = deadlines(limits_for("SE", backup_life_days=35), Facts(closed, closed_on=closed))
    assert dates.erase_by == oracle.erase(closed)
    assert dates.erase_on == oracle.erase(closed) - timedelta(days=35)


def test_the_directive_has_no_figure_for_keeping() -> None:
    """Art. 18(1): no longer than necessary and proportionate."""
    dates = deadlines(EU, Facts(date(2026, 12, 1), closed_on=date(2027, 2, 1)))
    assert (dates.erase_by, dates.erase_on) == (None, None)
    assert "18(1)" in dates.basis["erase_by"].citation


@pytest.mark.parametrize(
    ("law", "keep", "backups", "by", "on"),
    [
        ("SE", 6, 0, date(2029, 8, 31), date(2028, 2, 29)),
        ("SE", 6, 30, date(2029, 8, 31), date(2028, 1, 30)),
        ("SE", 36, 30, date(2029, 8, 31), date(2029, 8, 1)),
        ("EU", 6, 0, None, date(2028, 2, 29)),
        ("EU", 0, 0, None, None),
    ],
)
def test_invariant_28_a_channel_may_keep_for_a_shorter_time_and_never_for_a_longer(
    law: str, keep: int, backups: int, by: date | None, on: date | None
) -> None:
    """Its own months count from the closing too; the law's last day stands beside them."""
    limits = replace(limits_for(law, backup_life_days=backups), keep_months=keep)
    closed = date(2027, 8, 31)
    dates = deadlines(limits, Facts(closed, closed_on=closed))
    assert (dates.erase_by, dates.erase_on) == (by, on)
    kept_open = deadlines(limits, Facts(closed))
    assert kept_open.erase_on is None
    public = replace(limits, public_body=True)
    assert deadlines(replace(public, keep_months=keep), Facts(closed)).erase_on is None


def test_invariant_32_a_public_bodys_case_has_no_day_of_destruction() -> None:
    """Lag (2021:890) 7 kap. 8 § 2 st.: the archive law decides, and the basis says so."""
    limits = limits_for("SE", public_body=True)
    dates = deadlines(limits, Facts(date(2026, 12, 1), closed_on=date(2027, 2, 1)))
    assert (dates.erase_by, dates.erase_on) == (None, None)
    assert "arkivlagen" in dates.basis["erase_by"].citation


def test_invariant_01_due_dates_follow_from_the_receipt_date_alone() -> None:
    """The same facts give the same dates, and there is no way to hand in a due date."""
    facts = Facts(date(2026, 12, 1))
    assert deadlines(SE, facts) == deadlines(limits_for("SE"), facts)
    assert not [name for name in Facts.__dataclass_fields__ if "due" in name]


def test_each_date_names_its_article() -> None:
    """The basis of the strict feedback date is that of the reading that gave it."""
    received = date(2026, 11, 2)
    early = deadlines(SE, Facts(received, acknowledged_on=received)).basis
    late = deadlines(SE, Facts(received, acknowledged_on=date(2026, 11, 20))).basis
    assert early["acknowledge_due_on"].citation == "Lag (2021:890) 5 kap. 8 § 2 p."
    assert "1930:173" in early["acknowledge_latest_on"].citation
    assert "9(1)(f)" not in early["feedback_due_on"].citation
    assert "9(1)(f)" in late["feedback_due_on"].citation
    assert "9(1)(f)" not in late["feedback_latest_on"].citation
    assert [name for name, one in early.items() if one.certainty is not Certainty.VERIFIED] == [
        "acknowledge_latest_on",
        "feedback_latest_on",
    ]


def test_what_rests_on_our_reading_says_so() -> None:
    """The start after a waiver or a late acknowledgement, and every latest date."""
    received, late_on = date(2026, 11, 2), date(2026, 11, 20)
    for limits in (SE, EU):
        for facts, sure in (
            (Facts(received), Certainty.VERIFIED),
            (Facts(received, withheld="identity"), Certainty.VERIFIED),
            (Facts(received, acknowledged_on=received), Certainty.VERIFIED),
            (Facts(received, acknowledged_on=late_on), Certainty.OURS),
        ):
            basis = deadlines(limits, facts).basis
            assert basis["feedback_due_on"].certainty is sure, facts
            assert basis["acknowledge_due_on"].certainty is Certainty.VERIFIED
            assert basis["feedback_latest_on"].certainty is Certainty.OURS
            assert basis["acknowledge_latest_on"].certainty is Certainty.OURS
    waived = Facts(received, waived=True)
    assert deadlines(SE, waived).basis["feedback_due_on"].certainty is Certainty.OURS
    assert "silent" in deadlines(SE, waived).basis["feedback_due_on"].citation
    assert deadlines(EU, waived).basis["feedback_due_on"].certainty is Certainty.VERIFIED


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(date(1999, 12, 31)), "year"),
        (Facts(date(2100, 1, 1)), "year"),
        (Facts(date(2026, 12, 1), acknowledged_on=date(2100, 1, 1)), "year"),
        (
            Facts(date(2026, 12, 1), acknowledged_on=date(2026, 11, 30)),
            "acknowledged_before_received",
        ),
        (Facts(date(2026, 12, 1), feedback_on=date(2026, 11, 30)), "feedback_before_received"),
        (Facts(date(2026, 12, 1), closed_on=date(2026, 11, 30)), "closed_before_received"),
    ],
)
def test_facts_that_cannot_be_are_refused(facts: Facts, reason: str) -> None:
    """What contradicts itself, or lies beyond the holiday tables, has no dates."""
    with pytest.raises(LawError) as error:
        deadlines(SE, facts)
    assert error.value.reason == reason


def test_the_first_and_the_last_year_can_be_computed() -> None:
    """The ends of what is accepted work themselves."""
    assert deadlines(SE, Facts(date(2000, 1, 1))).feedback_due_on == date(2000, 4, 8)
    dates = deadlines(SE, Facts(date(2099, 12, 31), closed_on=date(2099, 12, 31)))
    assert dates.feedback_latest_on == date(2100, 4, 7)
    assert dates.erase_by == date(2101, 12, 31)
