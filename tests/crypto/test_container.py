"""The container: what is signed, and everything that is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crypto.vectors import comment, load
from tests.vectors.making.containers import BODY, KEY, head
from whistle.crypto import container
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.errors import SignatureError, ThreadError, TooLargeError


@pytest.mark.parametrize("vector", load("container"), ids=comment)
def test_vector(vector: dict[str, Any]) -> None:
    """Each container is taken apart and verified, or refused for its reason."""
    data = b64u_decode(vector["content"]).ljust(vector["size"], b"\0")
    try:
        container.unpack(data).verify(bytes.fromhex(vector["public"]))
        reason = None
    except (ThreadError, SignatureError) as error:
        reason = error.reason
    assert reason == vector["reason"]


@given(st.binary(max_size=20_000))
@settings(max_examples=30)
def test_unpacking_undoes_packing(body: bytes) -> None:
    """Any body comes back as it was, verified."""
    found = container.unpack(container.pack(head(), body, KEY))
    found.verify(KEY.public)
    assert found.body == body
    assert found.head == head(body_len=len(body))


@given(st.integers(0, 4096 * 8 - 1))
@settings(max_examples=60)
def test_no_changed_bit_passes(bit: int) -> None:
    """Wherever one bit is turned, the container is refused or the signature fails."""
    data = bytearray(container.pack(head(), BODY, KEY))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((ThreadError, SignatureError)):
        container.unpack(bytes(data)).verify(KEY.public)


def test_packing_checks_the_head_too() -> None:
    """We write only what we would read."""
    with pytest.raises(ThreadError, match="unknown_key"):
        container.pack(head(colour="red"), BODY, KEY)


def test_a_head_that_is_too_long_is_not_packed() -> None:
    """The limit of 32 KiB holds for the writer."""
    readers = [{"id": f"h{i}", "sha256": b64u(bytes(32))} for i in range(400)]
    report = head(
        seq=1,
        kind="report",
        author={"side": "reporter", "id": "reporter"},
        reporter_age=b64u(bytes(1216)),
        reporter_sign=b64u(bytes(32)),
        case_key=b64u(bytes(1216)),
        readers=readers,
        left_out=[],
        recovery=None,
        waive_ack=False,
        code_made_by="anna",
    )
    with pytest.raises(ThreadError, match="json_size"):
        container.pack(report, BODY, KEY)
    report["readers"] = [readers[0], readers[0]]
    with pytest.raises(ThreadError, match="value"):
        container.pack(report, BODY, KEY)


def test_a_body_that_is_too_long_is_not_packed() -> None:
    """No entry is larger than 256 KiB."""
    with pytest.raises(TooLargeError, match="entry"):
        container.pack(head(), bytes(256 * 1024), KEY)
