"""What an answer costs: statements to the database and hashes, counted and never timed."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event

from tests.organisation import Organisation


@dataclass
class Counted:
    """Statements in order and how many hashes were begun; `values` are left out of comparing."""

    statements: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    values: list[list[object]] = field(default_factory=list, compare=False)


@contextmanager
def counting(organisation: Organisation) -> Iterator[Counted]:
    """Count what is done inside the block."""
    counted = Counted()
    engine = organisation.parts.database.engine

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        counted.statements.append(statement)
        counted.values.append(list(values))

    def begun(_connection: Any) -> None:
        counted.statements.append("BEGIN")

    def spied(name: str, real: Any) -> Any:
        def wrapper(*args: Any, **named: Any) -> Any:
            counted.hashes.append(name)
            return real(*args, **named)

        return wrapper

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begun)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(hashlib, "sha256", spied("sha256", hashlib.sha256))
            patch.setattr(hmac, "digest", spied("hmac", hmac.digest))
            yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begun)
