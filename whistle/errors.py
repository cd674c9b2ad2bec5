"""Every error that Whistle raises on purpose, in one tree.

WhistleError
├── SealError            a sealed object cannot be opened, or is not one
│   └── NotForMeError    it is whole, but sealed to other keys
├── TooLargeError        something is over a stated limit
├── ReceiptError         what was typed is not a receipt code
├── ShareError           what was typed is not a share, or these shares do not join
├── SignatureError       a signature or a signing key is not right
├── KeyringError         the keyring, or the chain of keyrings, is refused
├── ThreadError          a thread does not hold together
├── FilingError          what was posted is not a sealed report of the right shape
├── MailError            a mail could not be handed over
├── ConfigError          the configuration cannot be used
├── LawError             dates or a law that cannot be computed with
├── CaseError            the case's rules do not allow this now
├── LogError             the event log does not verify
└── DeniedError          what was asked for may not be done
    ├── NotFoundError        it is not there, or not for this person: one answer for both
    ├── SignInError          the sign-in did not succeed, whatever was wrong
    ├── ConflictError        something newer is in the way; look at it first
    └── BusyError            too much at once; wait and try again
        └── PriceError           this try costs work first

Each carries a `reason`: a short code from its own closed list, safe to log and to
show, because it never holds content. The sentence a person reads is chosen from
that code where it is shown (`wording.py`).
"""


class WhistleError(Exception):
    """Something went wrong that Whistle knows how to name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SealError(WhistleError):
    """A sealed object cannot be opened, or is not a sealed object at all."""


class NotForMeError(SealError):
    """A sealed object is whole, but none of the given private keys opens it."""


class TooLargeError(WhistleError):
    """Something is larger than its stated limit."""


class ReceiptError(WhistleError):
    """What was typed is not a receipt code. `reason` is length, symbol or check."""


class ShareError(WhistleError):
    """What was typed is not a share of a recovery key, or these shares do not join."""


class PackageError(WhistleError):
    """A package of a case is not what was packed. Ask whoever gave it for another copy."""


class SignatureError(WhistleError):
    """A signature does not verify, or a signing key may not be used."""


class KeyringError(WhistleError):
    """A keyring, or the chain of keyrings, breaks a rule of protocol section 2."""


class ThreadError(WhistleError):
    """A thread breaks a rule of protocol section 3: forged, moved, forked or with a gap."""


class FilingError(WhistleError):
    """What was posted is not a sealed report of the right shape (protocol section 5)."""


class LogError(WhistleError):
    """The event log does not verify: somebody has changed it."""


class MailError(WhistleError):
    """A mail could not be handed over; it is kept and tried again."""


class ConfigError(WhistleError):
    """The configuration cannot be used; nothing was started."""


class LawError(WhistleError):
    """These dates, or this law, country or time zone, cannot be computed with."""


class LeapError(WhistleError):
    """The machine's time is far from what it just was; what was under way is not kept."""


class CaseError(WhistleError):
    """The rules of a case do not allow this now; nothing was changed."""


class DeniedError(WhistleError):
    """What was asked for may not be done."""


class NotFoundError(DeniedError):
    """It is not there, or not for this person: both have one answer."""


class SignInError(DeniedError):
    """The sign-in did not succeed; the answer never tells which part was wrong."""


class ConflictError(DeniedError):
    """Something newer is in the way; show it, then try again."""


class BusyError(DeniedError):
    """Too much at once; wait and try again."""


class PriceError(BusyError):
    """This try costs work: so many bits now, and never more than `most`; `at` is our time."""

    def __init__(self, bits: int, most: int, at: int) -> None:
        super().__init__("price")
        self.bits, self.most, self.at = bits, most, at
