"""The form that prepares the next keyring: who comes, who goes, who does what."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import FilingError, KeyringError, WhistleError
from whistle.services.office import drafts, people
from whistle.services.office import keys as office_keys
from whistle.web.guards import door
from whistle.web.language import words
from whistle.web.office.asked import parts, refusal, who
from whistle.web.office.sentences import ROLES

NAMED = ("in_keyring", "waiting", "no_sign_in")


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/keys/next", view_func=next_keyring)
    pages.add_url_rule("/office/keys/next/draft", view_func=prepare, methods=["POST"])


@door("office")
def next_keyring() -> ResponseReturnValue:
    """Who is in it, who could come in, and what else can change."""
    return _next()


@door("office")
def prepare() -> ResponseReturnValue:
    """Draft the keyring that was asked for."""
    try:
        drafts.prepare(parts(), _wanted(), who())
    except (FilingError, KeyringError) as error:
        return _next(error)
    return redirect(url_for("office.keys"), 303)


def _wanted() -> drafts.Wanted:
    form = request.form
    stay = [one for one in people.everybody(parts()) if _named(one)]
    removed = set(form.getlist("remove"))
    waiting = office_keys.shown(parts()).joined
    joined = {one.person_id for one in waiting if not one.renews}
    leaving = removed - joined
    channels = {}
    for one in stay:
        chosen = _chosen(one)
        if one.id not in removed | joined and chosen != dict(one.channels):
            channels[one.id] = chosen
    try:
        issued_on = date.fromisoformat(form.get("issued_on", ""))
    except ValueError:
        issued_on = date.min
    return drafts.Wanted(
        issued_on=issued_on,
        add=frozenset(set(form.getlist("add")) - leaving),
        remove=frozenset(removed),
        channels=channels,
        recovery=form.get("recovery", "").strip(),
        no_recovery=form.get("no_recovery") == "yes",
        next_root=form.get("next_root", "").strip(),
    )


def _chosen(one: people.Shown) -> dict[str, str]:
    """The channels and roles that the form has for somebody; a missing field changes nothing."""
    found = dict(one.channels)
    for channel in parts().settings.channels:
        found[channel.id] = request.form.get(
            f"role-{one.id}-{channel.id}", found.get(channel.id, "")
        )
    return {channel: role for channel, role in found.items() if role}


def _named(one: people.Shown) -> bool:
    return one.state in NAMED


def _next(error: WhistleError | None = None) -> ResponseReturnValue:
    shown = office_keys.shown(parts())
    rejoined = {one.person_id for one in shown.joined if not one.renews}
    everybody = people.everybody(parts())
    newest = drafts.newest_keyring(parts())
    page = render_template(
        "office/next_keyring.html",
        stay=[one for one in everybody if _named(one) and one.id not in rejoined],
        joined=[one for one in everybody if one.state == "joined" and one.channels],
        renewed={one.person_id: one.words for one in shown.joined if one.renews},
        channels=parts().settings.channels,
        roles=[(code, words().gettext(text)) for code, text in ROLES],
        recovery=newest is not None and newest.recovery is not None,
        today=parts().today(parts().settings.channels[0]).isoformat(),
        again=newest is not None and any(newest.handler(one) for one in rejoined),
        errors=[("next", refusal(error))] if error else [],
    )
    return page, 422 if error else 200
