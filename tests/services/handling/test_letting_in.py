"""Letting somebody into a case later: who has come since, and whom the reporter left out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests import acts, sealing_again
from tests.organisation import Organisation
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.signing import handler_signing_key
from whistle.errors import FilingError
from whistle.storage.tables import Access


@pytest.fixture
def case(organisation: Organisation) -> str:
    """A case of which nobody was left out."""
    return acts.case_id(organisation, acts.file(organisation))


def test_who_came_on_the_day_of_the_report_was_not_left_out(
    organisation: Organisation, case: str
) -> None:
    """A list published after the report names her: she is let in like anybody who came later."""
    acts.publish_keyring(organisation, change=_with("eva", "Eva Ek"), cosigner="anna")
    sealing_again.change(organisation, "anna", case, "rollover")
    sealing_again.change(organisation, "anna", case, "colleague", add=("eva",))
    with organisation.parts.database.reading() as session:
        held = session.get_one(Access, (bytes.fromhex(case), "eva"))
    assert held.from_on == acts.today(organisation)


def test_who_was_left_out_stays_so_when_a_list_of_that_day_drops_them_for_a_while(
    organisation: Organisation,
) -> None:
    """The list that counts is the one by which the report was sealed."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    bo = json.loads(acts.sign_keyring(organisation)[1].file)["handlers"][1]
    acts.publish_keyring(organisation, change=lambda content: content["handlers"].pop(1))
    acts.publish_keyring(
        organisation, change=lambda content: content["handlers"].append(bo), cosigner="anna"
    )
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    with pytest.raises(FilingError, match="left_out"):
        sealing_again.post(organisation, "anna", case, {**posted, "added": ["bo"]})


@pytest.mark.parametrize("role", ["handler", "investigator"])
def test_nobody_lets_in_whom_the_reporter_left_out_under_another_id(
    organisation: Organisation, role: str
) -> None:
    """Left out is the person, whatever ids the keyring gives: not where it is made, nor here."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    again = _with("bo-two", "Bo Ek", person="bo", channels={"main": role})
    acts.publish_keyring(organisation, change=again, cosigner="anna")
    with pytest.raises(FilingError, match="left_out"):
        sealing_again.made(organisation, "anna", case, "colleague", add=("bo-two",))
    posted = sealing_again.made(organisation, "anna", case, "rollover")
    with pytest.raises(FilingError, match="left_out"):
        sealing_again.post(organisation, "anna", case, {**posted, "added": ["bo-two"]})


def _with(one: str, name: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the keyring that adds somebody."""
    key = PrivateKey.generate()
    sign = b64u(handler_signing_key(key.seed).public)
    named = {"id": one, "person": one, "name": name, "age": str(key.public_key), "sign": sign}

    def add(content: dict[str, Any]) -> None:
        content["handlers"].append({**content["handlers"][0], **named, **changes})

    return add
