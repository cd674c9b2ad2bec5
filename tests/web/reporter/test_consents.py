"""Answering without scripts who may be told who the reporter is: yes, no, and yes taken back."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import acts
from tests.acts import Filed
from tests.organisation import Organisation
from tests.web.reporter.pages import form_of, press
from tests.web.reporter.test_return import by, come_back, entries

WORDS = {"recipient": "The <police>", "why": "They want to hear you."}


@pytest.fixture
def asked(organisation: Organisation) -> Filed:
    """A report whose handler asks for consent."""
    filed = acts.file(organisation)
    by(organisation, filed, "consent_request", WORDS, scope=["name", "contact"])
    return filed


def answers(organisation: Organisation, filed: Filed) -> list[bool]:
    """What was answered, in order."""
    return [
        one["head"]["given"] for one in entries(organisation, filed) if one["kind"] == "consent"
    ]


def test_invariant_18_the_reporter_decides_without_scripts_too(
    client: FlaskClient, organisation: Organisation, asked: Filed
) -> None:
    """The page names recipient, scope and reason; a yes can be taken back."""
    page = come_back(client, str(asked.receipt))
    for words in ("The &lt;police&gt;", "Your name\nHow to reach you", "They want to hear you."):
        assert words in page.text
    assert "You have not answered." in page.text
    form = form_of(page, "write-form")
    assert [one["value"] for one in form.buttons if "value" in one][:2] == ["agree-3", "refuse-3"]
    page = press(client, form, write="agree-3")
    assert "You have agreed. You can take it back here." in page.text
    form = form_of(page, "write-form")
    values = {one.get("value") for one in form.buttons}
    assert "refuse-3" in values
    assert "agree-3" not in values
    page = press(client, form, write="refuse-3")
    assert "You have said no. Nobody is told who you are." in page.text
    assert answers(organisation, asked) == [True, False]


def test_two_presses_are_one_answer(
    client: FlaskClient, organisation: Organisation, asked: Filed
) -> None:
    """The second says the same, and adds nothing."""
    form = form_of(come_back(client, str(asked.receipt)), "write-form")
    for _ in range(2):
        assert "You have agreed." in press(client, form, write="agree-3").text
    assert answers(organisation, asked) == [True]


@pytest.mark.parametrize("pressed", ["agree-2", "agree-99", "agree", "refuse-x"])
def test_an_answer_to_nothing_asked_is_none(
    client: FlaskClient, organisation: Organisation, asked: Filed, pressed: str
) -> None:
    """Another button's value means the message, which is empty here."""
    form = form_of(come_back(client, str(asked.receipt)), "write-form")
    assert press(client, form, write=pressed).status_code == 422
    assert answers(organisation, asked) == []


def test_a_message_half_written_is_kept(client: FlaskClient, asked: Filed) -> None:
    """Answering sends nothing else."""
    form = form_of(come_back(client, str(asked.receipt)), "write-form")
    form.fields["message"] = "half a thought"
    page: Any = press(client, form, write="refuse-3")
    assert form_of(page, "write-form").fields["message"] == "half a thought"


def test_invariant_19_the_reporter_is_told_before_and_after(
    client: FlaskClient, organisation: Organisation
) -> None:
    """The notice with its day; a disclosure that rests on nothing with the alarm."""
    filed = acts.file(organisation)
    by(
        organisation,
        filed,
        "disclosure_notice",
        WORDS,
        scope=["name"],
        duty="court",
        earliest_on="2026-11-29",
    )
    page = come_back(client, str(filed.receipt))
    assert "A law obliges us to tell who you are" in page.text
    assert "We tell them on 29 November 2026 at the earliest." in page.text
    nothing = {"consent": None, "notice": None, "duty": None, "cannot_wait": None}
    case = acts.case_id(organisation, filed)
    seq, sealed = acts.by_handler(
        organisation, "anna", case, "disclosure", content=WORDS, adds={"scope": ["name"], **nothing}
    )
    acts.write(organisation, "anna", case, "disclosure", seq, sealed, ground="urgent")
    page = come_back(client, str(filed.receipt))
    assert "You had not agreed to this, and no duty was announced" in page.text
