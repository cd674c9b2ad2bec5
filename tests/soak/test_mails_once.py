"""Two machines send the mail and are killed again and again: each is received once.

A process that is killed between the server's answer and its own note of it sends that one mail
again, under the same Message-ID; so there are at most as many repeats as there were kills.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cli.organised import organised
from tests.notify.post_office import HOST, PostOffice, open_office
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from tests.soak.machines import MACHINES, run, side_by_side
from whistle.services.upkeep import telling
from whistle.storage.tables import Notice, Person

MAIL = '[mail]\nhost = "{host}"\nport = {port}\nsecurity = "none"\nsender = "forms@example.org"'
LONGEST_WAIT = timedelta(days=1)


def _told(organisation: Organisation, people: int) -> None:
    """Let so many people have something to be told."""
    with organisation.parts.database.writing() as session:
        for at in range(people):
            name = f"person{at}"
            session.add(
                Person(
                    id=name,
                    mail=f"{name}@example.org",
                    one_time_secret="x",
                    key_file=b"",
                )
            )
            telling.tell(session, organisation.parts, name, due_on=clock.day("2026-12-01"))


def _send(toml: Path, at: datetime, moments: list[float | None]) -> int:
    """Start a machine that sends, again after each kill; return how often it was killed."""
    later = [at + timedelta(minutes=turn) for turn in range(len(moments))]
    return sum(
        run(toml, when.isoformat(), "mail", seconds=moment)
        for when, moment in zip(later, moments, strict=True)
    )


def _waiting(organisation: Organisation) -> int:
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


def _each_once(folder: Path, office: PostOffice, people: int, kills: int, seed: int) -> int:
    """Send to so many people with so many kills a machine; return the kills that hit."""
    organisation, toml = organised(folder, MAIL.format(host=HOST, port=office.port))
    _told(organisation, people)
    chance = random.Random(seed)  # noqa: S311 - no secret
    at = telling.next_batch(organisation.parts) + telling.JITTER
    killed = side_by_side(lambda: _send(toml, at, [chance.uniform(0, 0.4) for _ in range(kills)]))
    for _ in range(MACHINES * kills + 1):
        if not _waiting(organisation):
            break
        at += LONGEST_WAIT
        _send(toml, at, [None])
    assert _waiting(organisation) == 0
    received = Counter(str(one["To"]) for one in office.received)
    names = Counter(str(one["Message-ID"]) for one in office.received)
    assert set(received) == {f"person{at}@example.org" for at in range(people)}
    assert len(names) == people
    assert sum(names.values()) - people <= killed
    return killed


def test_each_mail_is_received_once_with_two_machines_killed_at_random(tmp_path: Path) -> None:
    """A real server, eighty people."""
    with open_office() as office:
        _each_once(tmp_path, office, people=80, kills=2, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_and_with_two_thousand_mails_and_forty_kills(tmp_path: Path, seed: int) -> None:
    """The long form."""
    with open_office() as office:
        assert _each_once(tmp_path, office, people=2_000, kills=20, seed=seed) >= 10
