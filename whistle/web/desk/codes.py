"""The desk's words for codes that are decided below: code and sentence, in the page's order."""

from whistle.wording import mark

OUTCOMES = (
    ("substantiated", mark("Wrongdoing was found")),
    ("partly", mark("Wrongdoing was found in part")),
    ("unsubstantiated", mark("No wrongdoing was found")),
    ("settled", mark("Put right during the follow-up")),
    ("out_of_scope", mark("Not a matter for this channel")),
    ("transferred", mark("Handed over to somebody else")),
)
"""How a case ended. The server keeps the code (services/handling/writing.py)."""

REASONS = (
    ("would_harm", mark("Feedback would harm the follow-up")),
    ("no_route", mark("There is no way to reach the reporter")),
    ("out_of_scope", mark("Not a matter for this channel")),
    ("transferred", mark("Handed over to somebody else")),
)
"""Why a case is closed without final feedback. The server keeps the code."""

ROLES = (
    ("handler", mark("case handler")),
    ("deputy", mark("deputy")),
    ("investigator", mark("investigator")),
)

SPOKEN = (
    ("en", mark("English")),
    ("sv", mark("Swedish")),
)
"""The languages a reporter may choose, in the words of the page's language."""

TOPICS = (
    ("procurement", mark("Purchasing and contracts")),
    ("finance", mark("Accounts, money and taxes")),
    ("fraud", mark("Fraud, theft or bribes")),
    ("safety", mark("Safety at work or of products")),
    ("environment", mark("The environment")),
    ("privacy", mark("Personal data and privacy")),
    ("discrimination", mark("Discrimination")),
    ("harassment", mark("Harassment or abuse")),
    ("other", mark("Something else")),
    ("unknown", mark("The reporter does not know")),
)
"""What a report is about, in the words of the reporter's form. It lies inside the sealed report."""
