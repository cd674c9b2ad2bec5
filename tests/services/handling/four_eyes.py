"""Two handlers who erase something early: one proposes, another approves."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u
from whistle.services.handling import approving, cases, writing
from whistle.services.handling.writing import Written
from whistle.services.thread import Appended

Named = Sequence[Mapping[str, Any]]


def next_note(organisation: Organisation, who: str, case: str) -> int:
    """The number of the next entry of the desk chain."""
    opened = cases.open_case(organisation.parts, acts.handler(organisation, who), case)
    return len(opened["notes"]) + 1


def at_desk(organisation: Organisation, who: str, case: str, kind: str, **posted: Any) -> Appended:
    """Append to the desk chain; only its shape matters here."""
    sealed = acts.any_entry(organisation.people[who].private_key)
    written = Written("desk", next_note(organisation, who, case), kind, sealed, facts=posted)
    return writing.write(organisation.parts, acts.handler(organisation, who), case, written)


def propose(
    organisation: Organisation,
    who: str,
    case: str,
    erases: str,
    named: Named,
    reason: str = "irrelevant",
) -> bytes:
    """Propose to erase something; returns the hash of the sealed proposal."""
    facts = {"erases": erases, "entries": list(named), "reason": reason}
    return at_desk(organisation, who, case, "erasure_proposal", **facts).sha256


def approval(
    organisation: Organisation,
    who: str,
    case: str,
    proposed: bytes,
    named: Named,
    erases: str = "entries",
) -> dict[str, Any]:
    """What a second handler's browser posts."""
    seq, removed = acts.by_handler(
        organisation, who, case, "removed", content={}, adds={"entries": _late(named)}
    )
    private_key = organisation.people[who].private_key
    place = next_note(organisation, who, case)
    return {
        "proposal": b64u(proposed),
        "seq": place,
        "sealed": b64u(acts.any_entry(private_key)),
        "entries": list(named),
        "removed": {"seq": place + 1, "sealed": b64u(acts.any_entry(private_key))}
        if erases == "notes"
        else {"seq": seq, "sealed": b64u(removed)},
    }


def approve(
    organisation: Organisation,
    who: str,
    case: str,
    proposed: bytes,
    named: Named,
    erases: str = "entries",
) -> Appended:
    """Approve a proposal."""
    asked = approval(organisation, who, case, proposed, named, erases)
    return post(organisation, who, case, asked)


def post(organisation: Organisation, who: str, case: str, asked: Mapping[str, Any]) -> Appended:
    """Post an approval."""
    return approving.approve(organisation.parts, acts.handler(organisation, who), case, asked)


def _late(named: Named) -> list[dict[str, Any]]:
    """The same as a head may hold it: entry 1 is never named there."""
    return [{"seq": one["seq"], "sha256": one["sha256"]} for one in named if one["seq"] > 1]
