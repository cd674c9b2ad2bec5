"""A report sealed elsewhere, sent as a file: taken, or refused with a sentence that says why."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import CHEAP_LOG_N, Organisation, cast, make_organisation, make_settings
from tests.web.reporter.pages import HOME, form_of
from whistle.config import Channel
from whistle.crypto import age
from whistle.crypto.receipt import Receipt
from whistle.errors import FilingError, LawError
from whistle.services.operating.ceremony import Appointed, enrol
from whistle.services.reporting import unscripted
from whistle.services.reporting.filing import POSTED_BYTES_MAX
from whistle.web.intake.multipart import Beginning
from whistle.web.reporter.sealed_file import READ_MAX, why

FACTS = "data-facts"
"""After this stand all sentences that a script could need."""


def upload(client: FlaskClient, content: bytes | None, **typed: str) -> TestResponse:
    """Send a file with what was typed in the form; None: no file was chosen."""
    part = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in typed.items()
    )
    if content is not None:
        name = b'Content-Disposition: form-data; name="sealed"; filename="report.whistle"'
        part += b"--edge\r\n" + name + b"\r\n\r\n" + content + b"\r\n"
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
        (b"WHISTLEF1\n", 422, "The file is damaged."),
        (b"WHISTLEF1\n\x00\x00\x00\x02{}", 422, "The file is damaged."),
        (b"WHISTLEF1\n" + b"x" * 600_000, 413, "The file is too large to be a sealed report"),
        (b"\xff\xd8" + b"x" * 5_000_000, 413, "The file is too large to be a sealed report"),
        (b"x" * (READ_MAX + 1), 413, "The file is too large to be a sealed report"),
    ],
    ids=["none", "empty", "PDF", "torn", "no head", "large", "a photo", "a film"],
)
def test_another_file_is_refused_with_its_sentence(
    client: FlaskClient, content: bytes | None, status: int, sentence: str
) -> None:
    """Nothing chosen, something else, a torn one, a huge one: in the summary and at the field."""
    page = upload(client, content)
    assert page.status_code == status
    assert sentence in page.text.split(FACTS)[0]
    assert page.text.count(sentence) == 3  # at the top, in the script's facts, at the field
    assert 'id="sealed-error"' in page.text


@pytest.mark.parametrize("content", [None, b"%PDF-1.7", b"x" * 5_000_000])
def test_a_refused_file_costs_no_text(client: FlaskClient, content: bytes | None) -> None:
    """What was typed in the form stands in it again, exactly, and so does what was ticked."""
    typed = {"what": "Åska & <b>\nand more", "left_out": "bo", "named": "yes", "name": "Åsa"}
    page = upload(client, content, **typed)
    again = form_of(page, "report-form").fields
    assert {name: again[name] for name in typed} == typed


def test_no_more_of_a_file_is_kept_than_a_report_can_have(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is read, for the browser waits for its answer, and let go."""
    kept: list[int] = []
    begin = Beginning.write

    def watch(self: Beginning, data: bytes, /) -> int:
        told = begin(self, data)
        kept.append(len(self.getvalue()))
        return told

    monkeypatch.setattr(Beginning, "write", watch)
    assert upload(client, b"x" * 5_000_000).status_code == 413
    assert max(kept) == POSTED_BYTES_MAX


def test_a_file_for_other_persons_is_told_from_one_that_is_no_report(
    client: FlaskClient, tmp_path: Path
) -> None:
    """Sealed to the keys of another organisation, which has more persons, or other ones."""
    dora = enrol(Appointed("dora", "Dora Falk", "Lawyer", {"main": "handler"}), log_n=CHEAP_LOG_N)
    others = (replace(cast()[0], appointed=replace(cast()[0].appointed, id="eva")), *cast()[1:])
    more = (*cast(), dora)
    for name, people, left_out in (("more", more, ()), ("others", others, ("eva",))):
        other = make_organisation(tmp_path / name, people=people)
        posted = acts.sealed(other, Receipt.generate(), left_out=left_out).to_bytes()
        page = upload(client, posted)
        assert page.status_code == 422
        assert (
            "The file was made for another list of persons than ours." in page.text.split(FACTS)[0]
        )


def test_a_file_for_another_channel_says_so(client: FlaskClient, tmp_path: Path) -> None:
    """The channel is named in the file, and this organisation has no such one."""
    folder = tmp_path / "north"
    settings = replace(make_settings(folder), channels=(Channel(id="north", name="North"),))
    people = tuple(
        replace(one, appointed=replace(one.appointed, channels={"north": role}))
        for one in cast()
        for role in one.appointed.channels.values()
    )
    other = make_organisation(folder, settings, people)
    page = upload(client, acts.sealed(other, Receipt.generate(), channel="north").to_bytes())
    assert page.status_code == 422
    assert "The file was made for another organisation." in page.text.split(FACTS)[0]


def test_every_reason_of_a_filing_has_a_sentence_of_its_own() -> None:
    """None is told as something else: the table names what the parser and the check can say."""
    for reason, code in {
        "age_file": "file_age", "magic": "file_other", "too_large": "file_large",
        "stanzas": "file_list", "left_out": "file_list", "channel": "file_channel",
        "unknown_channel": "file_channel", "no_readers": "no_readers", "sizes": "file_broken",
        "not_canonical": "file_broken", "case_age": "file_broken", "entry": "file_broken",
    }.items():  # fmt: skip
        assert why(FilingError(reason))[0] == code
    assert why(LawError("no_date")) == ("paused", 503)


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
    assert upload(client, b"WHISTLEF1\n" + b"x" * (POSTED_BYTES_MAX - 10)).status_code == 422


@pytest.mark.parametrize("size", [10, READ_MAX + 1], ids=["small", "a film"])
def test_with_several_channels_a_refused_file_comes_back_to_its_own(
    tmp_path: Path, size: int
) -> None:
    """The address says which, also when nothing of what was posted is read."""
    settings = make_settings(tmp_path)
    channels = (*settings.channels, Channel(id="second", name="Example Transport"))
    made = make_organisation(tmp_path, replace(settings, channels=channels))
    client = made.app.test_client()
    form = form_of(client.get("/en/report?channel=main"), "report-form")
    assert form.fields["channel"] == "main"
    body = b'--edge\r\nContent-Disposition: form-data; name="sealed"; filename="x"\r\n\r\n'
    page = client.post(
        "/en/report/file?channel=main",
        data=body + b"x" * size + b"\r\n--edge--\r\n",
        headers=HOME,
        content_type="multipart/form-data; boundary=edge",
    )
    assert 'id="sealed-error"' in page.text
    assert form_of(page, "report-form").fields["channel"] == "main"
