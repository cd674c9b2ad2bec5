"""The keyring from the office: prepared, signed offline, co-signed, published; and every attack."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests import acts, office_acts
from tests.office_acts import (
    Office,
    asked,
    by_handler,
    by_root,
    draft,
    founded,
    join,
    office,
    opened,
    prepare,
    publish,
    root_signs,
)
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import KeyringChain
from whistle.crypto.signing import SigningKey
from whistle.crypto.sshsig import public_line
from whistle.errors import ConflictError, FilingError, KeyringError
from whistle.services.office import drafts, keys
from whistle.services.operating.start import start
from whistle.services.reporting.readers import keyring_state


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force."""
    return opened(tmp_path)


def chain(organisation: Organisation) -> KeyringChain:
    """What is published."""
    return organisation.parts.keyrings.published().chain


def with_carin(organisation: Organisation, at: Office) -> bytes:
    """Carin joins, and a keyring with her is prepared and signed by the root; return its bytes."""
    join(organisation, asked("carin", main="deputy"), "olle")
    assert prepare(organisation, at, add="carin").status_code == 303
    file, _ = draft(at)
    assert root_signs(organisation, at).status_code == 303
    return file


def cosign(organisation: Organisation, who: str, file: bytes, shown: bytes) -> tuple[int, str]:
    """A handler's browser signs a draft and posts it; status and error."""
    organisation.now += office_acts.STEP
    desk = acts.sign_in(organisation, who)
    signature = by_handler(organisation, who, file)
    sent = {"sha256": b64u(shown), "cosignature": signature}
    answer = desk.ask("POST", "/keyring-draft/cosignature", json=sent)
    return answer.status_code, (answer.get_json(silent=True) or {}).get("error", "")


def shown_hash(at: Office) -> bytes:
    """The hash of the draft that the office shows."""
    return bytes.fromhex(draft(at)[1])


def test_the_first_keyring_opens_the_form(tmp_path: Path) -> None:
    """From nobody to a form that takes reports, through the doors."""
    organisation = founded(tmp_path)
    client = organisation.app.test_client()
    page = client.get("/en/report").text
    assert "This form opens when two persons are appointed" in page
    assert 'id="report-form"' not in page
    assert keyring_state(organisation.parts, "main") == "not_open"
    assert client.get("/en/").status_code == 200
    organisation, _ = opened(tmp_path / "second")
    assert keyring_state(organisation.parts, "main") == "good"
    assert 'id="report-form"' in organisation.app.test_client().get("/en/report").text
    acts.file(organisation)
    assert len(acts.keyring(organisation).handlers) == 2


def test_one_person_who_reads_is_not_enough_to_open(tmp_path: Path) -> None:
    """The form stays closed, to every way in, and the office says why."""
    organisation = founded(tmp_path)
    join(organisation, asked("olle", office="officer"))
    at = office(organisation)
    at.post("/keys/root", root=public_line(organisation.root.public, "root"))
    join(organisation, asked("anna", main="handler"), "olle")
    prepare(organisation, at, add="anna")
    assert "fewer than two persons" in at.get("/keys").text
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    assert 'id="report-form"' not in organisation.app.test_client().get("/en/report").text
    with pytest.raises(KeyringError, match="closed"):
        acts.file(organisation)


def test_the_root_line_is_given_only_before_the_first_keyring(tmp_path: Path) -> None:
    """Then it stands; what is no key is refused before as well."""
    organisation = founded(tmp_path)
    join(organisation, asked("olle", office="officer"))
    at = office(organisation)
    assert at.post("/keys/root", root="ssh-rsa AAAA").status_code == 422
    other = public_line(SigningKey.generate().public, "x")
    assert at.post("/keys/root", root=other).status_code == 303
    assert at.post("/keys/root", root=other).status_code == 303
    organisation, at = opened(tmp_path / "second")
    refused = at.post("/keys/root", root=other)
    assert refused.status_code == 422
    assert "its root key stands" in refused.text
    assert organisation.parts.keyrings.published().root == organisation.root.public


