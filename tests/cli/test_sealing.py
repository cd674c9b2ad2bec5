"""`whistle seal` and `whistle open`, and reports made on one's own machine."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.vectors.making import cast
from tests.vectors.making.story import REPORT
from whistle.cli import main
from whistle.crypto.age import PrivateKey, armor, seal, seal_with_passphrase
from whistle.crypto.chain import EntryRecord, verify_thread
from whistle.crypto.filing import Filing, open_case_keys
from whistle.crypto.keyring import SignedKeyring, parse, verify_chain
from whistle.crypto.receipt import Receipt
from whistle.crypto.strictjson import write
from whistle.storage import keys_dir

ANNA, BO = cast.PEOPLE["anna"], cast.PEOPLE["bo"]
TODAY = cast.TODAY.isoformat()


def run(*arguments: object, stdin: bytes | str | None = None) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a letter, two public keys and Anna's private key."""
    (tmp_path / "letter").write_bytes(b"Dear all,\n" * 100)
    (tmp_path / "to").write_text(f"# handlers\n{ANNA.public_key}\n\n{BO.public_key}\n")
    (tmp_path / "anna.key").write_text(f"# mine\n{ANNA}\n")
    return tmp_path


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder of public keys."""
    path = tmp_path / "keys"
    keys_dir.publish(path, cast.ROOT.public, 1, cast.FIRST)
    return path


def test_a_sealed_file_opens(folder: Path) -> None:
    """What is sealed to two opens for each, and comes back as it was."""
    assert run("seal", folder / "letter", "--to", folder / "to").exit_code == 0
    sealed = folder / "letter.age"
    opened = run("open", sealed, "--key", folder / "anna.key")
    assert opened.exit_code == 0, opened.output
    assert opened.stdout_bytes == (folder / "letter").read_bytes()
    assert run("open", sealed, "--key", folder / "anna.key", "-o", folder / "back").exit_code == 0
    assert (folder / "back").read_bytes() == (folder / "letter").read_bytes()
    assert stat.S_IMODE((folder / "back").stat().st_mode) == 0o600


def test_sealing_and_opening_through_pipes(folder: Path) -> None:
    """Standard input and output serve as files; a key may come from standard input."""
    sealed = run("seal", "--to", folder / "to", stdin=b"from a pipe")
    assert sealed.exit_code == 0
    opened = run("open", "--key", folder / "anna.key", stdin=sealed.stdout_bytes)
    assert opened.stdout_bytes == b"from a pipe"
    (folder / "sealed").write_bytes(sealed.stdout_bytes)
    assert run("open", folder / "sealed", "--key", "-", stdin=f"{ANNA}\n").exit_code == 0
    both = run("open", "--key", "-", stdin=b"")
    assert both.exit_code == 2


def test_armour_is_taken_off(folder: Path) -> None:
    """A sealed file that came as text opens as well."""
    (folder / "text").write_bytes(armor.encode(seal(b"hello", [ANNA.public_key])))
    assert run("open", folder / "text", "--key", folder / "anna.key").stdout_bytes == b"hello"
    piped = run(
        "open", "--key", folder / "anna.key", stdin=armor.encode(seal(b"x", [ANNA.public_key]))
    )
    assert piped.stdout_bytes == b"x"


@pytest.mark.parametrize("armored", [False, True])
def test_a_key_under_a_passphrase_is_asked_for(folder: Path, armored: bool) -> None:  # noqa: FBT001  # a case of the test
    """A handler's key file opens with its passphrase, typed in any case, and with no other."""
    key_file = seal_with_passphrase(f"{ANNA}\n".encode(), "six words of a long list", log_n=4)
    (folder / "key.age").write_bytes(armor.encode(key_file) if armored else key_file)
    (folder / "sealed").write_bytes(seal(b"hello", [ANNA.public_key]))
    command = ("open", folder / "sealed", "--key", folder / "key.age")
    good = run(*command, stdin="Six words  of a long LIST\n")
    assert good.exit_code == 0, good.output
    assert good.stdout_bytes.endswith(b"hello")
    bad = run(*command, stdin="other words\n")
    assert bad.exit_code == 1
    assert "not sealed to the key or passphrase" in bad.stderr


def test_nothing_is_overwritten(folder: Path) -> None:
    """A file that is there stays as it is, and the error says so."""
    (folder / "letter.age").write_text("mine")
    result = run("seal", folder / "letter", "--to", folder / "to")
    assert result.exit_code == 1
    assert "never overwritten" in result.stderr
    assert (folder / "letter.age").read_text() == "mine"


def test_a_damaged_file_leaves_nothing_behind(folder: Path) -> None:
    """Nothing of a file that does not prove unchanged is shown or kept."""
    sealed = seal(bytes(200_000), [ANNA.public_key])
    (folder / "damaged").write_bytes(sealed[:-1] + b"\0")
    for output in ([], ["-o", folder / "out"]):
        result = run("open", folder / "damaged", "--key", folder / "anna.key", *output)
        assert result.exit_code == 1
        assert result.stdout_bytes == b""
        assert "damaged" in result.stderr
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "not a public key"), (b"# nothing\n", "not"), (b"age1x\n", "not"), (b"\xff", "not")],
)
def test_a_file_without_public_keys_is_refused(folder: Path, content: bytes, said: str) -> None:
    """Sealing to nobody does not happen."""
    (folder / "none").write_bytes(content)
    result = run("seal", folder / "letter", "--to", folder / "none")
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (folder / "letter.age").exists()


