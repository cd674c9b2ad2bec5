"""What the next keyring will change is announced while it waits: nobody is added unseen."""

from datetime import date
from typing import Any

import pytest

from tests import acts
from tests.organisation import CAST, Organisation
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.errors import NotFoundError
from whistle.services.operating.ceremony import Appointed, enrol
from whistle.services.reporting.coming import Coming, coming


def change(content: dict[str, Any]) -> None:
    """Add Eva, give Bo another key, and drop Carin."""
    eva = enrol(Appointed("eva", "Eva Ny", "Case handler", {"main": "handler"}), log_n=1)
    anna, bo, _ = content["handlers"]
    bo["age"] = str(PrivateKey.from_seed(b"b" * 32).public_key)
    added = {**anna, "id": "eva", "person": "eva", "name": "Eva Ny"}
    added["age"] = str(eva.private_key.public_key)
    added["sign"] = b64u(eva.signing_key.public)
    content["handlers"] = [anna, bo, added]


def test_nothing_waits_as_a_rule(organisation: Organisation) -> None:
    """Then nothing is announced."""
    assert [one.id for one in CAST if one.channels] == ["anna", "bo", "carin"]
    assert coming(organisation.parts, "main") is None


def test_whoever_is_added_changed_or_gone_is_named(organisation: Organisation) -> None:
    """With the day on which it counts."""
    acts.publish_keyring(organisation, change=change)
    assert coming(organisation.parts, "main") == Coming(
        takes_effect_on=date(2026, 11, 29),
        added=("Eva Ny",),
        changed=("Bo Ek",),
        removed=("Carin Dahl",),
        recovery=(),
    )


def test_a_new_recovery_key_is_announced_by_its_holders(organisation: Organisation) -> None:
    """Whoever holds its shares could read what is sealed to it."""
    key = str(PrivateKey.generate().public_key)
    holders = [{"person": "david", "name": "David Ek"}, {"person": "eva", "name": "Eva Sten"}]
    new = {"recovery": {"age": key, "k": 2, "holders": holders}}
    acts.publish_keyring(organisation, change=lambda content: content.update(new))
    announced = coming(organisation.parts, "main")
    assert announced is not None
    assert announced.recovery == ("David Ek, Eva Sten",)


def test_it_is_announced_until_it_counts(organisation: Organisation) -> None:
    """On the seventh day it is in force, and the form names the new readers."""
    acts.publish_keyring(organisation, change=change)
    assert coming(organisation.parts, "main") is not None
    organisation.move(6)
    assert coming(organisation.parts, "main") is not None
    organisation.move(1)
    assert coming(organisation.parts, "main") is None


def test_what_a_handler_vouched_for_counts_at_once(organisation: Organisation) -> None:
    """A second signature, and nothing waits."""
    acts.publish_keyring(organisation, change=change, cosigner="anna")
    assert coming(organisation.parts, "main") is None


def test_a_channel_that_there_is_not_has_nothing_coming(organisation: Organisation) -> None:
    """It is not there."""
    with pytest.raises(NotFoundError, match="unknown_channel"):
        coming(organisation.parts, "other")
