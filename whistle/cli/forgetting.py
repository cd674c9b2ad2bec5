"""What a request brought is gone from the server's memory once it is answered.

A reporter without scripts sends the text and the receipt code to the server. Python gives freed
memory back as it is, and keeps small pieces in a pool of its own; a copy of the process's memory,
a core file or a swapped page could then show them hours later. So:

* a server runs with the C library's allocator, told to overwrite what is freed (glibc
  only; `PYTHONMALLOC` and `GLIBC_TUNABLES` are read when a program starts, hence a second start);
* after each request its headers and its address are dropped, and after one that brought something
  in, whatever still refers to itself in a circle is collected: at once, and in a rush a fifth of a
  second later for all that came meanwhile. What was made at the start is left out of that.

What this cannot reach: the page while it is made, the kernel's network buffers, a proxy.
"""

import gc
import os
import sys
import time
from collections.abc import MutableMapping
from threading import Event, Thread
from typing import Any
from urllib.parse import clear_cache  # type: ignore[attr-defined] # there, and not in its stubs

OVERWRITE = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
"""Freed bytes become another value; without the small caches that would escape it."""
QUIET = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that bring nothing in but their headers."""
PAUSE_SECONDS = 0.2
"""Between two collections: each costs a millisecond, as much as many an answer."""

_brought = Event()


def begin_again() -> None:
    """Start this program anew with an allocator that overwrites, unless it has one already.

    What is loaded after that is there to stay: nothing is collected until `settle`.
    """
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    if os.environ.get("PYTHONMALLOC") == "malloc" and OVERWRITE in tunables:
        gc.disable()
        return
    together = f"{tunables}:{OVERWRITE}" if tunables else OVERWRITE
    changed = {**os.environ, "PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": together}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], changed)  # noqa: S606 - ourselves


def settle() -> None:
    """Take what is there now out of every later collection; call when the application is made."""
    gc.freeze()
    gc.enable()


def start_collecting() -> None:
    """Collect in a thread of this process what requests leave behind; call in each worker."""
    Thread(target=_collect, name="forgetting", daemon=True).start()


def _collect() -> None:
    while _brought.wait():
        _brought.clear()
        gc.collect()
        time.sleep(PAUSE_SECONDS)


def forget(_worker: Any, asked: Any, environ: MutableMapping[str, Any], _answer: Any) -> None:
    """Drop what a request brought; gunicorn calls this when it is answered (`post_request`)."""
    bearing = asked.method not in QUIET or "HTTP_AUTHORIZATION" in environ
    environ.clear()
    asked.headers.clear()
    clear_cache()  # urllib keeps the last addresses that it took apart
    if bearing:
        _brought.set()
