"""The secret that signs the desk's cookie: random bytes in a file of the server's own."""

from whistle.services.parts import Parts
from whistle.storage.secret_file import read_or_make

FILE = "session.key"


def secret(parts: Parts) -> bytes:
    """The 32 bytes, drawn and kept at the first start; all processes read the same.

    Raises:
        ConfigError: the file does not hold 32 bytes.
    """
    return read_or_make(parts.settings.data_dir / FILE)
