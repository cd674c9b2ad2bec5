"""`whistle law`: the dates of one case by the law, with the article for each."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from whistle.errors import LawError
from whistle.law import CODES, Deadlines, Facts, Limits, deadlines, limits_for
from whistle.law.explain import LANGUAGES, Step, explain
from whistle.law.moments import Moment, Note, parse_moment
from whistle.law.reading import DEFAULT_ZONE

DATES = (
    "acknowledge_due_on",
    "acknowledge_latest_on",
    "feedback_due_on",
    "feedback_latest_on",
    "erase_by",
)

_GROUND = re.compile(r"[a-z][a-z0-9_-]{0,31}")

_FAULTS: Mapping[str, str] = {
    "country": "The country is not known: give a code such as SE, FI or DE-BY.",
    "other_country": "A national law goes by its own country's holidays: leave --country out.",
    "zone": "The zone is not known: give a name such as Europe/Stockholm.",
    "moment": "Not a date or time: write 2026-11-27, 2026-11-27T10:00 or 2026-11-27T10:00+01:00.",
    "year": "The date is outside the years 2000 to 2099, for which holidays are known.",
    "acknowledged_before_received": "The acknowledgement cannot be before the report was received.",
    "closed_before_received": "The case cannot be closed before the report was received.",
}


@click.command("law")
@click.option(
    "--law",
    "code",
    required=True,
    type=click.Choice(CODES, case_sensitive=False),
    help="SE: the Swedish Act (2021:890). EU: Directive 2019/1937.",
)
@click.option(
    "--received",
    required=True,
    metavar="DATE[THH:MM[OFFSET]]",
    help="When the system accepted the report; without an offset, local time.",
)
@click.option("--country", help="Whose public holidays count under EU law.  [default: SE]")
@click.option("--zone", default=DEFAULT_ZONE, show_default=True, help="Whose dates count.")
@click.option("--acknowledged", metavar="DATE", help="When receipt was acknowledged.")
@click.option("--waived", is_flag=True, help="The reporter wanted no acknowledgement.")
@click.option("--withheld", metavar="CODE", help="Why it was withheld, such as: identity.")
@click.option("--closed", metavar="DATE", help="When the case was closed.")
@click.option("--explain", "explained", is_flag=True, help="Say how each date came about.")
@click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(LANGUAGES),
    help="The language of --explain.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def law(*, lang: str, explained: bool, as_json: bool, **asked: Any) -> None:
    """Print the dates that the law sets for a case.

    With --json, "certainty" says of each date how surely its rule is known: v, read in the law's
    own text; s, from another's account of it; m, from memory; i, our own reading, where the law is
    silent.
    """
    try:
        country = asked["country"] and asked["country"].upper()
        limits = limits_for(asked["code"], country=country, zone=asked["zone"])
        received = parse_moment(asked["received"], limits.zone)
        facts = _facts(received.on, limits, asked)
        dates = deadlines(limits, facts)
        steps = explain(limits, facts, lang) if explained else ()
    except LawError as error:
        raise click.UsageError(_FAULTS[error.reason]) from error
    notes = _notes(received, limits)
    if as_json:
        shown = _as_json(limits, facts, dates, notes)
        if explained:
            shown["explanation"] = [
                {"about": one.about, "code": one.code, "sentence": one.sentence} for one in steps
            ]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_text(limits, facts, dates, notes, steps)))


def _facts(received_on: date, limits: Limits, asked: Mapping[str, Any]) -> Facts:
    withheld = asked["withheld"]
    if withheld is not None and (not _GROUND.fullmatch(withheld) or withheld == "waived"):
        raise click.BadParameter("a short code such as identity", param_hint="--withheld")
    return Facts(
        received_on=received_on,
        acknowledged_on=_day(asked["acknowledged"], limits),
        waived=asked["waived"],
        withheld=withheld,
        closed_on=_day(asked["closed"], limits),
    )


def _day(text: str | None, limits: Limits) -> date | None:
    return None if text is None else parse_moment(text, limits.zone).on


def _notes(received: Moment, limits: Limits) -> list[str]:
    if received.note is Note.SKIPPED and received.at is not None:
        read = f"{received.at:%Y-%m-%d %H:%M}"
        return [f"The clocks in {limits.zone.key} skipped that time; it is read as {read}."]
    if received.note is Note.TWICE:
        return [f"That time came twice in {limits.zone.key}; the date is the same."]
    return []


def _as_json(limits: Limits, facts: Facts, dates: Deadlines, notes: list[str]) -> dict[str, Any]:
    return {
        "law": limits.law.code,
        "country": limits.calendar.country,
        "zone": limits.zone.key,
        "received_on": facts.received_on.isoformat(),
        "acknowledged_on": _iso(facts.acknowledged_on),
        "closed_on": _iso(facts.closed_on),
        **{name: _iso(getattr(dates, name)) for name in DATES},
        "basis": {name: dates.basis[name].citation for name in DATES},
        "certainty": {name: dates.basis[name].certainty.value for name in DATES},
        "not_recognised": [
            {"code": one.code, "basis": one.source.citation} for one in dates.not_recognised
        ],
        "notes": notes,
        "rules": limits.version,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _as_text(
    limits: Limits, facts: Facts, dates: Deadlines, notes: list[str], steps: tuple[Step, ...]
) -> list[str]:
    lines = [limits.law.name, f"{'received_on':<23}{facts.received_on}  {limits.zone.key}"]
    for name in DATES:
        day = _iso(getattr(dates, name)) or "none"
        lines.append(f"{name:<23}{day:<10}  {dates.basis[name].citation}")
    lines += [
        f"{one.code} is not recognised by this law; it changes no date."
        for one in dates.not_recognised
    ]
    return lines + notes + ([""] if steps else []) + [one.sentence for one in steps]
