"""base64url without padding: how bytes are written in JSON and addresses (b64u in the protocol)."""

import base64


def b64u(data: bytes) -> str:
    """Return *data* in base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def b64u_decode(text: str) -> bytes:
    """Return the bytes of canonical base64url without padding.

    Raises:
        ValueError: a foreign character, padding, or bits left over that are not zero.
    """
    try:
        # `validate` knows only the standard alphabet, so the two other letters are turned first,
        # and the standard ones refused by the comparison below.
        standard = text.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(text) % 4)
        data = base64.b64decode(standard, validate=True)
    except ValueError as error:
        raise ValueError("not base64url") from error
    if b64u(data) != text:
        raise ValueError("not canonical base64url")
    return data
