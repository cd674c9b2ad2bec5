"""A report sealed elsewhere, sent as a file: taken, or refused with a sentence that says why."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import Organisation
from tests.web.reporter.pages import HOME
from whistle.crypto import age
from whistle.crypto.receipt import Receipt
from whistle.services.reporting import unscripted
from whistle.web.reporter.sealed_file import FILE_MAX


def upload(client: FlaskClient, content: bytes | None) -> TestResponse:
    """Send a file with the form for it; None: no file was chosen."""
    part = b""
    if content is not None:
        name = b'Content-Disposition: form-data; name="sealed"; filename="report.whistle"'
        part = b"--edge\r\n" + name + b"\r\n\r\n" + content + b"\r\n"
    return client.post(
        "/en/report/file",
        data=part + b"--edge--\r\n",
        headers=HOME,
        content_type="multipart/form-data; boundary=edge",
    )


def test_a_sealed_report_is_taken_and_its_dates_told(
    client: FlaskClient, organisation: Organisation
) -> None:
    """The site does not know the code, and says so; the maker of the file reads with it."""
    receipt = Receipt.generate()
    page = upload(client, acts.sealed(organisation, receipt).to_bytes())
    assert page.status_code == 200
    assert "By 29 November 2026 we confirm that we have it." in page.text
    assert "Your code is the one that the program gave you." in page.text
    assert str(receipt) not in page.text
    assert len(unscripted.look(organisation.parts, str(receipt)).entries) == 2


def test_the_same_file_twice_is_one_report(client: FlaskClient, organisation: Organisation) -> None:
    """A lost answer may be asked for again; another report under the same code is refused."""
    receipt = Receipt.generate()
    posted = acts.sealed(organisation, receipt).to_bytes()
    assert upload(client, posted).status_code == upload(client, posted).status_code == 200
    other = upload(client, acts.sealed(organisation, receipt, what="Other").to_bytes())
    assert other.status_code == 409
    assert "Another report has already been sent with the code of this file" in other.text


def test_a_waiver_inside_the_file_is_known(client: FlaskClient, organisation: Organisation) -> None:
    """No confirmation is promised to who did not want one."""
    posted = acts.sealed(organisation, Receipt.generate(), waive_ack=True).to_bytes()
    assert "You asked us not to confirm, so we do not." in upload(client, posted).text


def test_a_file_for_an_older_keyring_must_be_sealed_again(
    client: FlaskClient, organisation: Organisation
) -> None:
    """And the sentence says how."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    acts.publish_keyring(organisation)
    page = upload(client, posted)
    assert page.status_code == 409
    assert "The file was made for an older list of persons." in page.text


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (None, 422, "Choose a file first"),
        (b"", 422, "Choose a file first"),
        (b"%PDF-1.7", 422, "This file is not a sealed report."),
        (b"WHISTLEF1\n", 422, "This file is not a sealed report."),
        (b"WHISTLEF1\n\x00\x00\x00\x02{}", 422, "This file is not a sealed report."),
        (b"WHISTLEF1\n" + b"x" * 2_000_000, 413, "The file is too large to be a sealed report"),
    ],
)
def test_another_file_is_refused_with_its_sentence(
    client: FlaskClient, content: bytes | None, status: int, sentence: str
) -> None:
    """Nothing chosen, something else, a torn one, a huge one."""
    page = upload(client, content)
    assert page.status_code == status
    assert sentence in page.text.split("data-facts")[0]


def test_a_stock_age_file_is_told_from_a_report(client: FlaskClient) -> None:
    """It is encrypted, but nobody here could tell to whom."""
    sealed = age.seal(b"hello", [age.PrivateKey.generate().public_key])
    page = upload(client, sealed)
    assert page.status_code == 422
    assert "This file is encrypted, but it is no report." in page.text


def test_a_file_stays_in_memory(
    client: FlaskClient, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No temporary file is opened, however large the upload."""
    for opener in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{opener}", lambda *_, **__: pytest.fail("a file"))
    monkeypatch.setattr(
        "werkzeug.formparser.SpooledTemporaryFile", lambda *_, **__: pytest.fail("a file")
    )
    posted = acts.sealed(organisation, Receipt.generate(), what="x" * 19_000).to_bytes()
    assert upload(client, posted).status_code == 200
    assert upload(client, b"WHISTLEF1\n" + b"x" * (FILE_MAX - 10_000)).status_code == 422
