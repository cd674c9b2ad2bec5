"""`whistle serve`: a real process that keeps what it has answered, whatever happens to it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.served import Served
from whistle.cli import main
from whistle.crypto.receipt import Receipt
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Access, Case, CaseKey, Entry, EntrySeal

REPORTS = "/api/v1/reports"


@pytest.fixture
def today(tmp_path: Path) -> Organisation:
    """An organisation whose day is the machine's own, as a real server's is."""
    return make_organisation(tmp_path / "organisation", now=datetime.now(UTC))


@pytest.fixture
def served(today: Organisation, tmp_path: Path) -> Iterator[Served]:
    """The reporters' face of it, served by two workers."""
    server = Served(today, tmp_path / "served", workers=2)
    yield server
    server.stop()


def reports(organisation: Organisation, count: int) -> list[tuple[Receipt, bytes]]:
    """Sealed reports, ready to be posted."""
    receipts = [Receipt.generate() for _ in range(count)]
    return [(one, acts.sealed(organisation, one).to_bytes()) for one in receipts]


def complete(organisation: Organisation) -> int:
    """How many cases there are; each has all that belongs to it, and the file is sound."""
    with organisation.parts.database.reading() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        cases = set(session.scalars(select(Case.id)))
        for table, least in ((CaseKey, 1), (Access, 3), (Entry, 2)):
            found = dict(
                session.execute(select(table.case_id, func.count()).group_by(table.case_id)).all()
            )
            assert set(found) == cases
            assert all(count >= least for count in found.values())
        sealed = session.scalar(select(func.count()).select_from(EntrySeal))
        assert sealed == session.scalar(select(func.count()).select_from(Entry))
        return len(cases)


def test_a_report_is_taken(served: Served, today: Organisation) -> None:
    """Through two workers' real doors, once, whichever of them answers."""
    ((receipt, posted),) = reports(today, 1)
    answers = [served.ask("POST", REPORTS, posted) for _ in range(6)]
    assert sorted(one.status for one in answers) == [200] * 5 + [201]
    assert {one.body for one in answers} == {answers[0].body}
    opened = read_mailbox(today.parts, receipt.mailbox_token)
    assert acts.verified(today, opened, receipt.private_key)[0][0].json() == acts.body()
    assert complete(today) == 1


def test_it_says_once_where_it_is_ready_and_nothing_of_who_came(
    served: Served, today: Organisation
) -> None:
    """Whoever started it sees that it runs, and no secret stands in its log."""
    (_, sealed) = reports(today, 1)[0]
    assert served.ask("POST", REPORTS, sealed).status == 201
    said = served.log.read_text()
    assert said == (
        f"Ready: http://127.0.0.1:{served.port} shows the reporter's face. Ctrl-C stops it.\n"
    )


def test_many_at_once_are_all_kept(served: Served, today: Organisation) -> None:
    """Eight at a time, each three times over and by two processes: one case each, no fault."""
    prepared = reports(today, 16)  # so few that a process that takes them all asks no price
    posted = [one for _, one in prepared] * 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: served.ask("POST", REPORTS, one), posted))
    assert {one.status for one in answers} == {200, 201}
    assert sum(one.status == 201 for one in answers) == 16
    assert complete(today) == 16


def test_other_bytes_at_once_under_one_code_are_one_report(
    served: Served, today: Organisation
) -> None:
    """One is kept, every other is told that it was not."""
    receipt = Receipt.generate()
    posted = [acts.sealed(today, receipt, what=f"Text {one}").to_bytes() for one in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: served.ask("POST", REPORTS, one), posted))
    assert sorted(one.status for one in answers) == [201] + [409] * 7
    assert complete(today) == 1


def test_the_face_that_is_not_shown_is_not_there(served: Served) -> None:
    """A reporters' server knows no route of the desk."""
    assert served.ask("GET", "/en/").status == 200
    for path in ("/en/desk", "/api/v1/desk/session", "/api/v1/desk/cases"):
        assert served.ask("GET", path).status == 404


def test_a_body_in_pieces_has_the_same_limit(served: Served) -> None:
    """Without a length it is read up to the limit, and refused."""
    pieces = (b"x" * 65_536 for _ in range(64))
    try:
        answer = served.ask("POST", REPORTS, pieces)  # type: ignore[arg-type] # http.client takes it
    except (BrokenPipeError, ConnectionResetError):
        return  # refused before all of it was sent
    assert answer.status == 413


def kill_while_filing(organisation: Organisation, folder: Path, rounds: int) -> None:
    """File without pause, kill the server right after an answer, and look what is there."""
    server = Served(organisation, folder, workers=2)
    answered: list[Receipt] = []
    try:
        for number in range(rounds):
            kept = _file_over_a_kill(server, organisation, after=number % 7 + 1)
            answered += kept
            for receipt in kept:
                opened = read_mailbox(organisation.parts, receipt.mailbox_token)
                acts.verified(organisation, opened, receipt.private_key)
            assert complete(organisation) >= len(answered)
    finally:
        server.stop()


def _file_over_a_kill(server: Served, organisation: Organisation, *, after: int) -> list[Receipt]:
    """The codes of the reports that were answered as kept; after so many the server is killed.

    It is started again at once: a request that waits in the socket's queue is then answered.
    """
    kept: list[Receipt] = []
    killed = Event()

    def post(one: tuple[Receipt, bytes]) -> None:
        try:
            answer = server.ask("POST", REPORTS, one[1])
        except (OSError, HTTPException):
            assert killed.is_set()
            return  # killed while it worked: nothing was promised
        assert answer.status == 201
        kept.append(one[0])
        if len(kept) == after:
            killed.set()
            server.kill()
            server.start()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, reports(organisation, 20)))
    assert killed.is_set()
    return kept


def test_what_was_answered_is_there_after_a_kill(today: Organisation, tmp_path: Path) -> None:
    """Kill -9 right after an answer: every report answered is whole, and none is half there."""
    kill_while_filing(today, tmp_path / "served", rounds=5)


@pytest.mark.soak
def test_what_was_answered_is_there_after_many_kills(today: Organisation, tmp_path: Path) -> None:
    """The same two hundred times."""
    kill_while_filing(today, tmp_path / "served", rounds=200)


def test_both_faces_on_one_name_are_refused(tmp_path: Path) -> None:
    """One server shows one face."""
    config = tmp_path / "whistle.toml"
    config.write_text(
        'organisation = "x"\nsite_name = "x"\ndata_dir = "d"\nkeys_dir = "k"\n'
        '[[channels]]\nid = "main"\nname = "x"\n'
    )
    result = CliRunner().invoke(main, ["serve", "--config", str(config)])
    assert result.exit_code == 2
    assert "One server shows one face" in result.output


def test_wrong_settings_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, and exit code 1: no file, a keyring of no root, a law that there is not."""
    monkeypatch.setattr("whistle.cli.forgetting.begin_again", lambda: None)
    config = tmp_path / "whistle.toml"
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "keyring-0001.json").write_text("{}")
    least = (
        'organisation = "x"\nsite_name = "x"\ndata_dir = "d"\nkeys_dir = "k"\nface = "desk"\n'
        '[[channels]]\nid = "main"\nname = "x"\n'
    )
    for content, says in (
        (None, "cannot read"),
        (least, "root.pub"),
        (least + 'law = "XX"\n', "channel main: wrong law"),
    ):
        if content is not None:
            config.write_text(content)
        result = CliRunner().invoke(main, ["serve", "--config", str(config)])
        assert result.exit_code == 1
        assert says in result.output
        assert "Traceback" not in result.output
