"""Who would read a report: from the signed keyring, and from nowhere else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import acts, recovery_key
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.phrase import phrase
from whistle.errors import NotFoundError
from whistle.services.reporting import readers
from whistle.storage.tables import Person


def test_readers_are_named_in_the_keyrings_order(organisation: Organisation) -> None:
    """With their role in the channel and the words for it."""
    found = readers.who_reads(organisation.parts, "main")
    assert [(one.id, one.person, one.name, one.role) for one in found] == [
        ("anna", "anna", "Anna Lind", "handler"),
        ("bo", "bo", "Bo Ek", "handler"),
        ("carin", "carin", "Carin Dahl", "deputy"),
    ]
    assert found[0].role_text == "Case handler, lawyer"


def test_the_database_appoints_nobody(organisation: Organisation) -> None:
    """A row more makes no reader, a row less takes none away."""
    with organisation.parts.database.writing() as session:
        session.delete(session.get_one(Person, "bo"))
        session.add(Person(id="eve", one_time_secret="A", key_file=b""))
    found = readers.who_reads(organisation.parts, "main")
    assert [one.id for one in found] == ["anna", "bo", "carin"]


def test_an_investigator_reads_no_report_from_the_start(organisation: Organisation) -> None:
    """They are let into single cases."""
    acts.publish_keyring(organisation, change=_bo_investigates, cosigner="anna")
    found = readers.who_reads(organisation.parts, "main")
    assert [one.id for one in found] == ["anna", "carin"]


def _bo_investigates(content: dict[str, Any]) -> None:
    content["handlers"][1]["channels"] = {"main": "investigator"}


def test_a_channel_that_there_is_not_has_no_readers(organisation: Organisation) -> None:
    """It is not there."""
    for ask in (readers.who_reads, readers.keyring_state):
        with pytest.raises(NotFoundError, match="unknown_channel"):
            ask(organisation.parts, "other")


def test_a_channel_that_the_keyring_does_not_name_has_no_readers(tmp_path: Path) -> None:
    """The page then shows the other ways."""
    settings = make_settings(tmp_path)
    silent = replace(settings.channels[0], id="silent")
    organisation = make_organisation(tmp_path, replace(settings, channels=(silent,)))
    assert readers.who_reads(organisation.parts, "silent") == ()


@pytest.mark.parametrize(
    ("after", "state"),
    [(-60, "good"), (-59, "expiring"), (0, "expiring"), (1, "expired"), (60, "expired")],
)
def test_the_keyrings_age_is_told(organisation: Organisation, after: int, state: str) -> None:
    """Sixty days before its end and sixty after."""
    left = acts.keyring(organisation).expires_on - NOON.date()
    organisation.now = NOON + left + timedelta(days=after)
    assert readers.keyring_state(organisation.parts, "main") == state


def test_long_after_its_end_the_keyring_is_closed(organisation: Organisation) -> None:
    """Then nothing is sealed to it any more."""
    organisation.now = NOON.replace(year=2029)
    assert readers.keyring_state(organisation.parts, "main") == "closed"


def test_the_root_is_told_in_words_and_as_a_line(organisation: Organisation) -> None:
    """The same key as in the answer that a browser verifies."""
    root = organisation.root.public
    assert readers.root_phrase(organisation.parts) == list(phrase(root))
    assert len(readers.root_phrase(organisation.parts)) == 8
    answer = readers.keyring_answer(organisation.parts)
    assert readers.root_line(organisation.parts) == answer["root"]
    assert answer["root"].startswith("ssh-ed25519 ")
    assert len(b64u_decode(answer["keyrings"][0]["file"])) > 1000


def test_a_recovery_key_is_told(organisation: Organisation) -> None:
    """How many must join, and who holds a share; none where there is none."""
    assert readers.recoveries(organisation.parts) == ()
    assert readers.recovery_of(organisation.parts, "main") is None
    recovery_key.publish(organisation)
    told = readers.recovery_of(organisation.parts, "main")
    assert told is not None
    assert (told.needed, told.holders) == (2, ("David Ek", "Eva Sten", "Bo Ek"))
    assert told.persons == {"david", "eva", "bo"}
    assert readers.recoveries(organisation.parts) == (told,)