def test_commands_that_make_no_sense_are_exit_code_2(folder: Path, keys: Path) -> None:
    """Usage errors are told apart from failures."""
    assert run("seal", folder / "letter").exit_code == 2
    assert run("seal", "--report", "--to", folder / "to").exit_code == 2
    assert run("seal", "--report").exit_code == 2
    assert run("seal", "--report", "--keys", keys, "--channel", "other").exit_code == 2


def report(folder: Path, keys: Path, *options: object, body: Any = REPORT) -> Result:
    """Make a report from JSON on standard input."""
    return run(
        "seal",
        "--report",
        "--keys",
        keys,
        "-o",
        folder / "my.whistle",
        "--on",
        TODAY,
        "--json",
        *options,
        stdin=json.dumps(body),
    )


def test_a_report_is_exactly_what_a_browser_would_post(folder: Path, keys: Path) -> None:
    """The file parses as a filing, opens for its readers, and the printed code is its code."""
    result = report(folder, keys, "--leave-out", "bo", "--no-acknowledgement")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed["readers"] == ["anna", "carin"]
    assert "Anna Öberg" in result.stderr
    receipt = Receipt.parse(printed["receipt"])
    filing = Filing.parse((folder / "my.whistle").read_bytes())
    filing.check(parse(cast.FIRST.file), cast.TODAY)
    assert filing.mailbox_id == receipt.mailbox_id
    assert filing.waive_ack
    case_keys = open_case_keys(filing.case_age, [ANNA])
    chain = verify_chain([cast.FIRST], cast.ROOT.public)
    record = EntryRecord("case", 1, "report", None, cast.TODAY, filing.entry1)
    (entry,) = verify_thread([record], case_keys, chain, thread=filing.thread)
    assert entry.json() == REPORT
    assert entry.head["made"] == "cli"


def test_one_reader_needs_a_yes(folder: Path, keys: Path) -> None:
    """One person alone reads a report only when that was confirmed."""
    options = ("--leave-out", "bo", "--leave-out", "carin")
    refused = report(folder, keys, *options)
    assert refused.exit_code == 2
    assert "One person" in refused.stderr
    assert report(folder, keys, *options, "--yes").exit_code == 0


def test_no_reader_is_refused(folder: Path, keys: Path) -> None:
    """A report that nobody would read is not made."""
    everyone = [part for name in ("anna", "bo", "carin") for part in ("--leave-out", name)]
    result = report(folder, keys, *everyone, "--yes")
    assert result.exit_code == 1
    assert "Nobody would be left" in result.stderr
    assert not (folder / "my.whistle").exists()
    unknown = report(folder, keys, "--leave-out", "nobody")
    assert unknown.exit_code == 1


def test_a_keyring_that_ran_out_is_not_used(folder: Path, keys: Path) -> None:
    """More than 60 days after its end, nothing is sealed by it."""
    result = report(folder, keys, "--on", "2028-03-01")
    assert result.exit_code == 1
    assert "60 days" in result.stderr


@pytest.mark.parametrize(
    "change",
    [
        {"language": "de"},
        {"extra": 1},
        {"answers": {**REPORT["answers"], "what": " "}},  # type: ignore[dict-item]  # known to be one
        {"answers": {**REPORT["answers"], "topic": "gossip"}},  # type: ignore[dict-item]  # known to be one
        {"answers": {**REPORT["answers"], "how_known": 1}},  # type: ignore[dict-item]  # known to be one
        {"reporter": {"name": 1}},
        {"answers": "x"},
        {"wishes": []},
        {"wishes": {"meeting": "no"}},
    ],
)
def test_a_report_of_another_form_is_refused(folder: Path, keys: Path, change: Any) -> None:
    """Only what the browser's form can say is sealed."""
    result = report(folder, keys, body={**REPORT, **change})
    assert result.exit_code == 1
    assert not (folder / "my.whistle").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"language": "de"}, '"language" is not right. Allowed: sv or en.'),
        ({"extra": 1}, '"extra"'),
        ({"answers": {"what": "\u200b"}}, '"answers.what" is not right'),
        ({"answers": {"what": "x", "topic": "gossip"}}, "Allowed: procurement, finance"),
        ({"answers": {"what": "x", "how_known": 1}}, '"answers.how_known" is not right'),
        ({"answers": "x"}, '"answers" is not right'),
        ({"wishes": {"meeting": "no"}}, '"wishes.meeting" is not right. Allowed: true or false.'),
        ({"reporter": {"name": 1, "contact": "x"}}, '"reporter.name" is not right'),
        ({"reporter": {"name": ""}}, '"reporter" needs a "name" or a "contact"'),
    ],
)
def test_what_is_wrong_in_a_report_is_named_before_anything_else(
    folder: Path, keys: Path, change: Any, said: str
) -> None:
    """The key and what is allowed there, before the readers are named."""
    result = report(folder, keys, body={**REPORT, **change})
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Will be able to read it" not in result.stderr


