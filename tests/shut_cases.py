"""Cases that no handler can open, and what handlers sign of them, as their browsers do."""

from hashlib import sha256
from typing import Any

from tests import acts
from tests.organisation import Organisation
from whistle.crypto import age, unopened
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.filing import open_case_keys, seal_case_keys
from whistle.services.handling import cases
from whistle.services.unopened import Standing, sign


def shut(organisation: Organisation, filed: acts.Filed) -> str:
    """Seal a case's keys to the reporter and to keys that nobody has; tell the case's id.

    The file has the shape of the one before: as many stanzas, as many keys.
    """
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        keys = open_case_keys(case.case_age, [filed.receipt.private_key])
        stanzas = len(age.shape(case.case_age).stanza_types)
        to = [filed.receipt.private_key.public_key]
        case.case_age = seal_case_keys(keys, to, count=stanzas)
        return case.id.hex()


def posted(organisation: Organisation, by: str, case: str, signer: str = "") -> dict[str, Any]:
    """What a handler's browser posts, or one that signs with another handler's key."""
    opened = cases.open_case(organisation.parts, acts.handler(organisation, by), case)
    case_age = sha256(b64u_decode(opened["case_age"])).digest()
    head = sha256(b64u_decode(opened["entries"][-1]["sealed"])).digest()
    key = organisation.people[signer or by].signing_key
    signature = unopened.sign(key, b64u_decode(opened["thread"]), case_age, head)
    return {
        "case_age_sha256": b64u(case_age),
        "head_sha256": b64u(head),
        "signature": b64u(signature),
    }


def signs(organisation: Organisation, by: str, case: str) -> Standing:
    """Let a handler sign that a case cannot be opened."""
    made = posted(organisation, by, case)
    return sign(organisation.parts, acts.handler(organisation, by), case, made)
