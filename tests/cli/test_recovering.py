"""The recovery key used on a restored copy, when all handlers' keys are lost."""

import contextlib
import json
import re
import shutil
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts
from tests.cli.recovery_help import do, make, pages, refused, run, share_in
from tests.organisation import CAST, CHEAP_LOG_N, DATABASE_FILE, Organisation, make_organisation
from whistle.crypto import age, shares
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import desk_place
from whistle.crypto.container import unpack
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import open_case_keys, seal_case_keys
from whistle.crypto.keyring import Holder, Recovery
from whistle.errors import NotForMeError, ShareError
from whistle.services import thread as acts_thread
from whistle.services.handling import cases, writing
from whistle.services.operating.ceremony import Enrolled, enrol
from whistle.services.operating.start import SERVICE_KEY_FILE
from whistle.storage import keys_dir
from whistle.storage.engine import Database
from whistle.storage.tables import LogEvent


@dataclass
class Lost:
    """An organisation with two reports, a copy of its database, and all handlers' keys lost."""

    organisation: Organisation
    filed: acts.Filed
    left_out: acts.Filed
    folder: Path
    numbers: dict[str, str]

    @property
    def keys(self) -> Path:
        """Its folder of public keys."""
        return self.organisation.parts.settings.keys_dir

    def case(self, which: str = "open") -> Path:
        """The folder of a case that was taken out of the copy."""
        return self.folder / "cases" / self.numbers[which]

    def site(self, database: str) -> list[object]:
        """A database and what the site speaks with, as options."""
        settings = self.organisation.parts.settings
        return [
            *("--database", database, "--keys", settings.keys_dir),
            *("--service-key", settings.data_dir / SERVICE_KEY_FILE),
        ]

    def given(self, count: int = 2) -> list[object]:
        """So many shares, as options."""
        return [part for page in pages(self.folder / "out")[-count:] for part in ("--share", page)]


def people() -> tuple[Enrolled, ...]:
    """The cast with keys of their own for one test."""
    return tuple(enrol(one, log_n=CHEAP_LOG_N) for one in CAST)


def recovery_in(folder: Path) -> Recovery:
    """The recovery key in a folder."""
    found = json.loads((folder / "recovery.json").read_text())
    holders = tuple(Holder(**one) for one in found["holders"])
    return Recovery(age.PublicKey.parse(found["age"]), found["k"], holders)


