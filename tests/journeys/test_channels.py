"""One person in several channels, with another role in each: the desk keeps them apart."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.serving import Site, serving
from tests.organisation import CHEAP_LOG_N, make_organisation, make_settings
from whistle.config import Channel
from whistle.services.operating.ceremony import Appointed, enrol

BOTH = (
    Appointed("anna", "Anna Lind", "Lawyer", {"main": "handler", "second": "handler"}),
    Appointed("bo", "Bo Ek", "Lawyer", {"main": "handler", "second": "handler"}),
)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Site]:
    """A site of two legal entities."""
    settings = make_settings(tmp_path)
    second = Channel(id="second", name="Example Transport")
    settings = replace(settings, channels=(*settings.channels, second))
    people = tuple(enrol(one, log_n=CHEAP_LOG_N) for one in BOTH)
    organisation = make_organisation(tmp_path, settings, people)
    site = serving(organisation.app, organisation)
    yield site
    site.stop()


def test_the_list_names_the_channel_and_filters_by_it(look: Callable[..., Page], two: Site) -> None:
    """A chip in each row and in the case; a filter that is there only for more than one."""
    assert two.organisation is not None
    first = number(two.organisation, acts.file(two.organisation))
    second = number(two.organisation, acts.file(two.organisation, channel="second"))
    anna = AtDesk(look(), two)
    anna.sign_in()
    rows = anna.page.locator("[data-part='rows'] tr")
    expect(rows.filter(has_text=second)).to_contain_text("Example Transport")
    expect(rows.filter(has_text=first)).to_contain_text("Example Works")
    anna.page.locator("form[data-form='find'] summary").click()
    anna.page.locator("#find-channel").select_option("second")
    anna.shows(second)
    anna.open_case(second)
    expect(anna.view("case").locator(".headline")).to_contain_text("Example Transport")


def test_a_role_counts_in_its_channel_alone(look: Callable[..., Page], two: Site) -> None:
    """A handler of one, an investigator of the other: forms in one alone."""
    assert two.organisation is not None
    first = number(two.organisation, acts.file(two.organisation))
    second = number(two.organisation, acts.file(two.organisation, channel="second"))

    def investigates(file: dict[str, Any]) -> None:
        file["handlers"][1]["channels"] = {"main": "handler", "second": "investigator"}

    acts.publish_keyring(two.organisation, change=investigates, cosigner="anna")
    bo = AtDesk(look(), two)
    bo.sign_in("bo")
    bo.open_case(first)
    expect(bo.form("message")).to_be_visible()
    bo.page.get_by_role("link", name="All cases").click()
    bo.open_case(second)
    expect(bo.form("message")).to_be_hidden()
    expect(bo.page.locator("[data-part='investigator']")).to_be_visible()
    expect(bo.form("marks")).to_be_hidden()
