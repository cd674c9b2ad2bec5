"""The recovery key: made in shares, drilled, and used on a restored copy when all keys are lost."""

import contextlib
import json
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests import acts
from tests.organisation import CAST, CHEAP_LOG_N, DATABASE_FILE, Organisation, make_organisation
from whistle.cli import main
from whistle.crypto import age, shares
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import desk_place
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import open_case_keys, seal_case_keys
from whistle.crypto.keyring import Holder, Recovery
from whistle.crypto.shares import Share
from whistle.errors import NotForMeError, ShareError
from whistle.services.handling import cases, writing
from whistle.services.operating.ceremony import Enrolled, enrol
from whistle.storage import keys_dir
from whistle.storage.engine import Database
from whistle.storage.tables import LogEvent

HOLDERS = ("carin:Carin Dahl", "eva:Eva Ek", "gun:Gun Alm")


def run(*arguments: object, stdin: str | None = None) -> Result:
    """Run `whistle keys …`."""
    return CliRunner().invoke(main, ["keys", *map(str, arguments)], input=stdin)


def do(*arguments: object, stdin: str | None = None) -> Result:
    """Run a command that must succeed."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result


def refused(said: str, *arguments: object, stdin: str | None = None, code: int = 1) -> None:
    """Run a command that must fail and say why."""
    result = run(*arguments, stdin=stdin)
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, said in result.stderr) == (code, True), result.output


def make(folder: Path, *options: object, holders: tuple[str, ...] = HOLDERS) -> dict[str, Any]:
    """Make a recovery key; return what is printed as JSON."""
    named = [option for one in holders for option in ("--holder", one)]
    made = do("recovery", "new", "--k", 2, *named, "--out", folder, "--json", *options)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a recovery key was made, two of three."""
    folder = tmp_path_factory.mktemp("recovery") / "out"
    make(folder, "--on", "2026-11-22")
    return folder


def pages(folder: Path) -> list[Path]:
    """The shares in a folder."""
    return sorted(folder.glob("share-*.txt"))


def share_in(page: Path) -> Share:
    """The share on a page."""
    lines = page.read_text().splitlines()
    return Share.parse("\n".join(line for line in lines if not line.startswith("#")))


