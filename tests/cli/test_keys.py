"""`whistle keys`: the ceremony from the first root key to a second keyring."""

import contextlib
import json
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.vectors.making import cast
from whistle.cli import main
from whistle.crypto import sshsig, strictjson
from whistle.crypto.age import PrivateKey, open_with_passphrase
from whistle.crypto.keyring import SIGN_NAMESPACE, parse, phrase
from whistle.storage import keys_dir

FIRST_DAY = "2026-11-22"
SECOND_DAY = "2026-12-01"


class Ceremony:
    """A ceremony that is held in the current folder."""

    def __init__(self, founded: Path | None = None) -> None:
        self.founded = founded

    @property
    def passphrase(self) -> str:
        """Anna's passphrase."""
        return Path("anna.passphrase").read_text()

    def run(self, *arguments: object, stdin: str | None = None) -> Result:
        """Run `whistle keys …`."""
        return CliRunner().invoke(main, ["keys", *map(str, arguments)], input=stdin)

    def do(self, *arguments: object, stdin: str | None = None) -> str:
        """Run a command that must succeed, and return what it prints."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    def handler(self, name: str, channel: str = "main") -> str:
        """Make a handler; return the passphrase."""
        printed = self.do("new", "handler", name, "--name", name.title(), "--role-text",
                          "Case handler", "--channel", channel, "--from", FIRST_DAY,
                          "--json")  # fmt: skip
        return str(json.loads(printed)["passphrase"])

    def draft(self, *arguments: object) -> str:
        """Draft a keyring."""
        return self.do("new", "keyring", *arguments)

    def found(self) -> None:
        """Go from nothing to a published first keyring of two handlers."""
        if self.founded is not None:  # held once, copied for each test
            shutil.copytree(self.founded, Path(), dirs_exist_ok=True)
            return
        self.do("root", "root")
        Path("service.pub").write_text(self.do("new", "service", "service.key"))
        Path("anna.passphrase").write_text(self.handler("anna"))
        self.handler("bo", "main=deputy")
        self.draft("--org", "Example AB", "--service", "service.pub", "--issued", FIRST_DAY,
                   "--handler", "anna.public.json", "--handler", "bo.public.json")  # fmt: skip
        self.do("sign", "keyring-0001.json", "--key", "root")
        self.do("publish", "keyring-0001.json", "--to", "keys", "--root", "root.pub",
                "--on", FIRST_DAY)  # fmt: skip

    def second(self, *arguments: object) -> str:
        """Draft and sign a second keyring that adds a third handler."""
        self.handler("carin")
        printed = self.draft("--after", "keys", "--handler", "carin.public.json", "--issued",
                             SECOND_DAY, *arguments)  # fmt: skip
        self.do("sign", "keyring-0002.json", "--key", "root")
        return printed


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a first ceremony was held."""
    folder = tmp_path_factory.mktemp("founded")
    with contextlib.chdir(folder):
        Ceremony().found()
    return folder


