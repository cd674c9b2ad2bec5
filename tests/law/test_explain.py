"""The reasoning in plain words says what was computed, in both languages."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from whistle.errors import LawError
from whistle.law import Facts, deadlines, limits_for, limits_under, parse_law
from whistle.law.explain import LANGUAGES, Step, explain
from whistle.law.sentences import SENTENCES, WORDS

SE = limits_for("SE")
EU = limits_for("EU")
STATES = Path(__file__).parent / "states"

FACTS = [
    Facts(date(2026, 12, 1)),
    Facts(date(2026, 12, 24), acknowledged_on=date(2026, 12, 28)),
    Facts(date(2026, 12, 24), acknowledged_on=date(2027, 1, 4), waived=True, withheld="identity"),
    Facts(date(2026, 12, 24), waived=True, withheld="weather", extended=True),
    Facts(date(2026, 12, 1), date(2026, 12, 2), closed_on=date(2028, 2, 29)),
    Facts(date(2026, 12, 1), feedback_on=date(2027, 1, 2), closed_on=date(2027, 1, 3)),
]


def _codes(steps: tuple[Step, ...]) -> list[str]:
    return [step.code for step in steps]


def test_the_languages_have_the_same_sentences_with_the_same_fields() -> None:
    """Nothing is said in one language only."""
    fields = {
        language: {
            code: sorted(name for _, name, _, _ in Formatter().parse(text) if name)
            for code, text in table.items()
        }
        for language, table in SENTENCES.items()
    }
    assert fields["en"] == fields["sv"]
    assert WORDS["en"].keys() == WORDS["sv"].keys()


def test_every_sentence_is_said_by_some_law_and_case() -> None:
    """No sentence stands there for nothing, and every law explains every case."""
    laws = [parse_law(path.read_bytes()) for path in STATES.glob("*.toml")]
    limits = [SE, EU, limits_for("SE", public_body=True), limits_for("SE", backup_life_days=1)]
    limits += [replace(law, keep_months=6) for law in (SE, EU)]
    limits += [limits_under(law) for law in laws]
    frozen = STATES.joinpath("DE.toml").read_text(encoding="utf-8")
    limits.append(limits_under(parse_law(frozen.replace("roll = true", "roll = false").encode())))
    said = {
        step.code
        for one in limits
        for facts in FACTS
        for language in LANGUAGES
        for step in explain(one, facts, language)
    }
    assert said == set(SENTENCES["en"])


def test_the_sentences_carry_the_computed_dates() -> None:
    """The steps about the strict and latest dates name exactly those days."""
    facts = FACTS[1]
    dates = deadlines(SE, facts)
    steps = explain(SE, facts)
    said = " ".join(step.sentence for step in steps)
    assert dates.acknowledge_latest_on == date(2027, 1, 4)
    for day in ("31 December 2026", "4 January 2027", "28 March 2027", "30 March 2027"):
        assert day in said
    assert "New Year's Eve" in said


def test_a_late_acknowledgement_is_said_to_give_no_more_time() -> None:
    """One day late is "1 day", in the right number."""
    steps = explain(SE, Facts(date(2026, 11, 2), acknowledged_on=date(2026, 11, 10)), "sv")
    late = next(step for step in steps if step.code == "acknowledged_late")
    assert "1 dag efter" in late.sentence
    assert "inte mer tid" in late.sentence


def test_an_exception_is_said_to_be_recognised_or_not() -> None:
    """The same waiver under the Act and the Directive."""
    facts = Facts(date(2026, 12, 1), waived=True)
    assert "waived" in _codes(explain(SE, facts))
    assert "not_recognised" not in _codes(explain(SE, facts))
    assert "waived" not in _codes(explain(EU, facts))
    assert "not_recognised" in _codes(explain(EU, facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_begin_with_a_capital_and_end_with_a_stop(language: str) -> None:
    """They are sentences."""
    for facts in FACTS:
        for step in explain(SE, facts, language):
            assert step.sentence[0].isupper() or step.sentence[0] in "“”"
            assert step.sentence.endswith(".")


def test_an_unknown_language_is_refused() -> None:
    """Rather than answering in another."""
    with pytest.raises(LawError) as error:
        explain(SE, FACTS[0], "tlh")
    assert error.value.reason == "language"
