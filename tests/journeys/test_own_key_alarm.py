"""A list of keys without the handler's own key, or with another: the desk stops."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.acts import sign_keyring
from tests.journeys import looking
from tests.journeys.at_desk import AtDesk
from tests.journeys.serving import Site
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.signing import handler_signing_key

Look = Callable[..., Page]


def without(content: dict[str, Any]) -> None:
    """Anna is not in the list."""
    content["handlers"] = [one for one in content["handlers"] if one["id"] != "anna"]


def with_another(content: dict[str, Any]) -> None:
    """Somebody else's key stands in Anna's name."""
    key = PrivateKey.generate()
    anna = next(one for one in content["handlers"] if one["id"] == "anna")
    anna["age"] = str(key.public_key)
    anna["sign"] = b64u(handler_signing_key(key.seed).public)


WAYS = pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without, "Your own key is not in the list of keys"),
        (with_another, "The list of keys has another key in your name"),
    ],
)


def lie(at: AtDesk, change: Callable[[dict[str, Any]], None]) -> None:
    """Let this browser get a list that root and a colleague have signed, and the server not use."""
    _, signed = sign_keyring(at.organisation, change, cosigner="bo")

    def answer(route: Route) -> None:
        told = route.fetch().json()
        texts = {"signature": signed.signature, "cosignature": signed.cosignature}
        told["keyrings"].append({"file": b64u(signed.file), **texts})
        route.fulfill(json=told)

    at.page.route("**/api/v1/keyring", answer)


def stopped(at: AtDesk, sentence: str) -> None:
    """Nothing of the desk is there, and no way round the alarm."""
    alarm = at.view("alarm")
    expect(alarm).to_be_visible()
    expect(alarm.get_by_role("heading", level=1)).to_be_focused()
    expect(alarm.locator("[data-part='fault']")).to_contain_text(sentence)
    expect(alarm.locator("[data-part='accept']")).to_be_hidden()
    expect(at.page.locator("[data-part='person']")).to_be_hidden()
    for view in ("cases", "case", "locked", "sign-in"):
        expect(at.view(view)).to_be_hidden()
    assert at.page.workers == []
    assert looking.faults(at.page) == []


def give_passphrase(at: AtDesk) -> None:
    """The last step of coming in."""
    at.page.locator("#passphrase").fill(at.passphrase("anna"))
    at.page.keyboard.press("Enter")


@WAYS
def test_the_desk_stops_before_a_case_is_asked_for(
    look: Look, serve: Callable[[], Site], change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    """At the sign-in; the list is not remembered, so that the right one is accepted after it."""
    at = AtDesk(look(), serve())
    case = at.filed()
    asked: list[str] = []
    at.page.on("request", lambda one: asked.append(one.url))
    lie(at, change)
    at.arrive()
    give_passphrase(at)
    stopped(at, sentence)
    at.page.evaluate("location.hash = '#/tasks'")
    expect(at.view("alarm")).to_be_visible()
    assert [one for one in asked if "/desk/cases" in one or "/desk/tasks" in one] == []
    at.page.unroute("**/api/v1/keyring")
    at.page.goto("about:blank")
    at.sign_in()
    at.open_case(case)


@WAYS
def test_an_open_desk_stops_when_it_is_unlocked(
    look: Look, serve: Callable[[], Site], change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    """What was on the screen is gone."""
    at = AtDesk(look(), serve())
    case = at.start()
    at.page.get_by_role("button", name="Lock", exact=True).click()
    lie(at, change)
    at.page.locator("#passphrase-again").fill(at.passphrase("anna"))
    at.page.get_by_role("button", name="Unlock").click()
    stopped(at, sentence)
    assert case not in at.page.locator("main").inner_text()
