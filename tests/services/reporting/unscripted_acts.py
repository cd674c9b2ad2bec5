"""What a browser without scripts does, and several of them at once."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from tests import acts
from tests.organisation import Organisation
from whistle.services.reporting import unscripted
from whistle.services.reporting.filing import Receipted

TEXT = "The emergency exit is locked."


def send(organisation: Organisation, code: str, *, what: str = TEXT, **choices: Any) -> Receipted:
    """Press the button of the page without scripts."""
    chosen = {"channel": "main", "body": acts.body(what), **choices}
    return unscripted.file_for(organisation.parts, code, **chosen)


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What `act` gives or raises when threads begin it together."""
    results: list[object] = [None] * count
    start = Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[number] = error

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results
