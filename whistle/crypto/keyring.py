"""The chain of keyrings, from the root key to today (protocol section 2).

* Each file is signed by the root key (`whistle-keyring-v1`), or by the `next_root` that the file
  before announced; has a serial above the one before, names its hash, and is not issued earlier.
* Nobody adds himself unseen: what adds or changes a handler, the recovery key or a service key
  takes effect at once only with a second signature (`whistle-keyring-cosign-v1`) by a handler
  whom the keyring then in force names; else seven days after it was issued. To leave out a key,
  a channel or to end a validity earlier adds nothing. Serial 1 takes effect at once.
* A file that adds nothing to the one before it, which is still waiting, waits no longer than that.

Reasons of `KeyringError`: those of `keyring_file`, and `empty` · `signature` by the root ·
`cosignature` there is one, but by nobody who may · `serial` not above the last · `serial_twice`
two files with one serial: an alarm, somebody has signed two truths · `previous` · `dates` issued
before the one before · `org` another organisation · `unknown` not in this chain · `not_yet`
nothing is in force on that date.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from whistle.crypto import sshsig
from whistle.crypto.keyring_file import (
    HandlerKey,
    Holder,
    Keyring,
    Recovery,
    ServiceKey,
    parse,
)
from whistle.crypto.phrase import phrase
from whistle.errors import KeyringError, SignatureError

__all__ = [
    "COSIGN_NAMESPACE",
    "SIGN_NAMESPACE",
    "WAITING_DAYS",
    "HandlerKey",
    "Holder",
    "Keyring",
    "KeyringChain",
    "Link",
    "Recovery",
    "ServiceKey",
    "SignedKeyring",
    "adds",
    "parse",
    "phrase",
    "removed",
    "verify_chain",
]

SIGN_NAMESPACE = "whistle-keyring-v1"
COSIGN_NAMESPACE = "whistle-keyring-cosign-v1"
WAITING_DAYS = 7


@dataclass(frozen=True)
class SignedKeyring:
    """A keyring file with its signature and perhaps a handler's second one, all as received."""

    file: bytes
    signature: str
    cosignature: str | None = None


@dataclass(frozen=True)
class Link:
    """One verified keyring of a chain, and the day from which it counts.

    `announced`: it adds something of its own that no handler vouched for, so that the days between
    its issue and `effective_on` are those in which everybody is told.
    """

    keyring: Keyring
    effective_on: dt.date
    cosigned_by: str | None
    announced: bool = False


@dataclass(frozen=True)
class KeyringChain:
    """Verified keyrings, oldest first."""

    links: tuple[Link, ...]

    @property
    def newest(self) -> Keyring:
        """The last one issued; perhaps it is still waiting."""
        return self.links[-1].keyring

    def effective(self, on: dt.date) -> Keyring:
        """Return the newest keyring that counts on a date. Raises `KeyringError` (`not_yet`)."""
        for link in reversed(self.links):
            if link.effective_on <= on:
                return link.keyring
        raise KeyringError("not_yet")

    def waiting(self, on: dt.date) -> tuple[Link, ...]:
        """Return what was issued after the keyring in force and does not count yet: announce it."""
        newest_first: list[Link] = []
        for link in reversed(self.links):
            if link.effective_on <= on:
                break
            newest_first.append(link)
        return tuple(reversed(newest_first))

    def counts(self, keyring: Keyring, on: dt.date) -> bool:
        """Say whether a keyring of this chain no longer waits on a date, or stops on the next.

        A day of grace: the channels' days begin at different hours.
        """
        links = (link for link in self.links if link.keyring == keyring)
        return any((link.effective_on - on).days <= 1 for link in links)

    def by(self, serial: int, sha256: bytes) -> Keyring:
        """Return the keyring an entry names. Raises `KeyringError` (`unknown`)."""
        for link in self.links:
            if link.keyring.serial == serial and link.keyring.sha256 == sha256:
                return link.keyring
        raise KeyringError("unknown")


def verify_chain(chain: Sequence[SignedKeyring], root: bytes) -> KeyringChain:
    """Return the chain, every rule of this module checked under *root* (32 bytes).

    Raises:
        KeyringError: with a reason of this module's or `keyring_file`'s list.
    """
    links: list[Link] = []
    for signed in chain:
        keyring = parse(signed.file)
        if links:
            _follows(keyring, links[-1].keyring)
            root = links[-1].keyring.next_root or root
        elif keyring.previous is not None:
            raise KeyringError("previous")
        _verify_root(signed, root)
        cosigner = _cosigner(signed, keyring, links)
        links.append(_link(keyring, links, cosigner))
    if not links:
        raise KeyringError("empty")
    return KeyringChain(tuple(links))


