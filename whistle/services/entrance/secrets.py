"""What the entrance knows and nobody else: keys made from the cookie's secret, one for each use."""

import hashlib
import hmac

from whistle.services.entrance import cookie
from whistle.services.parts import Parts


def key(parts: Parts, use: str) -> bytes:
    """32 bytes for one use; every process of the server has the same."""
    return hmac.digest(cookie.secret(parts), f"whistle/entrance/v1\0{use}".encode(), hashlib.sha256)
