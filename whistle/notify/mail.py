"""A reminder by mail: that something needs somebody by a date, and nothing else.

Rules:
* no case, no number, no topic, no name of a reporter; the subject never changes;
* the text of every mail of a site is of one length, whatever it says and in whatever language;
* it goes to the organisation's own server, over TLS, or not at all.
"""

import smtplib
import ssl
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from whistle.config import Mail, Security
from whistle.errors import MailError
from whistle.wording import mark, wording

BODY_BYTES = 720
TIMEOUT_SECONDS = 20

_SUBJECT = mark("A task in %(site)s")
_DUE = mark("A task in %(site)s needs you by %(day)s.")
_PASSED = mark("A task in %(site)s was due on %(day)s.")
_NOW = mark("Something in %(site)s needs you.")
_ANCHOR = mark("The log of %(site)s had %(count)s entries on %(day)s. Keep this line:")
_COMPARE = mark("The office compares it with the log of that day.")
_OUTSIDE = mark("An answer at %(site)s is late. Days late: %(days)s.")
_SIGN_IN = mark("Sign in here to see it:")
_NOTHING_ELSE = mark("This mail never says more than this.")


@dataclass(frozen=True)
class Reminder:
    """What one mail says: a date, or how many days something is late, or only that there is news.

    A date that has `passed` is named as one.
    With an `anchor` it says length and head of the log on the day `on`, and nothing else.

    `id` names the mail: sent twice, it can be recognised as one.
    """

    id: str
    to: str
    language: str
    due_on: date | None = None
    passed: bool = False
    days_late: int = 0
    anchor: str = ""
    on: date | None = None


def compose(
    reminder: Reminder, *, site: str, address: str, sender: str, at: datetime
) -> EmailMessage:
    """Write the mail; its text has the same number of bytes for all mails of a site.

    Raises:
        MailError: `address`, no mail can be sent from or to such an address.
    """
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = reminder.to
    except ValueError as error:
        raise MailError("address") from error
    words = wording(reminder.language)
    message["Subject"] = words.gettext(_SUBJECT) % {"site": site}
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{reminder.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    # Site and address stand in it once each, so that their length counts for every mail alike.
    size = BODY_BYTES + len(site.encode()) + len(address.encode())
    body = _text(reminder, site, address)
    message.set_content(body + " " * (size - len(body.encode())), cte="base64")
    return message


def _text(reminder: Reminder, site: str, address: str) -> str:
    words = wording(reminder.language)
    if reminder.anchor:
        return _anchored(reminder, site)
    if reminder.days_late:
        first = words.gettext(_OUTSIDE) % {"site": site, "days": reminder.days_late}
    elif reminder.due_on is not None:
        said = _PASSED if reminder.passed else _DUE
        first = words.gettext(said) % {"site": site, "day": words.date(reminder.due_on)}
    else:
        first = words.gettext(_NOW) % {"site": site}
    lines = [first, "", words.gettext(_NOTHING_ELSE)]
    if not reminder.days_late and address:
        lines[1:1] = ["", words.gettext(_SIGN_IN), address]
    return "\n".join(lines) + "\n"


def _anchored(reminder: Reminder, site: str) -> str:
    words = wording(reminder.language)
    count = reminder.anchor.partition(":")[0]
    day = words.date(reminder.on) if reminder.on else ""
    first = words.gettext(_ANCHOR) % {"site": site, "count": count, "day": day}
    return "\n".join((first, "", reminder.anchor, "", words.gettext(_COMPARE))) + "\n"


class Server:
    """The organisation's mail server."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            MailError: `connection`, `tls`, `sign_in`, `refused` or `server`.
        """
        try:
            with self._connected() as server:
                server.send_message(message)
        except ssl.SSLError as error:
            raise MailError("tls") from error
        except smtplib.SMTPAuthenticationError as error:
            raise MailError("sign_in") from error
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            raise MailError("refused") from error
        except smtplib.SMTPException as error:
            raise MailError("server") from error
        except OSError as error:
            raise MailError("connection") from error

    def _connected(self) -> AbstractContextManager[smtplib.SMTP]:
        chosen = self._settings
        context = ssl.create_default_context()
        if chosen.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                chosen.host, chosen.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(chosen.host, chosen.port, timeout=TIMEOUT_SECONDS)
        try:
            if chosen.security is Security.STARTTLS:
                server.starttls(context=context)
            if chosen.user:
                server.login(chosen.user, _password(chosen.password_file))
        except BaseException:
            server.close()
            raise
        return server


def _password(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise MailError("sign_in") from error