def test_each_holder_gets_one_page_and_the_key_is_written_nowhere(given_out: Path) -> None:
    """Three pages for their holders only, two public files, and no private key in any of them."""
    names = [path.name for path in pages(given_out)]
    assert names == ["share-1-carin.txt", "share-2-eva.txt", "share-3-gun.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in pages(given_out)} == {0o600}
    assert stat.S_IMODE(given_out.stat().st_mode) == 0o700
    made = [share_in(path) for path in pages(given_out)]
    seed = shares.join(made[:2])
    private = PrivateKey.from_seed(seed)
    public = json.loads((given_out / "recovery.json").read_text())
    assert str(private.public_key) == public["age"]
    assert [one["name"] for one in public["holders"]] == ["Carin Dahl", "Eva Ek", "Gun Alm"]
    for path in given_out.iterdir():
        text = path.read_text()
        for secret in (str(private), seed.hex(), b64u(seed)):
            assert secret not in text
    page = pages(given_out)[1].read_text()
    assert "Recovery share 2 of 3. Any 2 together" in page
    assert "Eva Ek (eva)" in page
    assert "delete the file" in page


def test_what_is_published_are_hashes_of_the_shares(given_out: Path) -> None:
    """Each share's hash, by its number and holder."""
    published = json.loads((given_out / "recovery-checks.json").read_text())
    made = [share_in(path) for path in pages(given_out)]
    assert published == {
        "set": made[0].set_id.hex(),
        "checks": [
            {"index": one.index, "person": person, "sha256": one.sha256.hex()}
            for one, person in zip(made, ("carin", "eva", "gun"), strict=True)
        ],
    }


def test_nothing_is_overwritten_and_no_half_set_is_left(tmp_path: Path) -> None:
    """One file that is there already stops it before anything is written."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "recovery.json").write_text("mine")
    named = [option for one in HOLDERS for option in ("--holder", one)]
    refused("never overwritten", "recovery", "new", "--k", 2, *named, "--out", out)
    assert [path.name for path in out.iterdir()] == ["recovery.json"]


@pytest.mark.parametrize(
    ("k", "holders", "said"),
    [
        (3, ("a:A", "b:B"), "3 shares are needed"),
        (1, ("a:A", "a:A"), "One person holds one share"),
        (1, ("Anna",), "A holder is written"),
        (1, ("anna:",), "A holder is written"),
    ],
)
def test_impossible_wishes_are_refused(
    tmp_path: Path, k: int, holders: tuple[str, ...], said: str
) -> None:
    """Before anything is written."""
    named = [option for one in holders for option in ("--holder", one)]
    refused(said, "recovery", "new", "--k", k, *named, "--out", tmp_path / "out", code=2)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("k", "said"), [(1, "One share alone opens every report"), (2, "All shares are needed")]
)
def test_it_warns_of_what_was_chosen(tmp_path: Path, k: int, said: str) -> None:
    """One alone, or all; and always to print and delete."""
    printed = do("recovery", "new", "--k", k, "--holder", "a:A", "--holder", "b:B", "--out",
                 tmp_path / "out").stdout  # fmt: skip
    assert said in printed
    assert "DELETE these files" in printed
    member = json.loads(printed.splitlines()[-1])["recovery"]
    assert member["k"] == k
    for page in pages(tmp_path / "out"):
        assert str(share_in(page)).split("\n")[0] not in printed


def test_a_holder_checks_the_own_share(given_out: Path) -> None:
    """From the file or typed, against the published list or one hash, or to compare by eye."""
    page, published = pages(given_out)[0], given_out / "recovery-checks.json"
    share = share_in(page)
    typed = str(share).lower().replace("-", " ")
    hashed = share.sha256.hex().upper()
    for done in (
        do("recovery", "check", page, "--published", published),
        do("recovery", "check", "-", "--sha256", hashed, stdin=typed),
    ):
        assert "It is the published one" in done.stdout
    printed = do("recovery", "check", page).stdout
    assert share.sha256.hex() in printed
    assert "Compare" in printed
    assert str(share).split("\n")[0] not in printed


def test_a_drill_that_fails_says_why(given_out: Path) -> None:
    """Mistyped, exchanged, of another set, or more than one."""
    page, published = pages(given_out)[0], given_out / "recovery-checks.json"
    share = share_in(page)
    first, *rest = str(share).split("\n")
    wrong = "\n".join(["2" + first[1:] if first[0] != "2" else "3" + first[1:], *rest])
    check = ("recovery", "check", "-", "--published", published)
    refused("first line", *check, stdin=wrong)
    refused("three lines", *check, stdin=f"{share}\n{share}")
    refused("three lines", *check, stdin="")
    swapped = Share(share.set_id, share.index, share.k, share_in(pages(given_out)[1]).value)
    refused("not the share that was published", *check, stdin=str(swapped))
    beyond = Share(share.set_id, 9, share.k, share.value)
    refused("not the share that was published", *check, stdin=str(beyond))
    other = Share(bytes(8), share.index, share.k, share.value)
    refused("different sets", *check, stdin=str(other))
    refused("not the share that was published", "recovery", "check", page, "--sha256", "00")


def test_a_key_that_was_not_joined_right_is_not_given_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a page is written, the shares are read back and joined, and the keys compared."""
    real = shares.split

    def wrong(secret: bytes, k: int, n: int) -> tuple[Share, ...]:
        return real(bytes(a ^ 1 for a in secret), k, n)

    monkeypatch.setattr(shares, "split", wrong)
    refused("belong together", "recovery", "new", "--k", 1, "--holder", "a:A", "--out",
            tmp_path / "out")  # fmt: skip
    assert not (tmp_path / "out").exists()


def test_a_keyring_takes_the_recovery_key_keeps_it_and_drops_it(
    given_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`keys new keyring` names it as it was made; later drafts keep it until it is taken away."""
    monkeypatch.chdir(tmp_path)
    do("root", "root")
    do("new", "keyring", "--org", "Example AB", "--recovery", given_out / "recovery.json",
       "--issued", "2026-11-22")  # fmt: skip
    member = json.loads((given_out / "recovery.json").read_text())
    assert json.loads(Path("keyring-0001.json").read_text())["recovery"] == member
    do("sign", "keyring-0001.json", "--key", "root")
    do("publish", "keyring-0001.json", "--to", "keys", "--root", "root.pub", "--on", "2026-11-22")
    assert json.loads(do("show", "keys", "--on", "2026-11-22", "--json").stdout)["recovery"] is True
    do("new", "keyring", "--after", "keys", "--issued", "2026-11-23")
    assert json.loads(Path("keyring-0002.json").read_text())["recovery"] == member
    do("new", "keyring", "--after", "keys", "--issued", "2026-11-23", "--no-recovery", "-o", "no")
    assert json.loads(Path("no").read_text())["recovery"] is None
    refused("either", "new", "keyring", "--after", "keys", "--no-recovery", "--recovery",
            given_out / "recovery.json", code=2)  # fmt: skip


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
    recover: Callable[[str], Result] = lambda on: run(  # noqa: E731  # said twice, on two days
        "recover", *lost.given(), "--entries", lost.case(), "--keys", lost.folder / "keys",
        "--reseal", "--on", on,
    )  # fmt: skip
    early = recover(day)
    assert early.exit_code == 0, early.output
    made = lost.case() / "recovered" / "case.age"
    with pytest.raises(NotForMeError):  # a new key waits its seven days here too
        open_case_keys(made.read_bytes(), [again["anna"].private_key])
    shutil.rmtree(made.parent)
    later = recover("2026-11-29")
    assert later.exit_code == 0, later.output
    assert "sealed to the reporter and Anna Lind, Bo Ek, Carin Dahl" in later.stderr
    copy = f"sqlite:///{lost.folder / 'copy.sqlite'}"
    do("recovery", "put", lost.case(), "--database", copy)
    database = Database(copy)
    with database.reading() as session:
        row = acts.case_row(session, lost.filed)
        readers = [one.private_key for one in again.values()]
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
    database.close()
    refused("keys_changed", "recovery", "put", lost.case(), "--database", copy)


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
    refused("No such file", "recovery", "put", lost.case(), "--database", copy)
    shutil.copytree(lost.case(), lost.case() / "recovered")
    strange = lost.folder / "cases" / "ZZ-ZZZZ"
    shutil.copytree(lost.case(), strange)
    refused("unknown", "recovery", "put", strange, "--database", copy)
    (lost.case() / "recovered" / "case.age").write_bytes(b"age-encryption.org/v1\n")
    refused("case_age", "recovery", "put", lost.case(), "--database", copy)


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
