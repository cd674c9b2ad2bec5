"""base64url without padding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto.encoding import b64u, b64u_decode


@given(st.binary())
def test_decoding_undoes_encoding(data: bytes) -> None:
    """Any bytes come back."""
    assert b64u_decode(b64u(data)) == data


@pytest.mark.parametrize("text", ["A", "AA=", "AA==", "+A", "/A", "AB", "å", "A A", "AA\n"])
def test_other_spellings_are_refused(text: str) -> None:
    """One text for some bytes, and no other."""
    with pytest.raises(ValueError, match="base64url"):
        b64u_decode(text)
