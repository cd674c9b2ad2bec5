"""A law's file is read whole or not at all."""

from importlib import resources

import pytest

from whistle.errors import LawError
from whistle.law import CODES, law, limits_for, parse_law
from whistle.law.limits import Certainty, Task

SWEDEN = resources.files("whistle.law").joinpath("states/SE.toml").read_text(encoding="utf-8")


def _reason(file: str) -> str:
    with pytest.raises(LawError) as error:
        parse_law(file.encode())
    return error.value.reason


def test_both_laws_are_complete_and_sourced() -> None:
    """Each law here has limits, sources and a version of its own."""
    versions = {law(code).version for code in CODES}
    assert len(versions) == len(CODES)
    for code in CODES:
        one = law(code)
        assert one.version.startswith(f"{code}/2026-11-22/")
        assert one.acknowledge.rule
        assert one.feedback.rule
        assert one.feedback.fallback
        assert one.sharing
        assert one.sharing.tasks == {Task.RECEIVE, Task.INVESTIGATE}
        assert not one.anonymous_must_be_accepted


def test_the_meeting_limit_is_marked_as_our_own_choice() -> None:
    """Both texts say only "reasonable"; the figure is a default."""
    assert {law(code).meeting.source.certainty for code in CODES} == {Certainty.OURS}


def test_a_law_is_read_once() -> None:
    """Asking twice gives the same frozen thing."""
    assert law("SE") is law("SE")
    assert limits_for("SE").law is law("SE")
    assert limits_for("SE").version == law("SE").version


def test_another_figure_is_another_version() -> None:
    """The version follows the file's bytes."""
    changed = parse_law(SWEDEN.replace('["7 days"]', '["6 days"]', 1).encode())
    assert changed.version != law("SE").version


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "SE"', 'code = "SE"\nextra = 1'),
        ('code = "SE"\n', ""),
        ('code = "SE"', "code = 7"),
        ("fixed_country = true", 'fixed_country = "yes"'),
        ("checked_on = 2026-11-22", 'checked_on = "2026-11-22"'),
        ("checked_on = 2026-11-22", "checked_on = 2026-11-22T10:00:00"),
        ('certainty = "v"', 'certainty = "sure"'),
        ('citation = "Lag (2021:890) 5 kap. 8 § 2 p."', 'citation = ""'),
        ('eves = ["midsummer_eve"', 'eves = ["easter_eve"'),
        ("eves = [", "eves = [7, "),
        ("[[acknowledge.exceptions]]", "[acknowledge.exceptions]"),
        ('from = "acknowledged"', 'from = "closed"'),
        ('from = "acknowledged"', 'from = "none"'),
        ('from = "closed"', 'from = "none"'),
        ('from = "closed"', 'from = "acknowledged"'),
        ("[feedback.fallback]", "[feedback.fallbac]"),
        ("[feedback.fallback]", "[feedback.extension]"),
        ("[meeting]", "[meetings]"),
        ("[sharing]", "[[sharing]]"),
        ("workers_below = 250", "workers_below = 250\nmore = true"),
        ('tasks = ["receive"', 'tasks = ["answer"'),
        ("must_accept = false", "must_accept = 0"),
        ('code = "SE"', "code = "),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str) -> None:
    """Unknown, missing and wrong keys, and what is no TOML."""
    assert old in SWEDEN
    assert _reason(SWEDEN.replace(old, new, 1)) == "states_file"


def test_one_exception_that_is_no_list_is_refused() -> None:
    """Exceptions are a list of tables, also when there is one."""
    single = SWEDEN.split("[[acknowledge.exceptions]]")
    assert _reason("[acknowledge.exceptions]".join((single[0], single[2]))) == "states_file"


def test_a_misspelt_period_is_refused() -> None:
    """A period that cannot be read is no period."""
    assert _reason(SWEDEN.replace('["7 days"]', '["7 dagar"]', 1)) == "period"
    assert _reason(SWEDEN.replace('["7 days"]', '"7 days"', 1)) == "states_file"


def test_a_file_that_is_not_text_is_refused() -> None:
    """Bytes that are not UTF-8."""
    with pytest.raises(LawError):
        parse_law(b"\xff")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"code": "XX"}, "law"),
        ({"code": "DE"}, "law"),
        ({"code": "EU", "country": "XX"}, "country"),
        ({"code": "EU", "country": ""}, "country"),
        ({"code": "SE", "country": "DE"}, "other_country"),
        ({"code": "SE", "zone": "Mars"}, "zone"),
        ({"code": "SE", "backup_life_days": -1}, "backup_life"),
    ],
)
def test_limits_that_cannot_be_are_refused(asked: dict[str, object], reason: str) -> None:
    """Each wrong setting has its own reason."""
    with pytest.raises(LawError) as error:
        limits_for(**asked)  # type: ignore[arg-type]
    assert error.value.reason == reason


def test_the_directive_goes_by_any_member_states_holidays() -> None:
    """Regulation 1182/71 Art. 2: those of the state where the act is done."""
    assert limits_for("EU").calendar.country == "SE"
    assert limits_for("EU", country="FI").calendar.country == "FI"
    assert limits_for("SE", country="SE").calendar.country == "SE"
