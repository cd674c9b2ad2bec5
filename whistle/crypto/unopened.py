"""What a handler signs of a case that their key does not open (protocol section 5).

The signature names the thread, the sealed keys as they are now and the newest entry: it says
nothing of another case, and nothing of this one once it is sealed again.
"""

from whistle.crypto import signing

LABEL = b"whistle/cannot-open/v1\0"
HASH_BYTES = 32


def signed_bytes(thread: bytes, case_age_sha256: bytes, head_sha256: bytes) -> bytes:
    """What the handler's key signs: the thread's id, H of `case.age`, H of the newest sealed entry.

    Raises:
        ValueError: one of them is not 32 bytes.
    """
    named = (thread, case_age_sha256, head_sha256)
    if any(len(one) != HASH_BYTES for one in named):
        raise ValueError("not 32 bytes")
    return LABEL + b"".join(named)


def sign(
    key: signing.SigningKey, thread: bytes, case_age_sha256: bytes, head_sha256: bytes
) -> bytes:
    """The 64-byte signature that says: with my key this case cannot be opened."""
    return key.sign(signed_bytes(thread, case_age_sha256, head_sha256))


def verify(
    public: bytes, signature: bytes, thread: bytes, case_age_sha256: bytes, head_sha256: bytes
) -> None:
    """Check such a signature under a handler's 32-byte public key.

    Raises:
        SignatureError: reason `key` or `signature`.
    """
    signing.verify(public, signature, signed_bytes(thread, case_age_sha256, head_sha256))
