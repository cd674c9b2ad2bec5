"""The published keyrings: read again when they change, kept for ever, never swapped unseen."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import delete, select, update

from tests import acts
from tests.organisation import NOON, Organisation
from whistle.crypto import drafting, strictjson
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import SIGN_NAMESPACE, SignedKeyring, verify_chain
from whistle.crypto.signing import SigningKey
from whistle.crypto.sshsig import parse_public_line, public_line, sign
from whistle.errors import KeyringError
from whistle.services.operating.start import start
from whistle.storage.keys_dir import publish
from whistle.storage.tables import KeyringFile

TODAY = NOON.date()


def serials(organisation: Organisation) -> list[int]:
    """The serials that the server publishes now."""
    return [one.keyring.serial for one in organisation.parts.keyrings.published().chain.links]


def kept(organisation: Organisation) -> list[int]:
    """The serials that the database has kept."""
    with organisation.parts.database.reading() as session:
        return sorted(session.scalars(select(KeyringFile.serial)))


def refused(organisation: Organisation) -> str:
    """The reason for which nothing is served any more, however often it is asked."""
    reasons = set()
    for _ in range(2):
        with pytest.raises(KeyringError) as caught:
            organisation.parts.keyrings.published()
        reasons.add(caught.value.reason)
    with pytest.raises(KeyringError):
        start(organisation.parts.settings, organisation.parts.clock)
    (reason,) = reasons
    return reason


def file_of(organisation: Organisation, serial: int) -> Path:
    """A keyring's file."""
    return organisation.parts.settings.keys_dir / f"keyring-{serial:04}.json"


def replace_file(organisation: Organisation, serial: int, file: bytes, root: SigningKey) -> None:
    """Swap a keyring for another that is signed as well."""
    path = file_of(organisation, serial)
    path.write_bytes(file)
    path.with_name(f"{path.name}.sig").write_text(sign(root, SIGN_NAMESPACE, file))


def test_a_changed_folder_is_read_again(organisation: Organisation) -> None:
    """Without a new start; the new keyring is kept."""
    assert serials(organisation) == [1]
    acts.publish_keyring(organisation)
    assert serials(organisation) == [1, 2]
    assert kept(organisation) == [1, 2]


