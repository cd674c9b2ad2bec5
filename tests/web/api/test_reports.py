"""POST /api/v1/reports: a sealed report, once, with a reason when it is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import acts
from tests.organisation import Organisation, make_organisation
from whistle.config import Settings
from whistle.crypto import puzzle
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt
from whistle.services.flood import tried
from whistle.services.reporting.filing import file_report
from whistle.storage.tables import Case

PATH = "/api/v1/reports"


@pytest.fixture
def posted(organisation: Organisation) -> bytes:
    """A sealed report."""
    return acts.sealed(organisation, Receipt.generate()).to_bytes()


def count(organisation: Organisation) -> int:
    """How many cases there are."""
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_report_is_answered_with_its_dates(organisation: Organisation, posted: bytes) -> None:
    """201, in the words of protocol section 5; the second time 200 and the same."""
    client = organisation.app.test_client(use_cookies=False)
    first = client.post(PATH, data=posted, content_type="application/octet-stream")
    assert first.status_code == 201
    told = first.get_json()
    assert set(told) == {
        "received_on",
        "acknowledge_due_on",
        "feedback_due_on",
        "acknowledged_on",
        "next_seq",
        "head_sha256",
    }
    assert (told["received_on"], told["next_seq"]) == ("2026-11-22", 3)
    again = client.post(PATH, data=posted)
    assert again.status_code == 200
    assert again.data == first.data
    assert count(organisation) == 1


def test_the_answer_sets_no_cookie_and_is_not_kept(
    organisation: Organisation, posted: bytes
) -> None:
    """Nothing of it stays in the browser."""
    answer = organisation.app.test_client().post(PATH, data=posted)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_refusal_has_a_code_and_a_sentence(organisation: Organisation, posted: bytes) -> None:
    """For the script the code, for a person the sentence; nothing of what was posted."""
    client = organisation.app.test_client(use_cookies=False)
    filing = acts.sealed(organisation, Receipt.generate())
    refusals = [
        (b"", 422, "magic"),
        (b"not sealed", 422, "magic"),
        (filing.case_age, 422, "age_file"),
        (posted[:-1], 422, "sizes"),
        (replace(filing, keyring_serial=2).to_bytes(), 409, "keyring_changed"),
        (replace(filing, channel="other").to_bytes(), 422, "unknown_channel"),
        (replace(filing, left_out=("david",)).to_bytes(), 422, "left_out"),
        (replace(filing, left_out=("anna", "bo", "carin")).to_bytes(), 422, "no_readers"),
    ]
    for sent, status, code in refusals:
        answer = client.post(PATH, data=sent)
        told = answer.get_json()
        assert (answer.status_code, told["error"]) == (status, code)
        assert set(told) == {"error", "message"}
        assert told["message"]
    assert count(organisation) == 0


def test_other_bytes_under_one_code_are_refused(organisation: Organisation) -> None:
    """409 already_sent."""
    filed = acts.file(organisation)
    other = acts.sealed(organisation, filed.receipt, what="Other").to_bytes()
    answer = organisation.app.test_client().post(PATH, data=other)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "already_sent")


@pytest.mark.parametrize("size", [512 * 1024 + 1, 900_000, 2_000_000])
def test_what_is_over_half_a_megabyte_is_refused(organisation: Organisation, size: int) -> None:
    """413 by its length alone."""
    answer = organisation.app.test_client().post(PATH, data=bytes(size))
    assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")


HEADERS: list[tuple[dict[str, str], int]] = [
    ({}, 201),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 201),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 201),
    ({"Origin": "http://localhost"}, 201),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "http://localhost:81"}, 403),
    ({"Origin": "https://localhost"}, 403),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), HEADERS)
def test_another_sites_form_is_refused(
    organisation: Organisation, posted: bytes, headers: dict[str, str], status: int
) -> None:
    """By Sec-Fetch-Site or Origin (protocol section 6); old browsers name neither and pass."""
    answer = organisation.app.test_client().post(PATH, data=posted, headers=headers)
    assert answer.status_code == status
    assert count(organisation) == (status == 201)
    if status == 403:
        assert answer.get_json()["error"] == "cross_site"


def test_the_head_is_that_of_the_thread(organisation: Organisation, posted: bytes) -> None:
    """What the next entry names as the one before."""
    told = organisation.app.test_client().post(PATH, data=posted).get_json()
    filed = acts.Filed(Receipt.generate(), posted, file_report(organisation.parts, posted))
    assert told["head_sha256"] == b64u(filed.told.head_sha256)


def test_under_a_flood_a_report_costs_work_and_who_pays_is_let_in(
    tmp_path: Path, settings: Settings
) -> None:
    """429 with the price; X-Paid brings it; rubbish in it pays nothing."""
    organisation = make_organisation(tmp_path, replace(settings, free_reports_a_minute=1))
    client = organisation.app.test_client(use_cookies=False)
    acts.file(organisation)
    acts.file(organisation)
    filing = acts.sealed(organisation, Receipt.generate())
    for header in ({}, {"X-Paid": "1.2"}, {"X-Paid": "x"}, {"X-Paid": "9" * 40 + ".1"}):
        refused = client.post(PATH, data=filing.to_bytes(), headers=header)
        assert refused.status_code == 429
        told = refused.get_json()
        assert (told["error"], told["bits"], told["most"]) == ("price", 12, 20)
    paid = puzzle.solve(tried(filing.mailbox_id), told["at"], told["bits"])
    header = {"X-Paid": f"{paid.at}.{paid.number}"}
    assert client.post(PATH, data=filing.to_bytes(), headers=header).status_code == 201
    assert count(organisation) == 3
