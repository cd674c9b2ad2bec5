"""A recovery key for a test's organisation, and who holds its shares."""

from typing import Any

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.age import PrivateKey

KEY = PrivateKey.from_seed(b"r" * 32)
HOLDERS = {"david": "David Ek", "eva": "Eva Sten", "bo": "Bo Ek"}
"""Two of them must join. Bo is a case handler as well."""


def add(content: dict[str, Any]) -> None:
    """Change a keyring's content: there is a recovery key, held two of three."""
    holders = [{"person": person, "name": name} for person, name in HOLDERS.items()]
    content["recovery"] = {"age": str(KEY.public_key), "k": 2, "holders": holders}


def publish(organisation: Organisation) -> None:
    """Publish a keyring with the recovery key, in effect at once."""
    acts.publish_keyring(organisation, change=add, cosigner="anna")