def test_an_unchanged_folder_is_not_read_again(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signatures of a long chain are not checked at every request."""
    before = organisation.parts.keyrings.published()
    monkeypatch.setattr("whistle.services.keyrings.load_keys_dir", None)
    assert organisation.parts.keyrings.published() is before


def test_the_answer_verifies_for_itself(organisation: Organisation) -> None:
    """What a browser is given is the whole chain with its signatures, newest last."""
    acts.publish_keyring(organisation, change=_new_role, cosigner="anna")
    answer = organisation.parts.keyrings.published().answer(TODAY)
    files = [
        SignedKeyring(b64u_decode(one["file"]), one["signature"], one["cosignature"])
        for one in answer["keyrings"]
    ]
    chain = verify_chain(files, parse_public_line(answer["root"]))
    assert chain.newest.serial == 2
    assert chain.links[1].cosigned_by == "anna"
    assert answer["today"] == "2026-11-22"


def _new_role(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][1]["role_text"] = "Another role"


def test_who_is_added_unseen_waits_seven_days(organisation: Organisation) -> None:
    """The server seals for the old keyring until then."""
    acts.publish_keyring(organisation, change=_new_role)
    chain = organisation.parts.keyrings.published().chain
    assert chain.effective(TODAY).serial == 1
    assert chain.effective(date(2026, 11, 28)).serial == 1
    assert chain.effective(date(2026, 11, 29)).serial == 2


@pytest.mark.parametrize(("days", "served"), [(3, [1, 2]), (4, [1]), (8, [1])])
def test_an_addition_that_comes_too_late_to_be_announced_is_held_back(
    organisation: Organisation, days: int, served: list[int]
) -> None:
    """Put into the folder days after its issue: nobody is given it, on no machine."""
    acts.publish_keyring(organisation, change=_new_role, on=TODAY - timedelta(days=days))
    again = start(organisation.parts.settings, organisation.parts.clock)
    assert serials(organisation) == served
    assert kept(organisation) == served
    answer = again.keyrings.published().answer(TODAY)
    assert len(answer["keyrings"]) == len(served)
    assert again.keyrings.published().chain.effective(TODAY).serial == 1


def test_what_follows_on_a_list_that_is_held_back_is_held_back_too(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """A later list would bring the addition in; the alarm names the first."""
    acts.publish_keyring(organisation, change=_new_role, on=TODAY - timedelta(days=9))
    acts.publish_keyring(organisation)
    assert serials(organisation) == [1]
    held = organisation.parts.keyrings.published().held_back
    assert held is not None
    assert held.serial == 2
    assert caplog.messages == ["ALARM: keyring 2 came too late and is held back"]


def test_a_list_that_was_met_in_time_stays(organisation: Organisation) -> None:
    """However late another start, or another machine, reads it."""
    acts.publish_keyring(organisation, change=_new_role)
    assert serials(organisation) == [1, 2]
    organisation.move(30)
    again = start(organisation.parts.settings, organisation.parts.clock)
    assert len(again.keyrings.published().files) == 2


def test_a_late_list_with_a_handlers_signature_is_taken(organisation: Organisation) -> None:
    """Also when the signature is put beside it afterwards."""
    late = TODAY - timedelta(days=20)
    _, plain = acts.sign_keyring(organisation, change=_new_role, on=late)
    serial, vouched = acts.sign_keyring(organisation, change=_new_role, on=late, cosigner="anna")
    assert plain.file == vouched.file
    folder, root = organisation.parts.settings.keys_dir, organisation.root.public
    publish(folder, root, serial, plain)
    assert serials(organisation) == [1]
    assert vouched.cosignature is not None
    (folder / "keyring-0002.json.cosig").write_text(vouched.cosignature)
    assert serials(organisation) == [1, 2]
    assert organisation.parts.keyrings.published().held_back is None


def test_a_late_list_that_adds_nobody_is_taken(organisation: Organisation) -> None:
    """Leaving somebody out, or the same people for longer, waits for nobody."""
    late = TODAY - timedelta(days=20)
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(1), on=late)
    assert serials(organisation) == [1, 2]


def test_a_new_database_takes_the_folder_as_it_is(organisation: Organisation) -> None:
    """It has promised nothing to anybody yet."""
    acts.publish_keyring(organisation, change=_new_role, on=TODAY - timedelta(days=20))
    with organisation.parts.database.writing() as session:
        session.execute(delete(KeyringFile))
    again = start(organisation.parts.settings, organisation.parts.clock)
    assert len(again.keyrings.published().files) == 2


def test_a_wrong_day_holds_back_for_that_day_only(organisation: Organisation) -> None:
    """A machine whose clock was ahead looks again when the day has changed."""
    acts.publish_keyring(organisation, change=_new_role)
    organisation.move(300)
    assert serials(organisation) == [1]
    organisation.move(-300)
    assert serials(organisation) == [1, 2]


def test_nothing_is_published_after_a_list_that_is_held_back(organisation: Organisation) -> None:
    """Its files are taken away first: two lists with one number would lie there."""
    acts.publish_keyring(organisation, change=_new_role, on=TODAY - timedelta(days=9))
    keyrings = organisation.parts.keyrings
    file = strictjson.write(drafting.following(keyrings.published().files[-1].file, TODAY))
    signed = SignedKeyring(file, sign(organisation.root, SIGN_NAMESPACE, file))
    with pytest.raises(KeyringError, match="held_back"):
        keyrings.publish(signed)
    for path in organisation.parts.settings.keys_dir.glob("keyring-0002*"):
        path.unlink()
    assert keyrings.publish(signed).chain.newest.serial == 2


def test_a_swapped_file_under_a_known_serial_is_refused(organisation: Organisation) -> None:
    """Also when the root signed it: two files with one serial prove a fault."""
    content = json.loads(file_of(organisation, 1).read_bytes())
    _new_role(content)
    replace_file(organisation, 1, json.dumps(content).encode(), organisation.root)
    assert refused(organisation) == "serial_twice"
    assert kept(organisation) == [1]


def test_a_swapped_newest_file_is_refused(organisation: Organisation) -> None:
    """Only what was never published may appear under a new serial."""
    acts.publish_keyring(organisation)
    serials(organisation)
    content = json.loads(file_of(organisation, 2).read_bytes())
    _new_role(content)
    replace_file(organisation, 2, json.dumps(content).encode(), organisation.root)
    assert refused(organisation) == "serial_twice"


def test_a_file_swapped_under_an_old_date_is_noticed(organisation: Organisation) -> None:
    """Setting the file's date back does not hide the change."""
    path = file_of(organisation, 1)
    before, size = path.stat().st_mtime_ns, path.stat().st_size
    content = path.read_bytes().replace(b"Bo Ek", b"Bo Ox")
    assert len(content) == size
    replace_file(organisation, 1, content, organisation.root)
    for one in (path, path.with_name(f"{path.name}.sig")):
        os.utime(one, ns=(before, before))
    assert refused(organisation) == "serial_twice"


def test_a_missing_older_keyring_is_refused(organisation: Organisation) -> None:
    """Entries name it: without it they could not be verified."""
    acts.publish_keyring(organisation)
    serials(organisation)
    for path in organisation.parts.settings.keys_dir.glob("keyring-0001*"):
        path.unlink()
    assert refused(organisation) == "previous"


def test_a_missing_newest_keyring_is_refused(organisation: Organisation) -> None:
    """Nobody goes silently back to the keyring before."""
    acts.publish_keyring(organisation)
    serials(organisation)
    for path in organisation.parts.settings.keys_dir.glob("keyring-0002*"):
        path.unlink()
    assert refused(organisation) == "serial_missing"


def test_a_bad_signature_keeps_being_refused(organisation: Organisation) -> None:
    """Until the folder is mended; the keyring before is not used instead."""
    name = acts.publish_keyring(organisation)
    path = organisation.parts.settings.keys_dir / f"{name}.sig"
    good = path.read_text()
    path.write_text(sign(SigningKey.generate(), SIGN_NAMESPACE, b"something else"))
    assert refused(organisation) == "signature"
    assert kept(organisation) == [1]
    path.write_text(good)
    assert serials(organisation) == [1, 2]


def test_a_refusal_is_an_alarm_in_the_log(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """Once for each state of the folder, with the reason and nothing else."""
    name = acts.publish_keyring(organisation)
    path = organisation.parts.settings.keys_dir / f"{name}.sig"
    path.write_text("no signature")
    for _ in range(3):
        with pytest.raises(KeyringError):
            organisation.parts.keyrings.published()
    assert caplog.messages == ["ALARM: the published keyrings are refused: signature"]
    path.unlink()
    with pytest.raises(KeyringError):
        organisation.parts.keyrings.published()
    assert len(caplog.messages) == 2


def test_half_a_publication_is_refused(organisation: Organisation) -> None:
    """A keyring file without its signature."""
    name = acts.publish_keyring(organisation)
    (organisation.parts.settings.keys_dir / f"{name}.sig").unlink()
    assert refused(organisation) == "signature"


def test_another_root_is_refused(organisation: Organisation) -> None:
    """Somebody who replaces root and chain together is found out by what was kept."""
    eve = SigningKey.generate()
    keys = organisation.parts.settings.keys_dir
    (keys / "root.pub").write_text(public_line(eve.public, "whistle-root"))
    assert refused(organisation) == "signature"
    content = json.loads(file_of(organisation, 1).read_bytes())
    _new_role(content)
    replace_file(organisation, 1, json.dumps(content).encode(), eve)
    assert refused(organisation) == "serial_twice"


def test_an_emptied_folder_is_refused(organisation: Organisation) -> None:
    """No keys, no service."""
    for path in organisation.parts.settings.keys_dir.glob("keyring-*"):
        path.unlink()
    assert refused(organisation) == "empty"


def test_a_folder_that_is_gone_is_refused(organisation: Organisation) -> None:
    """No folder, no service."""
    keys = organisation.parts.settings.keys_dir
    keys.rename(keys.with_name("elsewhere"))
    assert refused(organisation) == "root"


def test_a_file_taken_away_while_the_folder_is_listed_is_no_crash(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as a change."""
    real = os.scandir

    @contextmanager
    def gone(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
        with real(folder) as files:
            listed = list(files)
        path = folder / "keyring-0001.json.sig"
        text = path.read_text()
        path.unlink()
        yield listed
        path.write_text(text)

    before = organisation.parts.keyrings.published()
    monkeypatch.setattr("whistle.services.keyrings.os.scandir", gone)
    assert organisation.parts.keyrings.published() is not before


def test_a_kept_keyring_that_was_changed_in_the_database_is_refused(
    organisation: Organisation,
) -> None:
    """Folder and database must tell the same story."""
    with organisation.parts.database.writing() as session:
        session.execute(update(KeyringFile).values(sha256=bytes(32)))
    with pytest.raises(KeyringError, match="serial_twice"):
        start(organisation.parts.settings, organisation.parts.clock)


def in_time(*acts_at_once: Callable[[], object]) -> None:
    """Do several things at once; fail, instead of waiting for ever, if they wait for each other."""
    threads = [Thread(target=act, daemon=True) for act in acts_at_once]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=20)
    assert not any(one.is_alive() for one in threads)


def test_a_new_keyring_met_inside_a_writing_transaction_waits_for_nobody(
    organisation: Organisation,
) -> None:
    """Keeping it needs the very writer that asks: the chain as last read is given."""
    given: list[int] = []

    def ask_inside() -> None:
        with organisation.parts.database.writing():
            given.extend(serials(organisation))

    acts.publish_keyring(organisation)
    in_time(ask_inside)
    assert given == [1]
    assert serials(organisation) == [1, 2]


def test_a_writer_and_a_reader_that_meet_a_new_keyring_do_not_block_each_other(
    organisation: Organisation,
) -> None:
    """Twenty times, with writers and readers beginning together."""
    for _ in range(20):
        acts.publish_keyring(organisation)
        in_time(
            *[lambda: acts.file(organisation) for _ in range(2)],
            *[lambda: serials(organisation) for _ in range(2)],
        )
    assert serials(organisation) == list(range(1, 22))