@pytest.fixture
def ceremony(tmp_path: Path, founded: Path, monkeypatch: pytest.MonkeyPatch) -> Ceremony:
    """A ceremony in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Ceremony(founded)


def test_the_whole_ceremony(ceremony: Ceremony) -> None:
    """From nothing to a verified folder of public keys that ssh-keygen verifies too."""
    ceremony.found()
    root = keys_dir.read_root(Path("root.pub"))
    shown = ceremony.do("verify", "keys", "--on", FIRST_DAY)
    assert " ".join(phrase(root)) in shown
    assert "keyring 1 of Example AB" in shown
    Path("allowed").write_text(f"root {sshsig.public_line(root)}\n")
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "root", "-n", SIGN_NAMESPACE,
         "-s", "keys/keyring-0001.json.sig"],
        input=Path("keys/keyring-0001.json").read_bytes(), check=True, capture_output=True,
    )  # fmt: skip
    assert sorted(path.name for path in Path("keys").iterdir()) == [
        "keyring-0001.json",
        "keyring-0001.json.sig",
        "root.pub",
    ]


def test_nobody_is_put_on_the_list_who_could_be_taken_for_another(ceremony: Ceremony) -> None:
    """When a key is made, when a list is drafted, and before a list made elsewhere is signed."""
    ceremony.found()
    made = ["new", "handler", "eve", "--role-text", "Handler", "--channel", "main"]
    mixed = ceremony.run(*made, "--name", "Ann\N{CYRILLIC SMALL LETTER A}")
    assert mixed.exit_code == 1
    assert "letters of two alphabets" in mixed.stderr
    assert not Path("eve.key.age").exists()
    ceremony.do(*made, "--name", "\N{CYRILLIC CAPITAL LETTER VE}\N{CYRILLIC SMALL LETTER O}")
    drafted = ceremony.run("new", "keyring", "--after", "keys", "--handler", "eve.public.json")
    assert drafted.exit_code == 1
    assert "read alike" in drafted.stderr
    ceremony.second()
    content = json.loads(Path("keyring-0002.json").read_text())
    content["handlers"][2]["name"] = "An\N{ZERO WIDTH SPACE}na"
    Path("other.json").write_bytes(strictjson.write(content))
    signed = ceremony.run("sign", "other.json", "--key", "root")
    assert signed.exit_code == 1
    assert "Do not sign it" in signed.stderr
    assert not Path("other.json.sig").exists()


def test_private_files_are_for_their_owner_only_and_never_overwritten(ceremony: Ceremony) -> None:
    """A private key is written once, with mode 0600."""
    ceremony.found()
    for name in ("root", "anna.key.age", "service.key"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    before = Path("root").read_bytes()
    result = ceremony.run("root", "root")
    assert result.exit_code == 1
    assert "never overwritten" in result.stderr
    assert Path("root").read_bytes() == before


def test_a_handlers_key_file_opens_with_the_printed_passphrase(ceremony: Ceremony) -> None:
    """The passphrase of six words opens the file, which is an ordinary age file."""
    words = ceremony.handler("anna")
    text = open_with_passphrase(Path("anna.key.age").read_bytes(), words).decode()
    assert text.endswith("\n")
    public = json.loads(Path("anna.public.json").read_text())
    assert str(PrivateKey.parse(text.strip()).public_key) == public["age"]
    assert b" 16\n" in Path("anna.key.age").read_bytes()[:200]


def test_an_addition_with_a_second_signature_counts_at_once(ceremony: Ceremony) -> None:
    """A handler in force vouches for the new one."""
    ceremony.found()
    printed = ceremony.second()
    assert "Added or changed: carin. Removed: nobody." in printed
    assert "2026-12-08" in printed
    ceremony.do("sign", "keyring-0002.json", "--cosign", "--key", "anna.key.age",
                stdin=f"{ceremony.passphrase}\n")  # fmt: skip
    published = ceremony.do("publish", "keyring-0002.json", "--to", "keys", "--on", SECOND_DAY)
    assert "In force: keyring 2" in published
    facts = json.loads(ceremony.do("show", "keys", "--on", SECOND_DAY, "--json"))
    assert [h["id"] for h in facts["handlers"]] == ["anna", "bo", "carin"]
    assert facts["history"][1]["cosigned_by"] == "anna"
    assert facts["history"][1]["added"] == ["carin"]


def test_an_addition_without_it_waits_seven_days(ceremony: Ceremony) -> None:
    """Until then the old keyring is in force, and the new one is announced."""
    ceremony.found()
    ceremony.second("--remove", "bo")
    ceremony.do("publish", "keyring-0002.json", "--to", "keys", "--on", SECOND_DAY)
    shown = ceremony.do("verify", "keys", "--on", "2026-12-07")
    assert "In force: keyring 1" in shown
    assert "Waiting: keyring 2, in force from 2026-12-08" in shown
    facts = json.loads(ceremony.do("verify", "keys", "--on", "2026-12-07", "--json"))
    assert facts["waiting"] == [{"serial": 2, "in_force_from": "2026-12-08"}]
    text = ceremony.do("show", "keys", "--on", "2026-12-08")
    assert "Example AB, keyring 2: good" in text
    assert "added carin; removed bo" in text


@pytest.mark.parametrize(("day", "code"), [("2026-12-02", 0), ("2026-12-03", 1)])
def test_an_addition_without_it_is_published_on_its_day_or_the_next(
    ceremony: Ceremony, day: str, code: int
) -> None:
    """Later it would be announced for fewer days, or for none at all."""
    ceremony.found()
    ceremony.second()
    result = ceremony.run("publish", "keyring-0002.json", "--to", "keys", "--on", day)
    assert result.exit_code == code
    assert Path("keys/keyring-0002.json").exists() is (code == 0)
    if code:
        assert "[backdated]" in result.stderr
        assert "Prepare it anew, dated today" in result.stderr
    else:  # what is published stays: the same again is no fault, whenever
        ceremony.do("publish", "keyring-0002.json", "--to", "keys", "--on", "2026-12-20")


def test_an_addition_that_a_handler_vouched_for_can_be_published_late(ceremony: Ceremony) -> None:
    """It needs no announcement."""
    ceremony.found()
    ceremony.second()
    ceremony.do("sign", "keyring-0002.json", "--cosign", "--key", "anna.key.age",
                stdin=f"{ceremony.passphrase}\n")  # fmt: skip
    ceremony.do("publish", "keyring-0002.json", "--to", "keys", "--on", "2026-12-20")


def test_a_next_root_signs_what_follows(ceremony: Ceremony) -> None:
    """The root key can be replaced while the old one is at hand."""
    ceremony.found()
    ceremony.do("root", "next")
    ceremony.second("--next-root", "next.pub")
    ceremony.do("publish", "keyring-0002.json", "--to", "keys", "--on", SECOND_DAY)
    ceremony.draft("--after", "keys", "--issued", SECOND_DAY, "-o", "third.json")
    ceremony.do("sign", "third.json", "--key", "root")
    refused = ceremony.run("publish", "third.json", "--to", "keys")
    assert refused.exit_code == 1
    assert "not signed by the root key" in refused.stderr
    Path("third.json.sig").unlink()
    ceremony.do("sign", "third.json", "--key", "next")
    ceremony.do("publish", "third.json", "--to", "keys", "--on", SECOND_DAY)
    assert Path("keys/keyring-0003.json").exists()


def test_publishing_twice_is_no_fault_and_another_file_is(ceremony: Ceremony) -> None:
    """The same file again changes nothing; a second one with its serial raises the alarm."""
    ceremony.found()
    ceremony.do("publish", "keyring-0001.json", "--to", "keys", "--on", FIRST_DAY)
    ceremony.draft("--org", "Example AB", "--issued", FIRST_DAY, "--days", 30, "-o", "other.json")
    ceremony.do("sign", "other.json", "--key", "root")
    result = ceremony.run("publish", "other.json", "--to", "keys")
    assert result.exit_code == 1
    assert "ALARM" in result.stderr


def test_publishing_needs_a_signature_and_a_root(ceremony: Ceremony) -> None:
    """An unsigned file, or a folder without a root key, is refused with what to do."""
    ceremony.found()
    Path("keyring-0001.json.sig").unlink()
    unsigned = ceremony.run("publish", "keyring-0001.json", "--to", "keys")
    assert unsigned.exit_code == 1
    no_root = ceremony.run("publish", "keyring-0001.json", "--to", "elsewhere")
    assert no_root.exit_code == 1
    assert "root.pub" in no_root.stderr
    Path("keys/root.pub").unlink()
    lost = ceremony.run("publish", "keyring-0001.json", "--to", "keys", "--root", "root.pub")
    assert lost.exit_code == 1


def test_a_tampered_keyring_does_not_verify(ceremony: Ceremony) -> None:
    """One changed name, and verify fails with exit code 1."""
    ceremony.found()
    path = Path("keys/keyring-0001.json")
    path.write_bytes(path.read_bytes().replace(b"Anna", b"Anja"))
    assert ceremony.run("verify", "keys").exit_code == 1


def test_verify_trusts_the_root_that_it_is_given(ceremony: Ceremony) -> None:
    """A root key from the poster is worth more than one from the folder."""
    ceremony.found()
    ceremony.do("root", "other")
    assert ceremony.run("verify", "keys", "--root", "other.pub").exit_code == 1
    ceremony.do("verify", "keys", "--root", "root.pub", "--on", FIRST_DAY)


@pytest.mark.parametrize(
    ("on", "code", "said"),
    [
        ("2026-11-21", 1, "No keyring is in force"),
        ("2027-11-01", 0, "expiring"),
        ("2027-11-01", 0, "To renew within 60 days (12 months old): anna, bo"),
        ("2028-01-15", 1, "expired"),
        ("2028-06-01", 1, "closed"),
    ],
)
def test_verify_tells_the_state(ceremony: Ceremony, on: str, code: int, said: str) -> None:
    """Programs go by the exit code, people by the word."""
    ceremony.found()
    result = ceremony.run("verify", "keys", "--on", on)
    assert result.exit_code == code
    assert said in result.output


def test_a_root_of_ssh_keygen_serves(ceremony: Ceremony) -> None:
    """Whoever prefers ssh-keygen signs with it; a key under a passphrase says how."""
    ceremony.found()
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", "locked"], check=True
    )
    result = ceremony.run("sign", "keyring-0001.json", "--key", "locked")
    assert result.exit_code == 1
    assert "ssh-keygen -Y sign" in result.stderr


def test_root_prints_json(ceremony: Ceremony) -> None:
    """Programs read JSON."""
    facts = json.loads(ceremony.do("root", "root", "--json"))
    assert sshsig.parse_public_line(facts["line"]) == keys_dir.read_root(Path("root.pub"))
    assert len(facts["phrase"]) == 8


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("new", "keyring"), 2),
        (("new", "handler", "Anna", "--name", "A", "--role-text", "B", "--channel", "main"), 1),
        (("new", "handler", "a", "--name", "A", "--role-text", "B", "--channel", "main=boss"), 2),
        (("new", "handler", "a", "--name", "A", "--role-text", "B"), 2),
        (("verify", "nowhere"), 1),
        (("show", "nowhere"), 1),
    ],
)
def test_wrong_commands(ceremony: Ceremony, arguments: tuple[str, ...], code: int) -> None:
    """What was not understood is 2; what cannot be done is 1; nothing is written."""
    assert ceremony.run(*arguments).exit_code == code
    assert list(Path().iterdir()) == []


def test_removing_somebody_unknown_is_a_mistake(ceremony: Ceremony) -> None:
    """A mistyped id does not pass as removed."""
    ceremony.found()
    result = ceremony.run("new", "keyring", "--after", "keys", "--remove", "ana")
    assert result.exit_code == 2
    assert "ana" in result.stderr


def test_a_handler_for_a_while_and_told_to_people(ceremony: Ceremony) -> None:
    """An end of validity and the passphrase are told in words."""
    printed = ceremony.do("new", "handler", "dilan", "--name", "Dilan", "--role-text", "Lawyer",
                          "--person", "dilan-c", "--channel", "main=investigator",
                          "--until", "2030-01-01")  # fmt: skip
    assert "shown this once" in printed
    entry: dict[str, Any] = json.loads(Path("dilan.public.json").read_text())
    assert (entry["to"], entry["person"]) == ("2030-01-01", "dilan-c")
    ceremony.do("root", "root")
    ceremony.draft("--org", "E", "--handler", "dilan.public.json", "--issued", FIRST_DAY)
    assert parse(Path("keyring-0001.json").read_bytes()).handlers[0].valid_to is not None
    ceremony.do("sign", "keyring-0001.json", "--key", "root")
    ceremony.do("publish", "keyring-0001.json", "--to", "keys", "--root", "root.pub")
    assert "until 2030-01-01" in ceremony.do("show", "keys", "--on", FIRST_DAY)


def test_a_key_file_that_is_none_signs_nothing(ceremony: Ceremony) -> None:
    """The error says what was expected."""
    Path("keyring-0001.json").write_bytes(cast.FIRST.file)
    Path("text").write_text("hello")
    for options in ((), ("--cosign",)):
        result = ceremony.run("sign", "keyring-0001.json", "--key", "text", *options)
        assert result.exit_code == 1
        assert "not" in result.stderr
