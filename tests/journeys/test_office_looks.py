"""Every page of the office and of joining, for everybody: axe, small phones, keyboard, weight."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests import acts, office_acts
from tests.journeys.looking import SPACING, clipped, faults, overflow, small, walk, weigh
from tests.journeys.serving import Site, serving
from tests.organisation import Organisation
from whistle.services import marks
from whistle.services.office import joining
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Case, Notice, new_id

Look = Callable[..., Page]
LEAST = 24
REQUESTS, BYTES = 10, 150_000
PICTURES = os.environ.get("WHISTLE_PICTURES", "")
"""A folder for pictures of each page, to be looked at; none are made without it."""
PAGES = (
    "", "/people", "/people/anna", "/people/dora", "/people/olle", "/keys", "/keys/next",
    "/keys/poster", "/channels", "/review", "/log", "/anchor", "/health",
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An organisation with every state of people and keys; the officer is signed in."""
    organisation, at = office_acts.opened(tmp_path_factory.mktemp("office"))
    site = serving(organisation.app, organisation)
    joining.invite(organisation.parts, office_acts.asked("dora", main="deputy"), "olle")
    office_acts.join(organisation, office_acts.asked("carin", main="deputy"), "olle")
    office_acts.prepare(organisation, at, add="carin")
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    office_acts.join(organisation, office_acts.asked("eva", main="handler"), "olle")
    acts.file(organisation)
    sweep(organisation.parts)
    alarms(organisation)
    office_acts.take_out(at, "bo")
    cookie = at.desk.client.get_cookie("__Host-desk")
    assert cookie is not None
    signed_in(organisation, f"{cookie.key}={cookie.value}")
    yield site
    site.stop()


def alarms(organisation: Organisation) -> None:
    """Everything that the page on health can tell: a pause, a case that fails, mail that fails."""
    now = organisation.now
    with organisation.parts.database.writing() as session:
        marks.put(session, marks.SWEEP, now - timedelta(days=40))
        session.execute(update(Case).values(failed_on=now.date(), wake_on=now.date()))
        for person_id, fault in (("anna", "refused"), ("outside", "refused"), ("bo", "no_address")):
            row = Notice(
                id=new_id(),
                person_id=person_id,
                due_on=None,
                created_on=now.date(),
                send_after=now,
                fault=fault,
            )
            session.add(row)


def signed_in(organisation: Organisation, cookie: str) -> None:
    """Let every browser that opens the office be the officer's."""
    inner = organisation.app.wsgi_app

    def with_cookie(environ: dict[str, Any], start: Any) -> Any:
        if "/office" in environ["PATH_INFO"]:
            environ["HTTP_COOKIE"] = cookie
        return inner(environ, start)

    organisation.app.wsgi_app = with_cookie  # type: ignore[assignment, method-assign] # Flask's own advice


def in_office(page: Page, house: Site, path: str, language: str = "en") -> None:
    """Open a page of the office as the officer."""
    answer = page.goto(house.url(f"/{language}/office{path}"))
    assert answer is not None
    assert answer.status == 200, path


def found_in(page: Page) -> list[Any]:
    """Everything that is wrong with what is on the screen."""
    wide = overflow(page)
    return [
        *faults(page),
        *clipped(page),
        *small(page, LEAST),
        *([f"{wide} pixels too wide"] if wide else []),
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("sv", "dark", 390), ("sv", "light", 320)],
)
def test_nothing_is_wrong_on_any_page(
    look: Look, house: Site, language: str, scheme: str, width: int
) -> None:
    """No axe violation, nothing cut off or too wide, no control too small."""
    page = look(
        color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=width == 320
    )
    wrong = {}
    for path in PAGES:
        in_office(page, house, path, language)
        wrong[path] = found_in(page)
        picture(page, f"{path.replace('/', '-') or '-start'}-{language}-{scheme}-{width}")
        page.add_style_tag(content=SPACING) if width == 320 else None
        wrong[f"{path} spaced"] = [f"{overflow(page)} pixels"] if overflow(page) else []
    assert {state: found for state, found in wrong.items() if found} == {}


@pytest.mark.parametrize("path", PAGES)
def test_every_control_is_reached_by_keyboard(look: Look, house: Site, path: str) -> None:
    """In the order of the page, with a ring, and nothing covers it."""
    page = look(viewport={"width": 1280, "height": 2400})
    in_office(page, house, path)
    stops = walk(page)
    # In a field for a day Chromium rings its own calendar button, inside of ours.
    dated = [one.order for one in stops if one.tag == "input" and one.ring]
    assert [one for one in stops if not one.ring and one.order not in dated] == []
    assert [one for one in stops[1:] if not one.free] == []
    assert [one.order for one in stops] == sorted(one.order for one in stops)
    assert len(stops) >= 8


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("sv", "dark", 320)]
)
def test_joining_is_for_everybody(
    look: Look, house: Site, language: str, scheme: str, width: int
) -> None:
    """Each step, by keyboard alone."""
    site = house
    organisation = site.organisation
    assert isinstance(organisation, Organisation)
    who = office_acts.asked(f"gun{width}", main="deputy")
    token = joining.invite(organisation.parts, who, "olle")
    page = look(color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto(site.url(f"/{language}/join#{token}"))
    wrong = {}

    def seen(view: str) -> None:
        expect(page.locator(f"[data-view='{view}'] h1")).to_be_focused(timeout=60_000)
        wrong[view] = found_in(page)
        picture(page, f"-join-{view}-{language}-{scheme}-{width}")

    seen("welcome")
    press(page, "make-key")
    seen("passphrase")
    words = page.locator("[data-part='passphrase'] span").all_inner_texts()
    press(page, "written-down")
    seen("typing")
    page.keyboard.press("Tab")
    page.keyboard.type("not these words")
    page.keyboard.press("Enter")
    expect(page.locator(".summary-of-errors")).to_be_focused()
    wrong["typing wrong"] = found_in(page)
    page.locator("#typed").fill(" ".join(words))
    page.keyboard.press("Enter")
    seen("codes")
    assert {state: found for state, found in wrong.items() if found} == {}


def press(page: Page, act: str) -> None:
    """Reach a button by Tab and press it."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.act") == act:
            page.keyboard.press("Enter")
            return
    raise AssertionError(act)


def test_a_link_that_cannot_be_used_says_so(look: Look, house: Site) -> None:
    """And a browser without scripts is told what is missing."""
    site = house
    page = look()
    page.goto(site.url("/en/join#AAAA"))
    expect(page.locator("[data-view='refused'] h1")).to_be_focused()
    assert found_in(page) == []
    assert page.url == site.url("/en/join")
    without = look(scripts=False)
    without.goto(site.url("/en/join"))
    expect(without.get_by_role("heading", name="Joining needs JavaScript")).to_be_visible()


def test_joining_weighs_little(look: Look, house: Site) -> None:
    """The page until the invitation is shown; the lists and the Worker come when they are asked."""
    wire = weigh(look(), house.url("/en/join"))
    assert wire.requests <= REQUESTS
    assert wire.size <= BYTES


def picture(page: Page, name: str) -> None:
    """Keep a picture, if a folder for them was named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"office{name}.png", full_page=True)
