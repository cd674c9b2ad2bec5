"""What an entry's head says (protocol section 3), and which kinds of entry there are.

A kind fixes the chain it stands in, who may write it, and what its head adds:

    kind             chain  side              adds
    report           case   reporter          reporter_age reporter_sign case_key readers left_out
                                              recovery waive_ack code_made_by
    message          case   reporter, handler
    acknowledgement  case   handler
    feedback         case   handler           final next_on
    closing          case   handler           outcome
    reopening        case   handler
    waiver           case   reporter          waive_ack
    meeting          case   reporter
    meeting_offer    case   handler
    out_of_scope     case   handler
    removed          case   handler           entries
    consent_request  case   handler           scope
    consent          case   reporter          request given
    disclosure_notice case  handler           scope duty earliest_on
    disclosure       case   handler           scope consent notice duty cannot_wait
    handover_preview case   handler           answer_by
    access           case   handler, reporter gen case_key desk_key desk_prev added removed reason
    desk             desk   handler           desk_key
    note             desk   handler
    withholding      desk   handler           ground
    handover         desk   handler
    untold_disclosure desk  handler           scope duty cannot_wait
    note_removed     desk   handler           entries
    person           desk   handler           role
    person_ground    desk   handler           person given given_on duty
    person_ended     desk   handler           ended
    marks            desk   handler
    erasure_proposal   desk   handler         erases entries reason
    erasure_approval   desk   handler         proposal
    erasure_withdrawal desk   handler         proposal
    received …       case   system            (SYSTEM_KINDS; body {code, params})

Reasons, raised as `ThreadError`: those of `strictjson`, and `version` · `kind` unknown, or in the
wrong chain, or of the wrong side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.crypto import strictjson
from whistle.crypto.access import REASONS
from whistle.crypto.age import PUBLIC_KEY_BYTES
from whistle.crypto.consents import CANNOT_WAIT, DUTIES, SCOPES
from whistle.crypto.persons import GIVEN, ROLES
from whistle.crypto.strictjson import Fields
from whistle.errors import ThreadError

HEAD_VERSION = 1
CHAINS = ("case", "desk")
SIDES = ("reporter", "handler", "system")
MADE = ("browser", "server", "cli")
JSON = "application/json"
SYSTEM_KINDS = (
    "received",
    "acknowledged",
    "late",
    "missed",
    "waived",
    "keyring_expired",
    "cannot_open",
    "erase_planned",
    "reprisal_check",
    "recovered",
)
ERASES = ("entries", "notes", "case")
"""What two handlers may agree to erase early: in the case chain, in the desk chain, or all."""
ERASING_REASONS = ("irrelevant", "not_needed")
_JSON_BYTES_MAX = 32 * 1024


@dataclass(frozen=True)
class Kind:
    """Where a kind of entry may stand, who may write it, and how its additions are read."""

    chain: str
    sides: tuple[str, ...]
    additions: Callable[[Fields], None]


def _nothing(_: Fields) -> None:
    """Read a head that adds nothing."""


def _report(fields: Fields) -> None:
    """Read what entry 1 adds."""
    fields.binary("reporter_age", PUBLIC_KEY_BYTES)
    fields.binary("reporter_sign", 32)
    fields.binary("case_key", PUBLIC_KEY_BYTES)
    _readers(fields, "readers")
    fields.ids("left_out")
    if not fields.absent("recovery"):
        fields.binary("recovery", 32)
    fields.boolean("waive_ack")
    if not fields.absent("code_made_by"):
        fields.id("code_made_by")


def _feedback(fields: Fields) -> None:
    """Read what feedback adds."""
    fields.boolean("final")
    if not fields.absent("next_on"):
        fields.date("next_on")


def _closing(fields: Fields) -> None:
    """Read what a closing adds."""
    fields.id("outcome")


def _access(fields: Fields) -> None:
    """Read what a change of access adds."""
    fields.number("gen", 1)
    fields.binary("case_key", PUBLIC_KEY_BYTES)
    if not fields.absent("desk_key"):
        fields.binary("desk_key", PUBLIC_KEY_BYTES)
    if not fields.absent("desk_prev"):
        fields.binary("desk_prev", 32)
    _readers(fields, "added")
    fields.ids("removed")
    fields.one_of("reason", REASONS)


def _waiver(fields: Fields) -> None:
    """Read a waiver of the acknowledgement, or its withdrawal."""
    fields.boolean("waive_ack")


def _withholding(fields: Fields) -> None:
    """Read why receipt is not acknowledged."""
    fields.id("ground")


def _removed(fields: Fields) -> None:
    """Read which entries were erased early, and the hashes that stay of them."""
    for entry in fields.inners("entries"):
        entry.number("seq", 2)
        entry.binary("sha256", 32)
        entry.end()


def _erasure_proposal(fields: Fields) -> None:
    """Read what somebody proposes to erase early: each entry by number and hash.

    A whole case is named by its report, which is never erased alone.
    """
    erases = fields.one_of("erases", ERASES)
    seqs = []
    for entry in fields.inners("entries"):
        seqs.append(entry.number("seq", 1))
        entry.binary("sha256", 32)
        entry.end()
    first = seqs == [1] if erases == "case" else 1 not in seqs
    if not seqs or len(set(seqs)) != len(seqs) or not first:
        raise ThreadError("value")
    fields.one_of("reason", ERASING_REASONS)


def _proposal(fields: Fields) -> None:
    """Read which proposal is meant: the hash of its sealed entry."""
    fields.binary("proposal", 32)


def _consent_request(fields: Fields) -> None:
    """Read what a request for consent adds."""
    _scope(fields)


def _consent(fields: Fields) -> None:
    """Read what the reporter's answer to such a request adds."""
    fields.binary("request", 32)
    fields.boolean("given")