def test_an_addition_with_a_second_signature_counts_at_once(
    running: tuple[Organisation, Office],
) -> None:
    """The page shows the new person's words; the handler's browser signs exactly those bytes."""
    organisation, at = running
    file = with_carin(organisation, at)
    page = at.get("/keys").text
    assert "A handler signs too" in page
    for word in keys.shown(organisation.parts).draft.changes[0].fingerprint:  # type: ignore[union-attr] # there is a draft
        assert f"<span>{word}</span>" in page
    assert cosign(organisation, "anna", file, shown_hash(at)) == (204, "")
    assert publish(at).status_code == 303
    today = acts.today(organisation)
    in_force = chain(organisation).effective(today)
    assert in_force.serial == 2
    assert {one.id for one in in_force.handlers} == {"anna", "bo", "carin"}
    assert keys.shown(organisation.parts).joined == []


def test_an_addition_without_one_waits_seven_days_and_is_announced(
    running: tuple[Organisation, Office],
) -> None:
    """The officer cannot add himself unseen: form, office and every desk tell it meanwhile."""
    organisation, at = running
    join(organisation, asked("olle2", main="handler"), "olle")
    assert prepare(organisation, at, add="olle2").status_code == 303
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    today = acts.today(organisation)
    assert chain(organisation).effective(today).serial == 1
    assert "Olle2 Name" in organisation.app.test_client().get("/en/report").text
    assert "Until then reporters and handlers are told" in at.get("/keys").text
    assert chain(organisation).effective(today + timedelta(days=7)).serial == 2


def test_the_new_person_cannot_cosign_their_own_coming(
    running: tuple[Organisation, Office],
) -> None:
    """Nor can the officer, nor anybody with a key that the last keyring does not name."""
    organisation, at = running
    file = with_carin(organisation, at)
    signature = by_handler(organisation, "carin", file)
    anna = acts.handler(organisation, "anna")
    for text in (signature, by_handler(organisation, "olle", file), by_root(organisation, file)):
        with pytest.raises(FilingError, match="cosignature"):
            drafts.cosign(organisation.parts, anna, shown_hash(at), text)


def test_a_handler_gives_only_their_own_signature(running: tuple[Organisation, Office]) -> None:
    """Who is signed in and whose signature it is are the same person."""
    organisation, at = running
    file = with_carin(organisation, at)
    by_bo = by_handler(organisation, "bo", file)
    anna = acts.handler(organisation, "anna")
    with pytest.raises(FilingError, match="cosignature"):
        drafts.cosign(organisation.parts, anna, shown_hash(at), by_bo)


def test_a_draft_that_changed_after_it_was_shown_is_not_signed(
    running: tuple[Organisation, Office],
) -> None:
    """Neither by root nor by a handler, nor published, by the hash of what was shown."""
    organisation, at = running
    file = with_carin(organisation, at)
    old = shown_hash(at)
    join(organisation, asked("dora", main="handler"), "olle")
    assert prepare(organisation, at, add=["carin", "dora"]).status_code == 303
    assert root_signs(organisation, at).status_code == 303
    assert cosign(organisation, "anna", file, old) == (409, "draft_changed")
    refused = at.post("/keys/signature", sha256=old.hex(), signature=by_root(organisation, file))
    assert refused.status_code == 422
    assert "prepared anew" in refused.text
    assert at.post("/keys/publication", sha256=old.hex()).status_code == 422
    new = shown_hash(at)
    assert cosign(organisation, "anna", file, new) == (422, "cosignature")


