"""One case through time, in a real browser: each page is true on each day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site, serving
from tests.organisation import Organisation, make_organisation, make_settings
from tests.services.upkeep import clockwork as clock
from whistle.services.handling.cases import list_cases
from whistle.services.upkeep.sweeping import sweep

PARTS = {"measures": "The lock has been taken off.", "reasons": "An exit must open from inside."}

TERMS_EU = {
    "en": (
        "We missed the last date that the law sets",
        "Directive (EU) 2019/1937, article 15.",
        "We still owe you an answer.",
    ),
    "sv": (
        "Vi har missat lagens sista datum",
        "Direktiv (EU) 2019/1937, artikel 15.",
        "Vi är fortfarande skyldiga dig ett svar.",
    ),
}
"""What is told of a missed date under the Directive: that it was, its terms, what is still owed."""


def go_to(organisation: Organisation, day: str) -> None:
    """Let time pass until a day, the clock looking each week and on the day itself."""
    left = (date.fromisoformat(day) - organisation.now.date()).days
    while left > 0:
        organisation.now += timedelta(days=min(left, 7))
        left -= 7
        sweep(organisation.parts)


def write(organisation: Organisation, filed: Filed, kind: str, **adds: object) -> None:
    """Let Anna write an entry of a kind that stops a clock."""
    case = acts.case_id(organisation, filed)
    content = PARTS if kind == "feedback" else {"text": "Done.", "grounds": "All was seen."}
    seq, entry = acts.by_handler(organisation, "anna", case, kind, content=content, adds=adds)
    acts.write(organisation, "anna", case, kind, seq, entry, **adds)


def test_a_case_is_told_truly_on_each_day_until_it_is_erased(
    look: Callable[..., Page], serve: Callable[[], Site]
) -> None:
    """Silence, confirmed by the clock, escalated, late, missed, interim, late again, closed."""
    me = Reporter(look(), serve())
    off = Reporter(look(scripts=False), me.site)
    organisation = me.organisation
    filed = acts.file(organisation)
    code = str(filed.receipt)

    def told(*sentences: str, never: str = "") -> None:
        for one in (me, off):
            one.come_back(code)
            main: Locator = one.page.locator("main")
            for sentence in sentences:
                expect(main).to_contain_text(sentence)
            if never:
                expect(main).not_to_contain_text(never, use_inner_text=True)

    carin_key = acts.handler(organisation, "carin")
    assert list_cases(organisation.parts, carin_key)["cases"] == []
    told("By 29 November 2026 we confirm", "By 28 February 2027 we tell you")
    go_to(organisation, "2026-11-28")
    told("We confirmed on 28 November 2026", "By 28 February 2027", never="have not answered")
    go_to(organisation, "2027-02-27")
    carin = AtDesk(look(), me.site)
    carin.sign_in("carin")
    carin.open_case(number(organisation, filed))
    expect(carin.page.locator("[data-part='clocks']")).to_contain_text("Feedback: 1 day left")
    go_to(organisation, "2027-03-01")
    told("We still owe you an answer.", never="make the information public")
    go_to(organisation, "2027-03-02")
    told("We missed the last date that the law sets", "chapter 4, section 7.", "We still owe you")
    write(organisation, filed, "feedback", final=False, next_on="2027-04-01")
    told("The date we gave you was 28 February 2027", never="We still owe you")
    told("By 1 April 2027 you hear from us again")
    go_to(organisation, "2027-04-02")
    told("We have not answered by the date we gave you. It was 1 April 2027.")
    write(organisation, filed, "feedback", final=True, next_on=None)
    told("On 2 March 2027 we told you", never="It was 1 April 2027.")
    write(organisation, filed, "closing", outcome="substantiated")
    told("The case was closed on 2 April 2027.", "On 2 April 2029 everything is deleted.")
    organisation.now += timedelta(days=800)
    sweep(organisation.parts)
    for one in (me, off):
        one.come_back(code)
        expect(one.problem()).to_contain_text("We cannot find a report with that code.")


@pytest.mark.parametrize(("language", "says"), TERMS_EU.items())
def test_under_the_directive_a_missed_date_is_told_in_its_terms(
    look: Callable[..., Page], tmp_path: Path, language: str, says: tuple[str, ...]
) -> None:
    """Article 15 and nothing of the Swedish Act; a missed confirmation alone opens nothing."""
    settings = clock.with_channel(make_settings(tmp_path), law="EU", keep_months=24)
    organisation = make_organisation(tmp_path, settings)
    site = serving(organisation.app, organisation)
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        # As when no machine turned the clock: nothing was confirmed.
        acts.case_row(session, filed).wake_on = None
    me = Reporter(look(), site, language)
    off = Reporter(look(scripts=False), site, language)
    title, terms, still = says
    try:
        for day, shown, hidden in (("2026-12-07", (), (terms, title)), ("2027-03-02", says, ())):
            organisation.now = datetime.fromisoformat(f"{day}T12:00+01:00")
            for one in (me, off):
                one.come_back(str(filed.receipt))
                main = one.page.locator("main")
                expect(main).to_contain_text(still, use_inner_text=True)
                for sentence in shown:
                    expect(main).to_contain_text(sentence, use_inner_text=True)
                for sentence in (*hidden, "(2021:890)"):
                    expect(main).not_to_contain_text(sentence, use_inner_text=True)
    finally:
        site.stop()
