"""What a handler's request names: a case."""

from whistle.errors import NotFoundError
from whistle.storage.tables.base import ID_BYTES


def case_key(case_id: object) -> bytes:
    """The key of a case from the text in an address.

    Raises:
        NotFoundError: `unknown`, it is no such text.
    """
    try:
        key = bytes.fromhex(case_id) if isinstance(case_id, str) else b""
    except ValueError as error:
        raise NotFoundError("unknown") from error
    if len(key) != ID_BYTES:
        raise NotFoundError("unknown")
    return key
