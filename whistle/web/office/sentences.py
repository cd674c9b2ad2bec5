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
    "ended": mark("The invitation has ended unused"),
    "given": mark("Has not finished joining"),
    "joined": mark("Has joined, waits for the next list of keys"),
    "in_keyring": mark("In the list of keys"),
    "waiting": mark("In a list of keys that does not count yet"),
    "leaving": mark("In the list of keys until the next one counts"),
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
    "not_open": mark("closed: two persons must be there to read"),
    "none": mark("there is none yet"),
    "held_back": mark("in force; a later list came too late and is not used: see Keys"),
    "refused": mark("it does not verify: nothing is sealed with it"),
}
"""A keyring's age (crypto/keyring_file.py), and what else can be said of it."""

LAWS = {
    "SE": mark("Act (2021:890) of Sweden"),
    "EU": mark("Directive (EU) 2019/1937 itself"),
}
"""What a channel's law is called (law/states); one that is not here by its code."""

ACKNOWLEDGE = {
    "at_once": mark("the standard text answers at once"),
    "by_handler": mark("a handler answers; the standard text steps in on the last safe day"),
}
"""How a channel acknowledges (config.py)."""

STEPS = {
    "leavers": (
        mark("A list of keys without those who are out is published"),
        mark(
            "Sign the next list now: until it counts, whatever comes is still sealed to the key of"
        ),
        "office.keys",
    ),
    "leavers_wait": (
        mark("The list of keys without a lost key counts"),
        mark("It waits for its day: until then whatever comes is still sealed to the lost key of"),
        "office.keys",
    ),
    "officer": (mark("An officer has joined"), "", ""),
    "second_officer": (
        mark("A second officer has joined"),
        mark("So that nobody is the only one who can run the channel."),
        "office.people",
    ),
    "root": (
        mark("The root key is made offline, and its public line is given"),
        mark("It names the handlers; make it on a machine without a network."),
        "office.keys",
    ),
    "handlers": (
        mark("At least two persons can read in each channel"),
        mark("Invite them; each joins in their own browser."),
        "office.people",
    ),
    "keyring": (
        mark("The first list of keys is signed and published"),
        mark("Then the form opens."),
        "office.keys",
    ),
    "recovery": (
        mark("A recovery key is made, or put off"),
        mark("Without one, lost keys leave reports closed for ever."),
        "office.keys",
    ),
    "outside": (
        mark("The person of the written procedure is named"),
        mark("In whistle.toml under [mail], outside: they are told how late the organisation is."),
        "",
    ),
    "mail": (
        mark("Reminders go out by mail"),
        mark("In whistle.toml under [mail]; what fails is shown here."),
        "",
    ),
}
"""The first days: what each line says, its next step, and where."""

EVENTS = {
    "Invited": mark("Invited somebody"),
    "InvitationWithdrawn": mark("Took an invitation back"),
    "Joined": mark("Joined"),
    "NewKeyMade": mark("Made a new key"),
    "Revoked": mark("Took somebody out"),
    "Appointed": mark("Changed somebody's office"),
    "RootNamed": mark("Gave the root key's public line"),
    "KeyringPrepared": mark("Prepared a list of keys"),
    "KeyringSigned": mark("Gave the root key's signature"),
    "KeyringCosigned": mark("Signed a list of keys as a handler"),
    "KeyringPublished": mark("Published a list of keys"),
    "KeyringDiscarded": mark("Threw a draft away"),
    "RecoveryPutOff": mark("Put the recovery key off"),
    "PauseEnded": mark("Let the clock go on after a pause"),
    "AccessReviewed": mark("Looked through who has access"),
    "Opened": mark("Opened a case"),
    "Received": mark("A report came"),
    "Acknowledged": mark("Receipt was acknowledged"),
    "FeedbackGiven": mark("Feedback was given"),
    "Closed": mark("A case was closed"),
    "Reopened": mark("A case was opened again"),
    "Erased": mark("A case was erased"),
    "AccessChanged": mark("Who reads a case was changed"),
    "CannotOpenSigned": mark("Signed that a case cannot be opened"),
    "HandedOver": mark("A case was handed over"),
    "MessageWritten": mark("A message was written"),
    "Withheld": mark("An acknowledgement was withheld"),
    "Waived": mark("A reporter wanted no acknowledgement"),
    "MeetingAsked": mark("A reporter asked for a meeting"),
    "MeetingOffered": mark("A meeting was offered"),
    "FoundOutOfScope": mark("A case was found outside the law"),
    "ErasureProposed": mark("Somebody proposed to delete something early"),
    "ErasureWithdrawn": mark("A proposal to delete early was ended"),
    "Removed": mark("An entry was deleted early"),
    "Late": mark("A strict date was passed"),
    "Missed": mark("A last date of the law was passed"),
}
"""What the log says happened; another code is shown as it is."""

MAIL_FAULTS = {
    "no_address": mark("there is no address"),
    "address": mark("the address is not one that mail can go to"),
    "refused": mark("the mail server refused the address"),
    "connection": mark("the mail server does not answer"),
    "tls": mark("no protected connection to the mail server"),
    "sign_in": mark("the mail server refused the sign-in"),
    "server": mark("the mail server refused the mail"),
}
"""Why a mail could not be sent (services/upkeep/mailing.py); another code is not explained."""

OTHER_MAIL_FAULT = mark("another fault")

RECEIVERS = {
    "handlers": mark("Case handlers"),
    "office": mark("Office"),
    "outside": mark("Person of the written procedure"),
}
"""Whose mails could not be sent."""

LOG_FAULTS = {
    "gap": mark("an event is missing, or stands there twice"),
    "commitment": mark("an event is not what was entered"),
    "head": mark("the events are not in the order in which they were entered"),
    "case": mark("an event was put to another case"),
    "emptied": mark("more was emptied than erased cases explain"),
    "anchor": mark("it is not the log that gave this anchor, or its end was cut off"),
}
"""What is wrong with the chain (services/log.py)."""