def _disclosure_notice(fields: Fields) -> None:
    """Read what the announcement of a legal duty adds."""
    _scope(fields)
    fields.one_of("duty", DUTIES)
    fields.date("earliest_on")


def _disclosure(fields: Fields) -> None:
    """Read what a disclosure rests on."""
    _scope(fields)
    for key in ("consent", "notice"):
        if not fields.absent(key):
            fields.binary(key, 32)
    if not fields.absent("duty"):
        fields.one_of("duty", DUTIES)
    if not fields.absent("cannot_wait"):
        fields.one_of("cannot_wait", CANNOT_WAIT)


def _untold_disclosure(fields: Fields) -> None:
    """Read what a disclosure rests on that the reporter must not know of yet."""
    _scope(fields)
    fields.one_of("duty", DUTIES)
    fields.one_of("cannot_wait", CANNOT_WAIT)


def _handover_preview(fields: Fields) -> None:
    """Read by when the reporter may answer what is to be handed over."""
    fields.date("answer_by")


def _person(fields: Fields) -> None:
    """Read as what somebody is named."""
    fields.one_of("role", ROLES)


def _person_ground(fields: Fields) -> None:
    """Read why somebody's name may be told: a consent of their own, or a duty."""
    fields.binary("person", 32)
    if not fields.absent("given"):
        fields.one_of("given", GIVEN)
    if not fields.absent("given_on"):
        fields.date("given_on")
    if not fields.absent("duty"):
        fields.one_of("duty", DUTIES)


def _person_ended(fields: Fields) -> None:
    """Read which person or ground is ended: the hash of its sealed entry."""
    fields.binary("ended", 32)


def _scope(fields: Fields) -> None:
    """Read what is told: listed codes, each once, at least one."""
    scope = fields.ids("scope")
    if not scope or not set(scope) <= set(SCOPES):
        raise ThreadError("value")


def _desk(fields: Fields) -> None:
    """Read what the desk chain's first entry adds."""
    fields.binary("desk_key", PUBLIC_KEY_BYTES)


def _readers(fields: Fields, key: str) -> None:
    """Read a list of readers: handler ids, each once, with the hash of the key sealed to."""
    ids = []
    for reader in fields.inners(key):
        ids.append(reader.id("id"))
        reader.binary("sha256", 32)
        reader.end()
    if len(set(ids)) != len(ids):
        raise ThreadError("value")


KINDS: Mapping[str, Kind] = {
    "report": Kind("case", ("reporter",), _report),
    "message": Kind("case", ("reporter", "handler"), _nothing),
    "acknowledgement": Kind("case", ("handler",), _nothing),
    "feedback": Kind("case", ("handler",), _feedback),
    "closing": Kind("case", ("handler",), _closing),
    "reopening": Kind("case", ("handler",), _nothing),
    "waiver": Kind("case", ("reporter",), _waiver),
    "meeting": Kind("case", ("reporter",), _nothing),
    "meeting_offer": Kind("case", ("handler",), _nothing),
    "out_of_scope": Kind("case", ("handler",), _nothing),
    "removed": Kind("case", ("handler",), _removed),
    "access": Kind("case", ("handler", "reporter"), _access),
    "consent_request": Kind("case", ("handler",), _consent_request),
    "consent": Kind("case", ("reporter",), _consent),
    "disclosure_notice": Kind("case", ("handler",), _disclosure_notice),
    "disclosure": Kind("case", ("handler",), _disclosure),
    "handover_preview": Kind("case", ("handler",), _handover_preview),
    "desk": Kind("desk", ("handler",), _desk),
    "note": Kind("desk", ("handler",), _nothing),
    "withholding": Kind("desk", ("handler",), _withholding),
    "handover": Kind("desk", ("handler",), _nothing),
    "untold_disclosure": Kind("desk", ("handler",), _untold_disclosure),
    "note_removed": Kind("desk", ("handler",), _removed),
    "person": Kind("desk", ("handler",), _person),
    "person_ground": Kind("desk", ("handler",), _person_ground),
    "person_ended": Kind("desk", ("handler",), _person_ended),
    "marks": Kind("desk", ("handler",), _nothing),
    "erasure_proposal": Kind("desk", ("handler",), _erasure_proposal),
    "erasure_approval": Kind("desk", ("handler",), _proposal),
    "erasure_withdrawal": Kind("desk", ("handler",), _proposal),
    **{kind: Kind("case", ("system",), _nothing) for kind in SYSTEM_KINDS},
}


def parse(data: bytes) -> dict[str, Any]:
    """Return a head, every key of it known and of the right form.

    Raises:
        ThreadError: with a reason of this module's list.
    """
    head = strictjson.parse(data, _JSON_BYTES_MAX, ThreadError)
    fields = Fields(head, ThreadError)
    if fields.number("v") != HEAD_VERSION:
        raise ThreadError("version")
    fields.id("channel")
    fields.binary("thread", 32)
    chain = fields.one_of("chain", CHAINS)
    fields.number("seq", 1)
    fields.binary("prev", 32)
    kind = KINDS.get(fields.id("kind"))
    author = fields.inner("author")
    side = author.one_of("side", SIDES)
    author_id = author.id("id")
    author.end()
    keyring = fields.inner("keyring")
    keyring.number("serial", 1)
    keyring.binary("sha256", 32)
    keyring.end()
    fields.one_of("made", MADE)
    fields.text("body_type")
    fields.number("body_len")
    if kind is None or kind.chain != chain or side not in kind.sides:
        raise ThreadError("kind")
    if side != "handler" and author_id != {"reporter": "reporter", "system": "service"}[side]:
        raise ThreadError("value")
    kind.additions(fields)
    fields.end()
    return head
