"""A reminder: always the same length, no content, over TLS or not at all."""

import base64
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.post_office import HOST, certificate, open_office, server_side
from whistle.config import Mail, Security
from whistle.errors import MailError
from whistle.notify.mail import Reminder, Server, compose

AT = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
SENDER = "Forms <forms@example.org>"
SIGN_IN = "https://desk.example.org"
SAYINGS: list[dict[str, Any]] = [
    {"due_on": date(2026, 11, 29)},
    {"due_on": date(2027, 9, 30)},
    {"due_on": date(2026, 9, 30), "passed": True},
    {},
    {"days_late": 1},
    {"days_late": 365},
]


def _made(
    language: str = "en", *, site: str = "Forms", address: str = SIGN_IN, **said: Any
) -> EmailMessage:
    reminder = Reminder(id="ab" * 16, to="anna@example.org", language=language, **said)
    return compose(reminder, site=site, address=address, sender=SENDER, at=AT)


def _words(message: EmailMessage) -> str:
    return str(message.get_content()).strip()


@settings(deadline=None)
@given(
    site=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=80),
    address=st.sampled_from(["", SIGN_IN, f"https://{'x' * 200}.example.org"]),
)
def test_all_mails_of_a_site_are_of_one_length(site: str, address: str) -> None:
    """Whatever they say, in either language, however long the site's name is."""
    sizes = {
        len(str(_made(language, site=site, address=address, **said).get_payload()))
        for said in SAYINGS
        for language in ("en", "sv")
    }
    assert len(sizes) == 1


def test_the_whole_mail_of_one_person_is_of_one_length() -> None:
    """The header too."""
    assert len({len(_made(**said).as_bytes()) for said in SAYINGS}) == 1


def test_a_mail_says_a_date_and_where_to_sign_in_and_no_more() -> None:
    """The whole text, word for word."""
    assert _words(_made(due_on=date(2026, 11, 29))).splitlines() == [
        "A task in Forms needs you by 29 November 2026.",
        "",
        "Sign in here to see it:",
        SIGN_IN,
        "",
        "This mail never says more than this.",
    ]
    assert _words(_made(days_late=8)).splitlines() == [
        "An answer at Forms is late. Days late: 8.",
        "",
        "This mail never says more than this.",
    ]
    assert _words(_made()).startswith("Something in Forms needs you.")
    passed = _made(due_on=date(2026, 11, 20), passed=True)
    assert _words(passed).startswith("A task in Forms was due on 20 November 2026.")


def test_in_swedish_everything_is_swedish() -> None:
    """The date as well."""
    words = _words(_made("sv", due_on=date(2026, 11, 29)))
    assert "29 november 2026" in words
    assert "task" not in words
    assert "mail" not in words.replace("mejl", "")


def test_the_subject_never_changes() -> None:
    """Who watches the list of mails sees one sentence."""
    assert {str(_made(**said)["Subject"]) for said in SAYINGS} == {"A task in Forms"}


def test_the_head_names_the_mail_and_its_moment_and_no_program() -> None:
    """Exactly these fields."""
    made = _made()
    assert made["Message-ID"] == f"<{'ab' * 16}@example.org>"
    assert parsedate_to_datetime(str(made["Date"])) == AT
    assert made["Auto-Submitted"] == "auto-generated"
    assert set(made.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


def test_the_filling_is_blank() -> None:
    """Nothing but spaces after the text."""
    raw = base64.b64decode(str(_made().get_payload()))
    assert re.search(rb"\. *\n {200,}\n$", raw)


@pytest.mark.parametrize("to", ["anna@example.org\nBcc: all@example.org", "a\r@example.org"])
def test_an_address_that_brings_more_headers_is_refused(to: str) -> None:
    """It is a fault like any other."""
    with pytest.raises(MailError, match="address"):
        compose(Reminder(id="x", to=to, language="en"), site="F", address="", sender=SENDER, at=AT)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_a_fault_and_no_downgrade(
    tmp_path: Path, security: Security
) -> None:
    """Nothing is handed over; with the certificate trusted it is, over TLS."""
    file = certificate(tmp_path)
    side = server_side(file)
    options = {"ssl_context": side} if security is Security.TLS else {"tls_context": side}
    with open_office(**options) as office:
        server = Server(Mail(host=HOST, sender=SENDER, port=office.port, security=security))
        with pytest.raises(MailError, match="tls"):
            server.send(_made())
        assert office.received == []
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("SSL_CERT_FILE", str(file))
            server.send(_made())
        assert len(office.received) == 1
        assert office.secured[0] or security is Security.TLS


def test_a_server_without_starttls_is_given_nothing() -> None:
    """A mail that was to go protected does not go bare."""
    with open_office() as office:
        server = Server(Mail(host=HOST, sender=SENDER, port=office.port))
        with pytest.raises(MailError, match="server"):
            server.send(_made())
        assert office.received == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("451 later", "server"), ("550 no", "server"), ("", None)],
)
def test_what_the_server_says_is_a_reason(answer: str, reason: str | None) -> None:
    """A refusal of the mail; nothing where it is taken."""
    with open_office() as office:
        office.answer = answer
        server = Server(Mail(HOST, SENDER, office.port, Security.NONE))
        if reason is None:
            server.send(_made())
            assert office.to() == ["anna@example.org"]
            return
        with pytest.raises(MailError, match=reason):
            server.send(_made())


def test_nobody_there_is_a_fault() -> None:
    """The port is closed."""
    with open_office() as office:
        port = office.port
    with pytest.raises(MailError, match="connection"):
        Server(Mail(HOST, SENDER, port, Security.NONE)).send(_made())


@pytest.mark.parametrize("password", [None, b"\xff\xfe", b"wrong"])
def test_a_password_that_is_missing_unreadable_or_wrong_is_a_fault_of_signing_in(
    tmp_path: Path, password: bytes | None
) -> None:
    """Said apart from a server that is not there."""
    file = tmp_path / "password"
    if password is not None:
        file.write_bytes(password)

    def refuse(*_: object) -> object:
        return AuthResult(success=False, handled=False)

    with open_office(authenticator=refuse, auth_require_tls=False) as office:
        server = Server(
            Mail(HOST, SENDER, office.port, Security.NONE, user="forms", password_file=str(file))
        )
        with pytest.raises(MailError, match="sign_in"):
            server.send(_made())
        assert office.received == []