def test_only_the_root_signs(running: tuple[Organisation, Office]) -> None:
    """A foreign root, a handler, a signature over other bytes, and no signature at all."""
    organisation, at = running
    file = with_carin(organisation, at)
    join(organisation, asked("dora", main="handler"), "olle")
    prepare(organisation, at, add=["dora"])
    shown = shown_hash(at).hex()
    foreign = Organisation(
        organisation.parts, organisation.app, SigningKey.generate(), organisation.people
    )
    now, _ = draft(at)
    for text in ("", "x", by_root(foreign, now), by_handler(organisation, "anna", now)):
        assert at.post("/keys/signature", sha256=shown, signature=text).status_code == 422
    over_other = by_root(organisation, file)
    assert at.post("/keys/signature", sha256=shown, signature=over_other).status_code == 422
    assert at.post("/keys/publication", sha256=shown).status_code == 422
    assert chain(organisation).newest.serial == 1


def test_a_draft_is_overtaken_by_what_was_published_beside_it(
    running: tuple[Organisation, Office],
) -> None:
    """The same serial twice never comes into the folder: the first one stands."""
    organisation, at = running
    with_carin(organisation, at)
    shown = shown_hash(at)
    acts.publish_keyring(organisation)
    assert keys.shown(organisation.parts).draft is None
    with pytest.raises(ConflictError, match="draft_changed"):
        drafts.publish(organisation.parts, shown, "olle")
    assert chain(organisation).newest.serial == 2
    assert acts.today(organisation) == chain(organisation).newest.issued_on


def test_a_draft_whose_day_is_past_is_not_published(
    running: tuple[Organisation, Office],
) -> None:
    """Its seven days would be over before anybody had seen it."""
    organisation, at = running
    with_carin(organisation, at)
    shown = shown_hash(at)
    organisation.move(8)
    with pytest.raises(ConflictError, match="too_old"):
        drafts.publish(organisation.parts, shown, "olle")


def test_a_list_that_came_too_late_is_told_and_not_used(
    running: tuple[Organisation, Office],
) -> None:
    """On the keys page with what it would change, and on the page of health."""
    organisation, _ = running
    past = acts.today(organisation)
    organisation.move(8)
    at = office(organisation)

    def renamed(content: dict[str, list[dict[str, str]]]) -> None:
        content["handlers"][1]["name"] = "Eve Ny"

    acts.publish_keyring(organisation, change=renamed, on=past)
    assert chain(organisation).newest.serial == 1
    page = at.get("/keys").text
    assert "List 2 came too late and is not used" in page
    assert "Eve Ny" in page
    assert "a later list came too late" in at.get("/health").text
    at.post("/keys/next/draft", issued_on=acts.today(organisation).isoformat(), remove="bo")
    root_signs(organisation, at)
    refused = publish(at)
    assert refused.status_code == 422
    assert "Let the operator take it away first" in refused.text


def test_a_list_can_be_signed_ahead_and_counts_on_its_day(
    running: tuple[Organisation, Office],
) -> None:
    """Published today, in force in three days, announced meanwhile."""
    organisation, at = running
    day = acts.today(organisation) + timedelta(days=3)
    file_before = chain(organisation).newest.sha256
    at.post("/keys/next/draft", issued_on=day.isoformat(), remove="bo")
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    assert chain(organisation).effective(acts.today(organisation)).sha256 == file_before
    assert chain(organisation).effective(day).serial == 2


@pytest.mark.parametrize("days", [-1, 15])
def test_a_day_of_issue_is_today_or_soon(running: tuple[Organisation, Office], days: int) -> None:
    """A day in the past would shorten the announcement."""
    organisation, at = running
    day = acts.today(organisation) + timedelta(days=days)
    refused = at.post("/keys/next/draft", issued_on=day.isoformat(), remove="bo")
    assert refused.status_code == 422
    assert "Choose a day" in refused.text


def test_an_older_keyring_put_back_is_refused(running: tuple[Organisation, Office]) -> None:
    """By the table that keeps every keyring: the file is taken away, and nothing is served."""
    organisation, at = running
    at.post("/keys/next/draft", issued_on=acts.today(organisation).isoformat(), remove="bo")
    root_signs(organisation, at)
    publish(at)
    folder = organisation.parts.settings.keys_dir
    for path in folder.glob("keyring-0002.json*"):
        path.unlink()
    with pytest.raises(KeyringError, match="serial_missing"):
        start(organisation.parts.settings, lambda: organisation.now)


