"""What a request to the API must bring: read it, or refuse it with a reason."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from whistle.errors import FilingError, NotFoundError, PriceError
from whistle.services.flood import NUMBER_MAX, Paid
from whistle.web import faults

TOKEN_BYTES = 32


def b64u(data: bytes) -> str:
    """Return base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64u(text: object) -> bytes:
    """Return the bytes of a base64url text.

    Raises:
        FilingError: `base64`, it is not one.
    """
    if not isinstance(text, str):
        raise FilingError("base64")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise FilingError("base64") from error
    if b64u(data) != text:
        raise FilingError("base64")
    return data


def json_object(*fields: str) -> Mapping[str, Any]:
    """Return the request's JSON object, which must have these fields.

    Raises:
        FilingError: `json`, it is not an object, or a field is missing.
    """
    try:
        asked = request.get_json(silent=True)
        json.dumps(asked, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError) as error:  # too deep, or half a surrogate pair
        raise FilingError("json") from error
    if not isinstance(asked, dict) or any(field not in asked for field in fields):
        raise FilingError("json")
    return asked


def paid(at: object, number: object) -> Paid | None:
    """Return the work paid for a try (protocol section 6); None if nothing was."""
    if type(at) is not int or type(number) is not int:
        return None
    return Paid(at, number) if 0 <= at <= NUMBER_MAX and 0 <= number <= NUMBER_MAX else None


def priced(error: PriceError) -> ResponseReturnValue:
    """Return the answer to a try that was not paid for: its price, the highest, and our time."""
    refused = faults.answer(429, error.reason)
    told = {**refused.get_json(), "bits": error.bits, "most": error.most, "at": error.at}
    return jsonify(told), 429


def bearer_token() -> bytes:
    """Return the mailbox token of the Authorization header; 32 bytes whatever was sent.

    A header that is missing or malformed is answered like an unknown mailbox.

    Raises:
        NotFoundError: `unknown`.
    """
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    try:
        token = from_b64u(text)
    except FilingError as error:
        raise NotFoundError("unknown") from error
    if kind.lower() != "bearer" or len(token) != TOKEN_BYTES:
        raise NotFoundError("unknown")
    return token
