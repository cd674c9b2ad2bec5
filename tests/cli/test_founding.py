"""`whistle init` and `whistle invite`: an organisation's first day, from the command line."""

import tomllib
from pathlib import Path

import pytest

from tests.cli.organised import as_json, organised, run
from whistle.cli.serve import now
from whistle.config import load
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.signing import SigningKey
from whistle.crypto.sshsig import public_line
from whistle.services.office import joining
from whistle.services.operating.start import start
from whistle.storage.tables import LogEvent

ANSWERS = (
    "--organisation", 'Ex "A" \\ AB',
    "--site-name", "Forms",
    "--desk-address", "https://desk.example.org",
    "--officer", "olle",
    "--officer-name", "Olle Berg",
)  # fmt: skip


def test_a_new_organisation_starts_without_a_keyring(tmp_path: Path) -> None:
    """Settings that load, folders with the right modes, a link that works once."""
    folder = tmp_path / "new"
    made = as_json("init", folder, *ANSWERS)
    settings = load(Path(made["config"]))
    assert settings.organisation == 'Ex "A" \\ AB'
    assert settings.channels[0].name == settings.organisation
    assert (folder / "data").stat().st_mode & 0o777 == 0o700
    assert (folder / "data" / "service.key").stat().st_mode & 0o777 == 0o600
    link, _, token = made["link"].partition("#")
    assert link == "https://desk.example.org/sv/join"
    parts = start(settings, now)
    assert not parts.keyrings.begun
    assert joining.look(parts, b64u_decode(token)).id == "olle"


def test_an_officers_name_that_could_be_anothers_is_told_in_words(tmp_path: Path) -> None:
    """What is wrong with it, and what is left to do."""
    answers = [*ANSWERS[:-1], "Oll\N{CYRILLIC SMALL LETTER IE} Berg"]
    refused = run("init", tmp_path / "new", *answers)
    assert refused.exit_code == 2
    told = " ".join(refused.stderr.split())
    assert "letters of two alphabets that look alike" in told
    assert "The rest is done: whistle invite." in told


def test_every_setting_is_explained(tmp_path: Path) -> None:
    """Each line of the file that sets something says what for."""
    made = as_json("init", tmp_path / "new", *ANSWERS)
    for line in Path(made["config"]).read_text().splitlines():
        if " = " in line and not line.startswith(("# ", "telephone", "post", "meeting")):
            assert " # " in line, line
    assert tomllib.loads(Path(made["config"]).read_text())["languages"] == ["sv", "en"]


def test_where_the_law_gives_no_time_of_keeping_it_is_asked(tmp_path: Path) -> None:
    """Else closed cases would be kept for ever."""
    made = as_json("init", tmp_path / "new", *ANSWERS, "--law", "EU", "--keep-months", "24")
    assert load(Path(made["config"])).channels[0].keep_months == 24


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    """Nothing in it is touched."""
    (tmp_path / "mine").write_text("x")
    refused = run("init", tmp_path, *ANSWERS)
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("other", [("--zone", "Mars/North"), ("--country", "Q1"), ("--law", "EU")])
def test_an_impossible_answer_leaves_nothing(tmp_path: Path, other: tuple[str, str]) -> None:
    """So that the command can be given again."""
    folder = tmp_path / "new"
    assert run("init", folder, *ANSWERS, *other).exit_code == 1
    assert list(folder.iterdir()) == []
    assert run("init", folder, *ANSWERS).exit_code == 0


def test_the_root_can_be_named_at_the_beginning(tmp_path: Path) -> None:
    """From the .pub that ssh-keygen wrote."""
    root = SigningKey.generate()
    (tmp_path / "root.pub").write_text(public_line(root.public, "root"))
    made = as_json("init", tmp_path / "new", *ANSWERS, "--root", tmp_path / "root.pub")
    parts = start(load(Path(made["config"])), now)
    assert parts.keyrings.root == root.public


def test_an_officer_is_invited_later_and_the_token_is_in_no_log(tmp_path: Path) -> None:
    """The act is in the log, what opens the link is not."""
    made, file = organised(tmp_path)
    address = ("--address", "https://desk.example.org")
    told = as_json("invite", "eva", "--name", "Eva Ek", "--config", file, *address)
    token = told["link"].partition("#")[2]
    with made.parts.database.reading() as session:
        written = b"".join(one.payload or b"" for one in session.query(LogEvent))
    assert b"Invited" in written
    assert token.encode() not in written
    refused = run("invite", "eva", "--name", "Eva Ek", "--config", file, *address)
    assert refused.exit_code == 1
    assert run("invite", "eva2", "--name", "E", "--config", file).exit_code == 2