def test_an_empty_folder_after_the_first_keyring_is_a_fault_and_no_beginning(
    running: tuple[Organisation, Office],
) -> None:
    """Whoever empties it does not get a first run with a root of their own."""
    organisation, _ = running
    folder = organisation.parts.settings.keys_dir
    for path in folder.iterdir():
        path.unlink()
    parts = organisation.parts
    assert parts.keyrings.begun
    with pytest.raises(KeyringError):
        start(parts.settings, lambda: organisation.now)


def test_a_crash_while_publishing_leaves_a_chain_that_verifies(
    running: tuple[Organisation, Office],
) -> None:
    """After the signatures but before the file: the old keyring counts, and it can go on."""
    organisation, at = running
    with_carin(organisation, at)
    shown = shown_hash(at)
    folder = organisation.parts.settings.keys_dir
    (folder / "keyring-0002.json.sig").write_text("left by a crash\n")
    (folder / "keyring-0002.json.cosig").write_text("left by a crash\n")
    assert start(organisation.parts.settings, lambda: organisation.now).keyrings.begun
    drafts.publish(organisation.parts, shown, "olle")
    assert chain(organisation).newest.serial == 2
    assert not (folder / "keyring-0002.json.cosig").exists()


def test_a_crash_after_publishing_leaves_a_chain_that_verifies(
    running: tuple[Organisation, Office],
) -> None:
    """The file is there, the table not yet: at the next start the table follows."""
    organisation, at = running
    file = with_carin(organisation, at)
    signature = by_root(organisation, file)
    folder = organisation.parts.settings.keys_dir
    (folder / "keyring-0002.json.sig").write_text(signature)
    (folder / "keyring-0002.json").write_bytes(file)
    again = start(organisation.parts.settings, lambda: organisation.now)
    assert again.keyrings.published().chain.newest.serial == 2
    assert keys.shown(again).draft is None
    assert keys.shown(again).joined == []


def test_a_folder_that_cannot_be_written_is_told(
    running: tuple[Organisation, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command for the operator, and both files to download."""
    organisation, at = running
    file = with_carin(organisation, at)
    monkeypatch.setattr("whistle.services.keyrings.publish", refuse)
    refused = publish(at)
    assert refused.status_code == 422
    assert "The operator publishes" in refused.text
    assert at.get("/keys/draft").data == file
    assert at.get("/keys/draft/sig").data == by_root(organisation, file).encode()
    assert at.get("/keys/draft/cosig").status_code == 404


def refuse(*_: object) -> None:
    """A folder that the server may not write to."""
    raise PermissionError("no")


def test_roles_and_recovery_change_with_the_next_keyring(
    running: tuple[Organisation, Office],
) -> None:
    """A handler becomes deputy, a recovery key is named; both are told in words."""
    organisation, at = running
    recovery = {
        "age": str(organisation.people["olle"].private_key.public_key),
        "k": 1,
        "holders": [{"person": "gun", "name": "Gun Alm"}],
    }
    form = {"role-bo-main": "deputy", "role-anna-main": "handler"}
    assert prepare(organisation, at, **form, recovery=json.dumps(recovery)).status_code == 303
    page = at.get("/keys").text
    assert "Other channels or roles" in page
    assert "Gun Alm" in page
    assert prepare(organisation, at, recovery="{}").status_code == 422
    assert prepare(organisation, at, next_root="x").status_code == 422
    assert prepare(organisation, at, **form, remove=["anna", "bo"]).status_code == 422


def test_the_poster_has_the_words_of_the_root(running: tuple[Organisation, Office]) -> None:
    """And the first page of the form has the same."""
    organisation, at = running
    poster = at.get("/keys/poster").text
    first = organisation.app.test_client().get("/en/").text
    words = keys.shown(organisation.parts).root_phrase
    assert len(words) == 8
    for word in words:
        assert word in poster
        assert word in first
