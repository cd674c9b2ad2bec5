"""The recovery key on the form without scripts: named, and left out when the reporter says so."""

from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import recovery_key
from tests.organisation import Organisation
from tests.web.reporter.pages import code_on, fill, form_of, press, send
from whistle.crypto.age import open_sealed
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt
from whistle.errors import NotForMeError
from whistle.services.reporting import unscripted
from whistle.storage.tables import Case

NAMED = "can open the report together: David Ek, Eva Sten, Bo Ek"
LEFT_OUT = "The recovery key is left out"


@pytest.fixture
def recoverable(organisation: Organisation) -> Organisation:
    """The organisation, with a recovery key."""
    recovery_key.publish(organisation)
    return organisation


def head(organisation: Organisation, code: str) -> dict[str, Any]:
    """The head of the report, as its reporter reads it."""
    found: dict[str, Any] = unscripted.look(organisation.parts, code).entries[0]["head"]
    return found


def case_age(organisation: Organisation, code: str) -> bytes:
    """The sealed keys of the case."""
    mailbox_id = Receipt.parse(code).mailbox_id
    with organisation.parts.database.reading() as session:
        return session.scalars(select(Case.case_age).where(Case.mailbox_id == mailbox_id)).one()


def test_without_a_recovery_key_nothing_is_said_of_one(client: FlaskClient) -> None:
    """Neither on the form nor on the check page."""
    assert "<div data-recovery>" not in client.get("/en/report").text
    assert "ecovery key" not in fill(client, what="x").text


def test_the_form_and_the_check_page_name_its_holders(
    client: FlaskClient, recoverable: Organisation
) -> None:
    """Whoever could open the report is said before it is sent, and then can."""
    assert NAMED in client.get("/en/report").text
    checked = fill(client, what="x")
    assert NAMED in checked.text
    code = code_on(press(client, form_of(checked, "send-form")))
    assert head(recoverable, code)["recovery"] == b64u(
        sha256(recovery_key.KEY.public_key.raw).digest()
    )
    assert open_sealed(case_age(recoverable, code), [recovery_key.KEY])


@pytest.mark.parametrize(
    "choice", [{"no_recovery": "yes"}, {"left_out": ["bo"]}], ids=["by itself", "with a holder"]
)
def test_it_is_left_out_by_itself_or_with_one_of_its_holders(
    client: FlaskClient, recoverable: Organisation, choice: Any
) -> None:
    """Said on the check page; its key then opens nothing, and the number of stanzas is the same."""
    with_it = code_on(send(client, what="x"))
    checked = fill(client, what="x", **choice)
    assert LEFT_OUT in checked.text
    assert NAMED not in checked.text
    code = code_on(press(client, form_of(checked, "send-form")))
    assert head(recoverable, code)["recovery"] is None
    with pytest.raises(NotForMeError):
        open_sealed(case_age(recoverable, code), [recovery_key.KEY])
    assert len(case_age(recoverable, code)) == len(case_age(recoverable, with_it))


@pytest.mark.usefixtures("recoverable")
def test_the_tick_comes_back_with_the_form(client: FlaskClient) -> None:
    """From the check page, and in another language."""
    checked = fill(client, what="x", no_recovery="yes")
    form = press(client, form_of(checked, "send-form"), "/en/report", change="step-readers")
    assert form_of(form, "report-form").fields["no_recovery"] == "yes"
    swedish = press(client, form_of(form, "report-form"), "/sv/report", language="sv")
    assert form_of(swedish, "report-form").fields["no_recovery"] == "yes"


def test_sending_again_with_another_choice_is_another_report(
    client: FlaskClient, recoverable: Organisation
) -> None:
    """The same choice is the same report; what was sent stays."""
    form = form_of(fill(client, what="x", no_recovery="yes"), "send-form")
    assert "Your changes were not sent" not in press(client, form).text
    assert "Your changes were not sent" not in press(client, form).text
    form.fields.poplist("no_recovery")
    assert "Your changes were not sent" in press(client, form).text
    with recoverable.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_recovery_key_that_is_new_since_the_check_page_is_shown_first(
    client: FlaskClient, organisation: Organisation
) -> None:
    """Nobody can open what was sent who was not named."""
    form = form_of(fill(client, what="x"), "send-form")
    recovery_key.publish(organisation)
    page = press(client, form)
    assert page.status_code == 422
    assert "The persons who read reports have changed." in page.text
    assert NAMED in page.text
