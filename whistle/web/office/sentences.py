"""The office's words for codes that are decided below."""

from whistle.wording import mark

ROLES = (
    ("handler", mark("case handler")),
    ("deputy", mark("deputy")),
    ("investigator", mark("investigator")),
)
OFFICES = (
    ("officer", mark("officer")),
    ("auditor", mark("auditor")),
)
ROLE_NAMES = dict(ROLES + OFFICES)
STATES = {
    "invited": mark("Invited, has not joined yet"),
    "given": mark("Has not finished joining"),
    "joined": mark("Has joined, waits for the next list of keys"),
    "in_keyring": mark("In the list of keys"),
    "waiting": mark("In a list of keys that does not count yet"),
    "no_sign_in": mark("Taken out, still in the list of keys"),
    "office": mark("Has a part in the office"),
}
"""How far somebody is (services/office/people.py)."""

CHANGES = {
    "added": mark("Added"),
    "keys": mark("New keys"),
    "name": mark("Other name or task"),
    "channels": mark("Other channels or roles"),
    "validity": mark("Other dates"),
    "removed": mark("Removed"),
    "recovery": mark("Recovery key, held by"),
    "recovery_gone": mark("No recovery key any more"),
    "service": mark("New key of the server"),
    "service_gone": mark("A key of the server is removed"),
    "next_root": mark("Another root key signs from the next list on"),
}
"""What a keyring changes (crypto/drafting.py)."""

KEYRING_STATES = {
    "good": mark("in force"),
    "expiring": mark("in force, ends within 60 days"),
    "expired": mark("past its end; reports are still taken"),
    "closed": mark("too old; the form is closed"),
}
"""A keyring's age (crypto/keyring_file.py)."""
