"""Entries: made as they are read."""

import hashlib

import pytest

from tests.vectors.making import cast
from tests.vectors.making.story import CHAIN, begin
from whistle.crypto.chain import EntryRecord, next_place, verify_thread
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.errors import ThreadError

STORY = begin("entries")
START = [STORY.first(), STORY.received(STORY.first())]
READ = verify_thread([row.record for row in START], [STORY.case], CHAIN, thread=None)


def test_a_made_entry_is_read() -> None:
    """What a handler's command line writes, every reader verifies."""
    keyring = CHAIN.effective(cast.TODAY)
    author = Author("handler", "carin", cast.signing("carin"), "cli")
    adds = {"final": False, "next_on": "2027-02-22"}
    body = {"measures": "…", "reasons": "…"}
    sealed = make_entry(
        next_place(READ),
        author,
        "feedback",
        body,
        keyring=keyring,
        to=STORY.case.public_key,
        adds=adds,
    )
    record = EntryRecord("case", 3, "feedback", "carin", cast.TODAY, sealed)
    found = verify_thread([*(r.record for r in START), record], [STORY.case], CHAIN, thread=None)
    assert found[-1].json() == body
    assert found[-1].author_name == "Carin Åström"
    assert found[-1].head["made"] == "cli"
    assert found[-1].head["prev"] == b64u(hashlib.sha256(START[1].record.sealed).digest())


def test_a_kind_that_does_not_fit_is_not_made() -> None:
    """The rules for reading hold for writing."""
    with pytest.raises(ThreadError, match="kind"):
        make_entry(
            next_place(READ),
            Author("reporter", "reporter", STORY.receipt.signing_key, "browser"),
            "closing",
            {},
            keyring=CHAIN.newest,
            to=STORY.case.public_key,
        )
