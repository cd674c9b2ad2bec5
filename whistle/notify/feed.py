"""A handler's own calendar of due dates: neutral titles, whole days, nothing of what they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from whistle.wording import mark, wording

_TITLE = mark("A task in %(site)s")


@dataclass(frozen=True)
class Dated:
    """One due date; `id` tells it from the others and says nothing."""

    id: str
    on: date


def calendar(dates: Iterable[Dated], *, site: str, language: str) -> bytes:
    """Write the calendar (RFC 5545)."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - 3 MB that few processes ever need

    title = wording(language).gettext(_TITLE) % {"site": site}
    made = Calendar()
    made.add("prodid", "-//Whistle//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in dates:
        event = Event()
        event.add("uid", one.id)
        event.add("summary", title)
        event.add("dtstart", one.on)
        # The stamp is the date itself: when it was made is nobody's business.
        event.add("dtstamp", datetime.combine(one.on, time(), UTC))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    written: bytes = made.to_ical()
    return written
