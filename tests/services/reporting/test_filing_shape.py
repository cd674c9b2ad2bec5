"""A filing of the wrong shape is refused before anything of it is kept (protocol sections 3, 5)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests import acts
from tests.organisation import Organisation, make_organisation, make_settings
from tests.services.reporting.keeping import refused
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.filing import BYTES_MAX, Filing, seal_case_keys
from whistle.crypto.receipt import Receipt
from whistle.errors import FilingError


def test_an_unknown_channel_is_refused(organisation: Organisation) -> None:
    """A channel that the organisation does not have."""
    filing = acts.sealed(organisation, Receipt.generate())
    posted = replace(filing, channel="other").to_bytes()
    assert refused(organisation, posted, FilingError) == "unknown_channel"


def test_a_channel_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    """The settings name it, the keyring does not."""
    settings = make_settings(tmp_path)
    silent = replace(settings.channels[0], id="silent")
    organisation = make_organisation(
        tmp_path, replace(settings, channels=(*settings.channels, silent))
    )
    filing = acts.sealed(organisation, Receipt.generate())
    posted = replace(filing, channel="silent").to_bytes()
    assert refused(organisation, posted, FilingError) == "channel"


@pytest.mark.parametrize("left_out", [("david",), ("anna", "anna"), ("service",)])
def test_only_readers_can_be_left_out(
    organisation: Organisation, left_out: tuple[str, ...]
) -> None:
    """A name that is no reader's, or stands there twice, is a fault and not passed over."""
    filing = acts.sealed(organisation, Receipt.generate())
    posted = replace(filing, left_out=left_out).to_bytes()
    assert refused(organisation, posted, FilingError) in {"left_out", "value"}


def test_invariant_13_a_report_that_nobody_would_read_is_refused(
    organisation: Organisation,
) -> None:
    """It would lie there for ever."""
    filing = acts.sealed(organisation, Receipt.generate())
    posted = replace(filing, left_out=("anna", "bo", "carin")).to_bytes()
    assert refused(organisation, posted, FilingError) == "no_readers"


@pytest.mark.parametrize("left_out", [(), ("bo",), ("bo", "carin"), ("anna", "carin")])
def test_the_number_of_stanzas_never_tells_who_is_left_out(
    organisation: Organisation, left_out: tuple[str, ...]
) -> None:
    """Dummies stand in: three readers and the reporter are always four, of one length."""
    filed = acts.file(organisation, left_out=left_out)
    filing = Filing.parse(filed.posted)
    assert len(age.shape(filing.case_age).stanza_types) == 4
    whole = acts.sealed(organisation, Receipt.generate())
    assert len(filing.case_age) == len(whole.case_age)


@pytest.mark.parametrize("count", [2, 3, 5, 6])
def test_another_number_of_stanzas_is_refused(organisation: Organisation, count: int) -> None:
    """One too few could be somebody who can never read, one too many somebody who should not."""
    filing = acts.sealed(organisation, Receipt.generate())
    case_age = seal_case_keys([PrivateKey.generate()], [], count=count)
    posted = replace(filing, case_age=case_age).to_bytes()
    assert refused(organisation, posted, FilingError) == "stanzas"


def test_an_older_kind_of_stanza_is_refused(organisation: Organisation) -> None:
    """X25519 alone would fall to whoever records it today and has a quantum computer later."""
    filing = acts.sealed(organisation, Receipt.generate())
    payload = filing.entry1.split(b"\n--- ", 1)[1]
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43
    entry = b"age-encryption.org/v1\n" + stanza + b"\n--- " + payload
    assert age.shape(entry).stanza_types == ("X25519",)
    posted = replace(filing, entry1=entry).to_bytes()
    assert refused(organisation, posted, FilingError) == "entry"


def test_an_entry_sealed_to_two_keys_is_refused(organisation: Organisation) -> None:
    """An entry has one key, the case's; a second would be somebody nobody named."""
    filing = acts.sealed(organisation, Receipt.generate())
    two = [PrivateKey.generate().public_key for _ in range(2)]
    posted = replace(filing, entry1=age.seal(bytes(4096), two)).to_bytes()
    assert refused(organisation, posted, FilingError) == "entry"


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 12_000, 256 * 1024 + 1])
def test_an_entry_of_another_size_is_refused(organisation: Organisation, size: int) -> None:
    """Its true length would show."""
    filing = acts.sealed(organisation, Receipt.generate())
    entry = age.seal(bytes(size), [PrivateKey.generate().public_key])
    posted = replace(filing, entry1=entry).to_bytes()
    assert refused(organisation, posted, FilingError) == "entry"


def test_too_many_case_keys_are_refused(organisation: Organisation) -> None:
    """case.age holds a few lines, at most 2 KiB."""
    filing = acts.sealed(organisation, Receipt.generate())
    to = [PrivateKey.generate().public_key for _ in range(4)]
    posted = replace(filing, case_age=age.seal(bytes(2049), to)).to_bytes()
    assert refused(organisation, posted, FilingError) == "case_age"


def test_an_ordinary_age_file_is_refused_by_name(organisation: Organisation) -> None:
    """Somebody sealed a file with age itself; the sentence says what to do instead."""
    posted = age.seal(b"My report", [PrivateKey.generate().public_key])
    assert refused(organisation, posted, FilingError) == "age_file"


def test_the_largest_filing_is_over_the_limit(organisation: Organisation) -> None:
    """Nothing over 512 KiB is looked at."""
    assert refused(organisation, bytes(BYTES_MAX + 1), FilingError) == "too_large"


@pytest.mark.parametrize("keep", [0, 5, 14, 200, 5000, -1])
def test_a_filing_that_was_cut_short_is_refused(organisation: Organisation, keep: int) -> None:
    """Half a report is no report."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    refused(organisation, posted[:keep], FilingError)


def test_a_filing_with_a_tail_is_refused(organisation: Organisation) -> None:
    """Its parts must use up its bytes."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    assert refused(organisation, posted + b"\0", FilingError) == "sizes"


def test_another_spelling_of_a_filing_is_refused(organisation: Organisation) -> None:
    """Otherwise the same report would have two hashes."""
    filing = acts.sealed(organisation, Receipt.generate())
    posted = filing.to_bytes()
    length = int.from_bytes(posted[10:14], "big")
    spaced = json.dumps(json.loads(posted[14 : 14 + length])).encode()
    other = posted[:10] + len(spaced).to_bytes(4, "big") + spaced + posted[14 + length :]
    assert refused(organisation, other, FilingError) == "not_canonical"
