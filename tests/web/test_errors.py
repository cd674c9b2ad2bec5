"""Each fault is a plain page in both languages, or JSON under /api/; none says what was sent."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from whistle import errors
from whistle.web import faults
from whistle.wording import wording


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    """The application inside one request for a Swedish page."""
    with app.test_request_context("/sv/x"):
        app.preprocess_request()
        yield


@pytest.mark.parametrize("status", sorted(faults.FAULTS))
@pytest.mark.usefixtures("in_request")
def test_each_fault_has_a_page(status: int) -> None:
    """Heading and advice are shown, translated."""
    response = faults.answer(status)
    assert response.status_code == status
    page = response.get_data(as_text=True)
    swedish = wording("sv")
    assert f"<h1>{swedish.gettext(faults.FAULTS[status].heading)}</h1>" in page
    assert swedish.gettext(faults.FAULTS[status].advice) in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFoundError, 404),
        (errors.SignInError, 401),
        (errors.ConflictError, 409),
        (errors.BusyError, 429),
        (errors.DeniedError, 403),
        (errors.TooLargeError, 413),
        (errors.FilingError, 422),
        (errors.ReceiptError, 422),
        (errors.NotForMeError, 422),
        (errors.KeyringError, 503),
        (errors.ConfigError, 500),
    ],
)
def test_each_error_has_its_status(error: type[errors.WhistleError], status: int) -> None:
    """The tree of errors maps onto statuses, the nearest class first."""
    assert faults.status_of(error("reason")) == status


def test_every_class_of_error_has_a_status_with_a_page() -> None:
    """A new error cannot be answered by chance."""
    waiting = [errors.WhistleError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        one = kind.__new__(kind)  # whatever its own facts are
        assert faults.status_of(one) in faults.FAULTS


def test_under_api_a_fault_is_json(app: Flask) -> None:
    """A program reads the code, a person the sentence."""
    response = app.test_client().get("/api/v1/nothing", headers={"Accept-Language": "sv"})
    assert response.status_code == 404
    assert response.json == {
        "error": "not_found",
        "message": "Sidan finns inte. Om du skrev adressen, kontrollera den.",
    }


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (
            409,
            "already_sent",
            "This report has already been sent. Your changes were not sent: send them as a",
        ),
        (409, "time_unsure", "The server's time must be compared first. Tell the officer. "),
        (409, "out_of_turn", "Something new has come in between. "),
        (400, "csrf", "This page is too old to send. "),
    ],
)
def test_a_code_with_a_meaning_of_its_own_says_it(
    app: Flask, status: int, code: str, message: str
) -> None:
    """The sentence fits what happened; where the status says it all, that one stays."""
    with app.test_request_context("/api/v1/reports"):
        app.preprocess_request()
        response = faults.answer(status, code)
    assert response.json is not None
    assert response.json["error"] == code
    assert response.json["message"].startswith(message)


def test_a_mailbox_that_is_not_there_is_told_of_its_code(client: FlaskClient) -> None:
    """Whoever reads it typed a code, no address."""
    found = client.get("/api/v1/mailbox", headers={"Authorization": "Bearer " + "A" * 43})
    assert found.json == {
        "error": "unknown",
        "message": "No report was found with this code. Compare the code with your note. "
        "If it was closed long ago, it may have been deleted.",
    }


def test_a_wrong_method_tells_the_right_ones(app: Flask) -> None:
    """RFC 9110 section 15.5.6: a 405 names what is allowed."""
    response = app.test_client().post("/en/before")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_fault_never_repeats_what_was_asked(app: Flask) -> None:
    """An address can hold a name, or a script."""
    for path in ("/en/<script>", "/en/anna-lind", "/api/v1/anna-lind"):
        assert "anna" not in app.test_client().get(path).text
        assert "<script>" not in app.test_client().get(path).text
