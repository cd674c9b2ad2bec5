"""A reporter without scripts: the server seals, opens, answers and forgets."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import acts
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from tests.services.reporting.unscripted_acts import at_once, send
from whistle.crypto.filing import make_filing
from whistle.crypto.receipt import Receipt
from whistle.errors import (
    ConflictError,
    FilingError,
    KeyringError,
    ReceiptError,
    TooLargeError,
)
from whistle.services.reporting import unscripted
from whistle.services.reporting.filing import Receipted
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Case


def count_cases(organisation: Organisation) -> int:
    """How many cases there are."""
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_new_code_is_one() -> None:
    """Properly written, and another each time."""
    code = unscripted.new_code()
    assert unscripted.check_code(code.lower().replace("-", " ")) == code
    assert unscripted.new_code() != code


def test_a_code_that_is_none_is_refused() -> None:
    """With the reason that the page words."""
    with pytest.raises(ReceiptError, match="length"):
        unscripted.check_code("XXXXX")


def test_a_report_is_sealed_and_kept(organisation: Organisation) -> None:
    """Handlers open it, and see for ever that the server sealed it."""
    code = unscripted.new_code()
    told = send(organisation, code)
    assert (told.next_seq, told.repeated) == (3, False)
    opened = read_mailbox(organisation.parts, Receipt.parse(code).mailbox_token)
    entries, _ = acts.verified(organisation, opened, organisation.people["bo"].private_key)
    assert entries[0].json() == acts.body()
    assert entries[0].head["made"] == "server"


def test_pressing_twice_is_one_report(organisation: Organisation) -> None:
    """Same code, same answers: the same answer and one case."""
    code = unscripted.new_code()
    first = send(organisation, code)
    assert send(organisation, code) == replace(first, repeated=True)
    assert count_cases(organisation) == 1


OTHERS: dict[str, dict[str, Any]] = {
    "another text": {"what": "Another text"},
    "somebody left out": {"left_out": ["bo"]},
    "no acknowledgement": {"waive_ack": True},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_other_answers_under_the_same_code_are_not_sent(
    organisation: Organisation, other: dict[str, Any]
) -> None:
    """Whoever left somebody out the second time must not be told that it counted."""
    code = unscripted.new_code()
    send(organisation, code)
    with pytest.raises(ConflictError, match="already_sent"):
        send(organisation, code, **other)
    assert count_cases(organisation) == 1


def test_another_channel_under_the_same_code_is_not_sent(tmp_path: Path) -> None:
    """The first channel's people read it, not the second's."""
    organisation = two_channels(tmp_path)
    code = unscripted.new_code()
    send(organisation, code)
    with pytest.raises(ConflictError, match="already_sent"):
        send(organisation, code, channel="second")


def two_channels(folder: Path) -> Organisation:
    """An organisation in which the same people read two channels."""
    settings = make_settings(folder)
    second = replace(settings.channels[0], id="second", name="Second Works")
    organisation = make_organisation(
        folder, replace(settings, channels=(*settings.channels, second))
    )
    acts.publish_keyring(organisation, change=_read_both, cosigner="anna")
    return organisation


def _read_both(content: dict[str, list[dict[str, dict[str, str]]]]) -> None:
    for one in content["handlers"]:
        one["channels"]["second"] = one["channels"]["main"]


def test_leaving_the_same_persons_out_in_another_order_is_the_same(
    organisation: Organisation,
) -> None:
    """The order in which boxes come says nothing."""
    code = unscripted.new_code()
    send(organisation, code, left_out=["anna", "bo"], one_reader_confirmed=True)
    again = send(organisation, code, left_out=["bo", "anna"], one_reader_confirmed=True)
    assert again.repeated


def test_pressing_again_after_days_gets_the_first_answer(organisation: Organisation) -> None:
    """A report that was acknowledged since is still the same report."""
    code = unscripted.new_code()
    first = send(organisation, code)
    organisation.move(2)
    with organisation.parts.database.reading() as session:
        case = session.scalars(select(Case)).one().id.hex()
    acts.act(organisation, "anna", case, "acknowledgement")
    assert send(organisation, code) == replace(first, repeated=True)


def test_two_presses_at_once_are_one_report(organisation: Organisation) -> None:
    """One is kept, all get its answer."""
    code = unscripted.new_code()
    answers = at_once(6, lambda _: send(organisation, code))
    assert count_cases(organisation) == 1
    kept = [one for one in answers if isinstance(one, Receipted)]
    assert len(kept) == 6
    assert len({replace(one, repeated=False) for one in kept}) == 1
    assert [one.repeated for one in kept].count(False) == 1


def test_two_texts_at_once_under_one_code_are_one_report(organisation: Organisation) -> None:
    """One is kept, the other is told that it was not."""
    code = unscripted.new_code()
    answers = at_once(2, lambda number: send(organisation, code, what=f"Text {number}"))
    assert count_cases(organisation) == 1
    assert {type(one) for one in answers} == {Receipted, ConflictError}


def test_one_reader_must_be_confirmed(organisation: Organisation) -> None:
    """The reporter says so, or nothing is sent."""
    with pytest.raises(FilingError, match="one_reader"):
        send(organisation, unscripted.new_code(), left_out=["anna", "bo"])
    assert count_cases(organisation) == 0
    told = send(
        organisation,
        unscripted.new_code(),
        left_out=["anna", "bo"],
        one_reader_confirmed=True,
    )
    assert told.next_seq == 3


def test_one_person_with_two_keys_is_one_reader(organisation: Organisation) -> None:
    """Readers are counted as persons."""
    acts.publish_keyring(organisation, change=_carin_is_bo, cosigner="bo")
    with pytest.raises(FilingError, match="one_reader"):
        send(organisation, unscripted.new_code(), left_out=["anna"])


def _carin_is_bo(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][2]["person"] = "bo"


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"left_out": ["anna", "bo", "carin"]}, "no_readers"),
        ({"left_out": ["david"]}, "left_out"),
        ({"channel": "other"}, "unknown_channel"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    organisation: Organisation, choices: dict[str, Any], reason: str
) -> None:
    """Nobody to read it, nobody of that name, no such channel."""
    with pytest.raises(FilingError, match=reason):
        send(organisation, unscripted.new_code(), **choices)
    assert count_cases(organisation) == 0


def test_a_text_over_the_limit_is_refused(organisation: Organisation) -> None:
    """20 000 code points together."""
    with pytest.raises(TooLargeError, match="text"):
        send(organisation, unscripted.new_code(), what="x" * 20_001)


def test_nothing_is_sealed_for_a_keyring_that_expired_long_ago(organisation: Organisation) -> None:
    """The page shows the other ways."""
    organisation.now = NOON.replace(year=2029)
    with pytest.raises(KeyringError, match="closed"):
        send(organisation, unscripted.new_code())


def test_a_keyring_that_changes_meanwhile_is_told(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown on the form is not what would read it."""
    real = make_filing

    def change_first(*args: Any, **named: Any) -> object:
        made = real(*args, **named)
        acts.publish_keyring(organisation)
        return made

    monkeypatch.setattr(unscripted, "make_filing", change_first)
    with pytest.raises(ConflictError, match="keyring_changed"):
        send(organisation, unscripted.new_code())