@pytest.fixture(scope="module")
def lost_once(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """Reports are filed and answered, the database is copied while it runs, the keys are lost."""
    folder = tmp_path_factory.mktemp("lost")
    make(folder / "out")
    organisation = make_organisation(
        folder / "site", people=people(), recovery=recovery_in(folder / "out")
    )
    filed = acts.file(organisation, what="The invoices were paid twice.")
    left_out = acts.file(organisation, left_out=["carin"])
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    _note(organisation, case)
    numbers = {}
    with organisation.parts.database.reading() as session:
        numbers["open"] = str(acts.case_row(session, filed).number)
        numbers["left out"] = str(acts.case_row(session, left_out).number)
    data = organisation.parts.settings.data_dir / DATABASE_FILE
    with (
        contextlib.closing(sqlite3.connect(data)) as source,
        contextlib.closing(sqlite3.connect(folder / "copy.sqlite")) as copy,
    ):
        source.backup(copy)
    do("recovery", "export", "--database", f"sqlite:///{folder / 'copy.sqlite'}", "--out",
       folder / "cases")  # fmt: skip
    organisation.people = {}
    return Lost(organisation, filed, left_out, folder, numbers)


@pytest.fixture
def lost(lost_once: Lost, tmp_path: Path) -> Lost:
    """The same, its taken-out cases and keys copied for one test."""
    for name in ("cases", "out"):
        shutil.copytree(lost_once.folder / name, tmp_path / name)
    shutil.copy(lost_once.folder / "copy.sqlite", tmp_path)
    shutil.copytree(lost_once.keys, tmp_path / "keys")
    return Lost(
        lost_once.organisation,
        lost_once.filed,
        lost_once.left_out,
        tmp_path,
        lost_once.numbers,
    )


def test_the_drill_on_a_restored_copy_reads_the_thread(lost: Lost) -> None:
    """Two of three shares open the copy's case; its thread is verified and printed."""
    done = do("recover", *lost.given(), "--entries", lost.case(), "--keys", lost.keys, "--read",
              "--on", "2026-11-22")  # fmt: skip
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [one["kind"] for one in printed]
    assert (kinds[:3], kinds[-1]) == (["report", "received", "acknowledgement"], "desk")
    assert printed[0]["body"]["answers"]["what"] == "The invoices were paid twice."
    assert printed[2]["author"] == "Anna Lind"
    assert "the recovery key that keyring 1 names" in done.stderr
    assert "Opened 1 of 1" in done.stderr


def test_the_shares_can_be_typed(lost: Lost) -> None:
    """Nobody has to keep a share in a file; a mistyped one is asked for again."""
    one, two = (str(share_in(page)) for page in pages(lost.folder / "out")[:2])
    wrong = two.replace(two[0], "U", 1)
    done = do("recover", "--entries", lost.case(), "--keys", lost.keys, "--read", "--on",
              "2026-11-22", stdin=f"{one}\n{wrong}\n{two}\n")  # fmt: skip
    assert "no share has" in done.stderr
    assert "The invoices were paid twice." in done.stdout


def test_one_file_may_hold_several_shares(lost: Lost, tmp_path: Path) -> None:
    """Pages put one after the other; lines too many or too few are refused."""
    both = [page.read_text() for page in pages(lost.folder / "out")[:2]]
    file = tmp_path / "both.txt"
    file.write_text("".join(both))
    rest = ("--entries", lost.case(), "--keys", lost.keys, "--on", "2026-11-22")
    done = do("recover", "--share", file, *rest)
    assert "Opened 1 of 1" in done.stderr
    file.write_text("".join(both) + str(share_in(pages(lost.folder / "out")[2])).split("\n")[0])
    refused("three lines", "recover", "--share", file, *rest)


def test_shares_of_the_wrong_sort_open_nothing(lost: Lost, tmp_path: Path) -> None:
    """Too few, one twice, of another set, or all of another recovery key."""
    rest = ("--entries", lost.case(), "--keys", lost.keys, "--read", "--on", "2026-11-22")
    refused("not enough shares", "recover", *lost.given(1), *rest)
    refused("given twice", "recover", *lost.given(1), *lost.given(1), *rest)
    make(tmp_path / "other")
    others = [part for page in pages(tmp_path / "other") for part in ("--share", page)]
    refused("different sets", "recover", *lost.given(1), *others[:2], *rest)
    refused("no keyring in the folder names", "recover", *others, *rest)


def test_a_report_that_leaves_a_holder_out_is_not_opened(lost: Lost) -> None:
    """Its key was not sealed to the recovery key; the other case is opened all the same."""
    rest = ("--keys", lost.keys, "--on", "2026-11-22")
    refused("not sealed to this key", "recover", *lost.given(), "--entries",
            lost.case("left out"), *rest)  # fmt: skip
    both = do("recover", *lost.given(), "--entries", lost.case("left out"), "--entries",
              lost.case(), *rest)  # fmt: skip
    assert "Opened 1 of 2" in both.stderr


def test_a_copy_that_was_changed_is_refused(lost: Lost) -> None:
    """An entry that is missing or moved is not shown as if nothing were wrong."""
    file = lost.case() / "case.json"
    facts = json.loads(file.read_text())
    rest = ("--entries", lost.case(), "--keys", lost.keys, "--read", "--on", "2026-11-22")
    for change in (
        {"entries": [facts["entries"][0], *facts["entries"][2:]]},
        {"entries": [{**facts["entries"][0], "sealed": 1}]},
        {"entries": [{**facts["entries"][0], "colour": "red"}]},
        {"thread": b64u(bytes(32))},
    ):
        file.write_text(json.dumps({**facts, **change}))
        result = run("recover", *lost.given(), *rest)
        assert (result.exit_code, result.stdout) == (1, ""), change
        assert isinstance(result.exception, SystemExit), change


def test_case_keys_alone_are_sealed_to_given_keys(lost: Lost, tmp_path: Path) -> None:
    """For reading elsewhere with `whistle open`; never to be put in the server's place."""
    reader = PrivateKey.generate()
    (tmp_path / "to.txt").write_text(f"# the new handler\n{reader.public_key}\n")
    case = lost.case() / "case.age"
    done = do("recover", *lost.given(3), "--case", case, "--to", tmp_path / "to.txt")
    assert "never put it in the server's place" in done.stderr
    target = case.with_name("case.age.recovered")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    (key,) = open_case_keys(target.read_bytes(), [reader])
    assert open_case_keys(case.read_bytes(), [lost.filed.receipt.private_key]) == [key]
    other = lost.case("left out") / "case.age"
    refused("not sealed to this key", "recover", *lost.given(), "--case", other, "--to",
            tmp_path / "to.txt")  # fmt: skip


@pytest.mark.parametrize(
    "options", [[], ["--case"], ["--to"], ["--entries"], ["--entries", "--to", "--keys"]]
)
def test_options_that_do_not_go_together_are_refused(lost: Lost, options: list[str]) -> None:
    """Each says what goes with what."""
    values = {"--case": lost.case() / "case.age", "--to": lost.folder / "out/recovery.json",
              "--entries": lost.case(), "--keys": lost.keys}  # fmt: skip
    given = [part for option in options for part in (option, values[option])]
    refused("Give --case" if options in ([], ["--to"]) else "goes with", "recover", *lost.given(),
            *given, code=2)  # fmt: skip


def test_all_keys_are_lost_and_the_desk_opens_again(lost: Lost) -> None:
    """New keys for the same people; the case's keys are sealed to them and put back.

    The reporter's code still opens it, and no reader comes in whom the keyring does not name.
    """
    organisation, day = lost.organisation, "2026-11-22"
    again = {one.appointed.id: one for one in people()}
    number, signed = acts.sign_keyring(organisation, lambda file: _rename_keys(file, again))
    publish_in(lost.folder / "keys", organisation, number, signed)
    recover = ("recover", *lost.given(), "--entries", lost.case(), "--keys",
               lost.folder / "keys", "--reseal", "--on")  # fmt: skip
    do(*recover, day)
    made = lost.case() / "recovered" / "case.age"
    with pytest.raises(NotForMeError):  # a new key waits its seven days here too
        open_case_keys(made.read_bytes(), [again["anna"].private_key])
    shutil.rmtree(made.parent)
    later = do(*recover, "2026-11-29")
    assert "sealed to the reporter and Anna Lind, Bo Ek, Carin Dahl" in later.stderr
    copy = f"sqlite:///{lost.folder / 'copy.sqlite'}"
    do("recovery", "put", lost.case(), *lost.site(copy))
    database = Database(copy)
    with database.reading() as session:
        row = acts.case_row(session, lost.filed)
        readers = [one.private_key for one in again.values() if one.appointed.channels]
        for key in (*readers, lost.filed.receipt.private_key, joined(lost)):
            assert len(open_case_keys(row.case_age, [key])) == 1
        assert row.desk_age is not None
        for key in (*readers, joined(lost)):
            assert len(open_case_keys(row.desk_age, [key])) == 1
        with pytest.raises(NotForMeError):
            open_case_keys(row.desk_age, [lost.filed.receipt.private_key])
        assert len(age.shape(row.case_age).stanza_types) == 5
        assert len(age.shape(row.desk_age).stanza_types) == 4
        event = session.scalars(select(LogEvent).order_by(LogEvent.position.desc())).first()
        assert b'"Recovered"' in ((event and event.payload) or b"")
        last = acts_thread.sealed_entries(session, row.id, "case")[-1]
        found = unpack(age.open_sealed(last.sealed, open_case_keys(row.case_age, [joined(lost)])))
        assert found.head["kind"] == "recovered"
        assert set(json.loads(found.body)["params"]) == {"recovered_on"}
        found.verify(organisation.parts.service_key.public)
    database.close()
    refused("keys_changed", "recovery", "put", lost.case(), *lost.site(copy))


def test_a_new_holder_who_was_left_out_is_not_let_in(lost: Lost) -> None:
    """A report leaves Bo out; when Bo later holds a share, the re-seal leaves recovery out."""
    from_bo = make_organisation(
        lost.folder / "bo", people=people(), recovery=recovery_in(lost.folder / "out")
    )
    filed = acts.file(from_bo, left_out=["bo"])
    with from_bo.parts.database.reading() as session:
        case_number = acts.case_row(session, filed).number
    number, signed = acts.sign_keyring(from_bo, _bo_holds_a_share)
    do("recovery", "export", "--database", from_bo.parts.settings.database, "--out",
       lost.folder / "bo-cases")  # fmt: skip
    keys = lost.folder / "bo-keys"
    shutil.copytree(from_bo.parts.settings.keys_dir, keys)
    publish_in(keys, from_bo, number, signed)
    case = lost.folder / "bo-cases" / str(case_number)
    do("recover", *lost.given(), "--entries", case, "--keys", keys, "--reseal", "--on",
       "2026-12-24")  # fmt: skip
    made = (case / "recovered" / "case.age").read_bytes()
    with pytest.raises(NotForMeError):
        open_case_keys(made, [joined(lost)])
    with pytest.raises(NotForMeError):
        open_case_keys(made, [from_bo.people["bo"].private_key])
    assert open_case_keys(made, [from_bo.people["anna"].private_key])
    assert len(age.shape(made).stanza_types) == 5


def test_taking_cases_out_does_not_replace_anything(lost: Lost) -> None:
    """A second time into the same folder is refused; what was taken out is for its owner only."""
    copy = f"sqlite:///{lost.folder / 'copy.sqlite'}"
    refused("already", "recovery", "export", "--database", copy, "--out", lost.folder / "cases")
    for path in lost.case().iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_case_that_is_not_there_takes_no_keys(lost: Lost) -> None:
    """An unknown number, and a folder with no recovered keys."""
    copy = f"sqlite:///{lost.folder / 'copy.sqlite'}"
    refused("No such file", "recovery", "put", lost.case(), *lost.site(copy))
    shutil.copytree(lost.case(), lost.case() / "recovered")
    strange = lost.folder / "cases" / "ZZ-ZZZZ"
    shutil.copytree(lost.case(), strange)
    refused("unknown", "recovery", "put", strange, *lost.site(copy))
    (lost.case() / "recovered" / "case.age").write_bytes(b"age-encryption.org/v1\n")
    refused("case_age", "recovery", "put", lost.case(), *lost.site(copy))


def test_what_is_no_database_of_whistle_is_refused(tmp_path: Path) -> None:
    """One sentence, and no trace of the program."""
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    refused("database cannot be used", "recovery", "export", "--database", empty, "--out", tmp_path)
    refused("database cannot be used", "recovery", "export", "--database", "x", "--out", tmp_path)


def test_nobody_in_force_may_read_it_so_nothing_is_sealed(lost: Lost) -> None:
    """When the keyring in force names none of a case's readers any more."""
    number, signed = acts.sign_keyring(lost.organisation, lambda file: file.update(handlers=[]))
    publish_in(lost.folder / "keys", lost.organisation, number, signed)
    refused("Nobody would be left to read it", "recover", *lost.given(), "--entries", lost.case(),
            "--keys", lost.folder / "keys", "--reseal", "--on", "2026-12-24")  # fmt: skip
    assert not (lost.case() / "recovered").exists()


def test_a_terminal_is_not_given_orders_by_a_report(lost: Lost) -> None:
    """What is read is printed as text; nothing in it moves a cursor or turns the writing."""
    done = do("recover", *lost.given(), "--entries", lost.case(), "--keys", lost.keys, "--read",
              "--on", "2026-11-22")  # fmt: skip
    assert not re.search(r"[^\n\x20-\x7e\u00a0-\uffff]", done.stdout)


def joined(lost: Lost) -> PrivateKey:
    """The recovery key."""
    made = [share_in(page) for page in pages(lost.folder / "out")]
    with pytest.raises(ShareError, match="too_few"):
        shares.join(made[:1])
    return PrivateKey.from_seed(shares.join(made))


def publish_in(folder: Path, organisation: Organisation, number: int, signed: Any) -> None:
    """Publish one more keyring into a folder of public keys."""
    keys_dir.publish(folder, organisation.root.public, number, signed)


def _note(organisation: Organisation, case: str) -> None:
    """Let Anna begin the handlers' own chain, as her browser does it."""
    anna, parts = acts.handler(organisation, "anna"), organisation.parts
    author = Author("handler", "anna", organisation.people["anna"].signing_key, "browser")
    opened = cases.open_case(parts, anna, case)
    entries, _ = acts.verified(organisation, opened, organisation.people["anna"].private_key)
    desk, keyring = PrivateKey.generate(), acts.keyring(organisation)
    assert keyring.recovery is not None
    to = [h.age for h in keyring.handlers] + [keyring.recovery.age]
    writing.put_desk_key(parts, anna, case, seal_case_keys([desk], to, count=4))
    key = {"desk_key": b64u(desk.public_key.raw)}
    first = make_entry(desk_place(entries), author, "desk", {}, keyring=keyring,
                       to=desk.public_key, adds=key)  # fmt: skip
    acts.write(organisation, "anna", case, "desk", 1, first)


def _rename_keys(file: dict[str, Any], again: dict[str, Enrolled]) -> None:
    """Give every handler in a keyring new keys."""
    for handler in file["handlers"]:
        new = again[handler["id"]]
        handler["age"] = str(new.private_key.public_key)
        handler["sign"] = b64u(new.signing_key.public)


def _bo_holds_a_share(file: dict[str, Any]) -> None:
    """Let Bo be among the holders."""
    file["recovery"]["holders"].append({"person": "bo", "name": "Bo Ek"})