def test_a_wish_that_the_law_may_not_know_is_told(folder: Path, keys: Path) -> None:
    """The keyring names no law, so nothing is promised."""
    result = report(folder, keys, "--no-acknowledgement")
    assert result.exit_code == 0, result.stderr
    assert "acknowledged all the same" in result.stderr
    assert "acknowledged all the same" not in report(folder, keys, "-o", folder / "b").stderr


@pytest.mark.parametrize(
    ("body", "key"),
    [({"answers": {"what": "x"}}, "language"), ({"language": "en", "answers": {}}, "answers.what")],
)
def test_a_key_that_is_missing_is_named(folder: Path, keys: Path, body: Any, key: str) -> None:
    """Whoever writes the JSON by hand learns what to add."""
    result = report(folder, keys, body=body)
    assert result.exit_code == 1
    assert f'"{key}"' in result.stderr


def test_the_example_of_the_help_is_a_report(folder: Path, keys: Path) -> None:
    """It can be copied as it stands."""
    shown = run("seal", "--help").stdout
    example = shown[shown.index("  {") : shown.index("  }\n\n") + 3]
    assert report(folder, keys, body=json.loads(example)).exit_code == 0


def test_what_is_left_out_of_a_report_is_no_answer_and_no_wish(folder: Path, keys: Path) -> None:
    """Two keys are enough."""
    least = {"language": "sv", "answers": {"what": "Något."}}
    assert report(folder, keys, body=least).exit_code == 0


def test_a_named_report_and_several_channels(folder: Path, tmp_path: Path) -> None:
    """A name stays within the sealed report; a channel is chosen where there are several."""
    handlers = [
        cast.handler("anna", channels={"main": "handler", "north": "handler"}),
        cast.handler("bo", channels={"main": "handler", "north": "handler"}),
    ]
    keyring: SignedKeyring = cast.sign(write(cast.content(handlers=handlers)))
    keys_dir.publish(tmp_path / "two", cast.ROOT.public, 1, keyring)
    body = {**REPORT, "reporter": {"name": "Eva", "contact": "070-0"}}
    unclear = report(folder, tmp_path / "two", body=body)
    assert unclear.exit_code == 2
    assert "main, north" in unclear.stderr
    assert report(folder, tmp_path / "two", "--channel", "north", body=body).exit_code == 0
    data = (folder / "my.whistle").read_bytes()
    assert Filing.parse(data).channel == "north"
    assert b"Eva" not in data


def test_a_report_can_be_told_on_a_terminal(
    folder: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question by question, as on the page."""
    monkeypatch.setattr("whistle.cli.reporting._terminal", lambda: True)
    answers = ["", "Something.", "In two lines.", "", "In May", "", "", "yes", "fraud", "Eva",
               "070-0", "y", "sv"]  # fmt: skip
    result = run(
        "seal", "--report", "--keys", keys, "-o", folder / "told.whistle", "--on", TODAY,
        stdin="\n".join(answers) + "\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    code = result.stdout.split("Receipt code: ")[1].split("\n")[0]
    filing = Filing.parse((folder / "told.whistle").read_bytes())
    case_keys = open_case_keys(filing.case_age, [Receipt.parse(code).private_key])
    chain = verify_chain([cast.FIRST], cast.ROOT.public)
    record = EntryRecord("case", 1, "report", None, cast.TODAY, filing.entry1)
    (entry,) = verify_thread([record], case_keys, chain, thread=None)
    assert entry.json() == {
        "language": "sv",
        "answers": {
            "what": "Something.\nIn two lines.",
            "when_where": "In May",
            "how_known": "",
            "ongoing": "yes",
            "topic": "fraud",
        },
        "reporter": {"name": "Eva", "contact": "070-0"},
        "wishes": {"meeting": True},
    }


def test_one_reader_is_asked_about_on_a_terminal(
    folder: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who says no on a terminal has made nothing."""
    monkeypatch.setattr("whistle.cli.reporting._terminal", lambda: True)
    result = run(
        "seal", "--report", "--keys", keys, "-o", folder / "no.whistle", "--on", TODAY,
        "--leave-out", "bo", "--leave-out", "carin", stdin="n\n",
    )  # fmt: skip
    assert result.exit_code == 1
    assert not (folder / "no.whistle").exists()


def test_a_key_that_is_none_is_refused(folder: Path) -> None:
    """The error says what a private key looks like."""
    (folder / "bad.key").write_text(str(PrivateKey.generate().public_key))
    result = run("open", folder / "letter", "--key", folder / "bad.key")
    assert result.exit_code == 1
    assert "AGE-SECRET-KEY-PQ-1" in result.stderr
