"""A reminder by mail: that something needs somebody by a date, and nothing else.

Rules:
* no case, no number, no topic, no name of a reporter; the subject never changes;
* every mail of a site is of one length, whatever it says: who watches mails learns nothing from it;
* it goes to the organisation's own server, over TLS, or not at all.
"""

import smtplib
import ssl
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from whistle.config import Mail, Security
from whistle.errors import MailError
from whistle.wording import mark, wording

BODY_BYTES = 720
TIMEOUT_SECONDS = 20

_SUBJECT = mark("A task in %(site)s")
_DUE = mark("A task in %(site)s needs you by %(day)s.")
_NOW = mark("Something in %(site)s needs you.")
_OUTSIDE = mark("An answer at %(site)s is late. Days late: %(days)s.")
_SIGN_IN = mark("Sign in here to see it:")
_NOTHING_ELSE = mark("This mail never says more than this.")


@dataclass(frozen=True)
class Reminder:
    """What one mail says: a date, or how many days something is late, or only that there is news.

    `id` names the mail: sent twice, it can be recognised as one.
    """

    id: str
    to: str
    language: str
    due_on: date | None = None
    days_late: int = 0


def compose(reminder: Reminder, *, site: str, address: str, sender: str) -> EmailMessage:
    """Write the mail; its body has always the same number of bytes."""
    words = wording(reminder.language)
    if reminder.days_late:
        first = words.gettext(_OUTSIDE) % {"site": site, "days": reminder.days_late}
    elif reminder.due_on is not None:
        first = words.gettext(_DUE) % {"site": site, "day": words.date(reminder.due_on)}
    else:
        first = words.gettext(_NOW) % {"site": site}
    lines = [first, "", words.gettext(_NOTHING_ELSE)]
    if not reminder.days_late and address:
        lines[1:1] = ["", words.gettext(_SIGN_IN), address]
    body = "\n".join(lines) + "\n"
    body += " " * (BODY_BYTES - len(body.encode()))
    message = EmailMessage()
    message["From"] = sender
    message["To"] = reminder.to
    message["Subject"] = words.gettext(_SUBJECT) % {"site": site}
    message["Message-ID"] = f"<{reminder.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="base64")
    return message


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
        if chosen.security is Security.TLS:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                chosen.host, chosen.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(chosen.host, chosen.port, timeout=TIMEOUT_SECONDS)
        if chosen.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if chosen.user:
            server.login(chosen.user, Path(chosen.password_file).read_text().strip())
        return server
