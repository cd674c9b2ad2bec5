"""A server's memory: freed bytes are overwritten, and a request is dropped when it is answered."""

import gc
import os
import sys
import time
import weakref
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from whistle.cli import forgetting


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str], dict[str, str]]]:
    """Programs that would have been started in the place of this one."""
    found: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *what: found.append(what))
    monkeypatch.delenv("PYTHONMALLOC", raising=False)
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    return found


Started = list[tuple[str, list[str], dict[str, str]]]


def test_the_program_begins_again_with_the_allocator(started: Started) -> None:
    """The same program with the same arguments, and two variables more."""
    forgetting.begin_again()
    ((program, arguments, variables),) = started
    assert program == arguments[0] == sys.executable
    assert arguments[1:] == sys.orig_argv[1:]
    assert variables["PYTHONMALLOC"] == "malloc"
    assert variables["GLIBC_TUNABLES"] == forgetting.OVERWRITE
    assert variables["PATH"] == os.environ["PATH"]


def test_it_begins_again_once(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both set there is nothing to do."""
    monkeypatch.setenv("PYTHONMALLOC", "malloc")
    monkeypatch.setenv("GLIBC_TUNABLES", f"glibc.malloc.arena_max=2:{forgetting.OVERWRITE}")
    forgetting.begin_again()
    assert started == []
    assert not gc.isenabled()  # until all is loaded
    gc.enable()


def test_what_an_operator_has_tuned_stays(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours comes after it."""
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    forgetting.begin_again()
    assert started[0][2]["GLIBC_TUNABLES"] == f"glibc.malloc.arena_max=2:{forgetting.OVERWRITE}"


class Brought:
    """Something that a request brought, and that refers to itself."""

    def __init__(self) -> None:
        self.itself = self


def circle() -> weakref.ref[Brought]:
    """One that nobody holds any more."""
    return weakref.ref(Brought())


def goes(seen: weakref.ref[Brought]) -> bool:
    """Whether it is gone after a while."""
    last = time.monotonic() + 20 * forgetting.PAUSE_SECONDS
    while seen() is not None and time.monotonic() < last:
        time.sleep(forgetting.PAUSE_SECONDS / 20)
    return seen() is None


@pytest.fixture(scope="module")
def collecting() -> None:
    """A process in which it is collected."""
    forgetting.start_collecting()


@pytest.fixture
def untidy() -> Iterator[None]:
    """Python tidies up nothing by itself."""
    gc.disable()
    yield
    gc.enable()


def request(method: str, **environ: Any) -> tuple[Any, dict[str, Any]]:
    """A request as gunicorn hands it over."""
    return SimpleNamespace(method=method, headers=[("USER-AGENT", "x")]), environ


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_headers_and_address_are_dropped(method: str) -> None:
    """Also where nothing else was brought."""
    urlsplit("https://site.example/en/kanarie")
    asked, environ = request(method, HTTP_USER_AGENT="x", PATH_INFO="/en/kanarie")
    forgetting.forget(None, asked, environ, None)
    assert (environ, asked.headers) == ({}, [])
    assert urlsplit.cache_info().currsize == 0  # type: ignore[attr-defined] # it is a cached function


@pytest.mark.parametrize(
    ("method", "headers"), [("POST", {}), ("PUT", {}), ("GET", {"HTTP_AUTHORIZATION": "Bearer x"})]
)
@pytest.mark.usefixtures("collecting", "untidy")
def test_what_holds_itself_is_collected(method: str, headers: dict[str, str]) -> None:
    """Where a body or a token came, nothing waits for Python to tidy up some time."""
    for _ in range(2):  # the second within the pause
        seen = circle()
        asked, environ = request(method, **headers)
        forgetting.forget(None, asked, environ, None)
        assert goes(seen)


@pytest.mark.usefixtures("collecting", "untidy")
def test_of_a_mere_look_nothing_is_collected() -> None:
    """Its headers are gone; a collection would cost more than the page."""
    seen = circle()
    asked, environ = request("GET")
    forgetting.forget(None, asked, environ, None)
    time.sleep(2 * forgetting.PAUSE_SECONDS)
    assert seen() is not None


def test_what_is_there_at_the_start_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting then costs what requests bring, not the whole program."""
    done: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    gc.disable()
    forgetting.settle()
    assert done == ["freeze"]
    assert gc.isenabled()