def adds(new: Keyring, old: Keyring) -> tuple[str, ...]:
    """Return what *new* adds or changes against *old*: handler ids, `recovery`, `service`."""
    found = [
        handler.id for handler in new.handlers if not _within(handler, old.handler(handler.id))
    ]
    if new.recovery is not None and new.recovery != old.recovery:
        found.append("recovery")
    if any(not any(_shorter(key, was) for was in old.service) for key in new.service):
        found.append("service")
    return tuple(found)


def removed(new: Keyring, old: Keyring) -> tuple[str, ...]:
    """Return the ids of handlers whom *new* no longer names."""
    return tuple(h.id for h in old.handlers if new.handler(h.id) is None)


def _follows(keyring: Keyring, last: Keyring) -> None:
    """Refuse a file that does not follow the last one."""
    if keyring.serial == last.serial and keyring.sha256 != last.sha256:
        raise KeyringError("serial_twice")
    if keyring.serial <= last.serial:
        raise KeyringError("serial")
    if keyring.previous != last.sha256:
        raise KeyringError("previous")
    if keyring.org != last.org:
        raise KeyringError("org")
    if keyring.issued_on < last.issued_on:
        raise KeyringError("dates")


def _verify_root(signed: SignedKeyring, root: bytes) -> None:
    """Check the root's signature."""
    try:
        sshsig.verify(root, SIGN_NAMESPACE, signed.file, signed.signature)
    except SignatureError as error:
        raise KeyringError("signature") from error


def _cosigner(signed: SignedKeyring, keyring: Keyring, links: Sequence[Link]) -> str | None:
    """Return the id of the handler who signed too; None where nobody did."""
    if signed.cosignature is None:
        return None
    for handler in links[-1].keyring.handlers if links else ():
        if not handler.valid_on(keyring.issued_on):
            continue
        try:
            sshsig.verify(handler.sign, COSIGN_NAMESPACE, signed.file, signed.cosignature)
        except SignatureError:
            continue
        return handler.id
    raise KeyringError("cosignature")


def _link(keyring: Keyring, links: Sequence[Link], cosigner: str | None) -> Link:
    """Return a keyring with the day from which it counts."""
    issued_on = keyring.issued_on
    if not links:
        return Link(keyring, issued_on, cosigner)
    last = links[-1]
    in_force = _in_force(links, issued_on)
    vouched = cosigner is not None and _same_key(cosigner, last.keyring, in_force)
    if vouched or not adds(keyring, in_force):
        return Link(keyring, issued_on, cosigner)
    if not adds(keyring, last.keyring):
        return Link(keyring, max(last.effective_on, issued_on), cosigner)
    counts_on = issued_on + dt.timedelta(days=WAITING_DAYS)
    return Link(keyring, counts_on, cosigner, announced=True)


def _in_force(links: Sequence[Link], on: dt.date) -> Keyring:
    """Return the newest keyring that counts on a date; serial 1 counts from its issue."""
    return next(link.keyring for link in reversed(links) if link.effective_on <= on)


def _same_key(handler_id: str, one: Keyring, two: Keyring) -> bool:
    """Say whether two keyrings name the same signing key for a handler."""
    first, second = one.handler(handler_id), two.handler(handler_id)
    return first is not None and second is not None and first.sign == second.sign


def _within(new: HandlerKey, old: HandlerKey | None) -> bool:
    """Say whether a handler is as before, or has only fewer channels or a shorter life."""
    if old is None or not _shorter(new, old):
        return False
    if any(old.channels.get(channel) != role for channel, role in new.channels.items()):
        return False
    return replace(new, channels=old.channels, valid_to=old.valid_to) == old


def _shorter(new: HandlerKey | ServiceKey, old: HandlerKey | ServiceKey) -> bool:
    """Say whether a key is as before and ends no later."""
    if new.sign != old.sign or new.valid_from != old.valid_from:
        return False
    return old.valid_to is None or (new.valid_to is not None and new.valid_to <= old.valid_to)
