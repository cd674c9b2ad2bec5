"""Which door a view stands behind, declared on the view and checked before it runs.

Doors:
* `public`: anybody, nothing private (static files, the signed keyring);
* `reporter`: anybody, without cookie or session; forms of other sites are refused;
* `sign_in`: anybody, with the desk's cookie and CSRF token, because nobody is signed in yet;
* `desk`, `office`: a signed-in person with at least one of the named roles.

A view without a door is refused when the application is made, so none can be forgotten.
Not handled here: which case a person may see (services/access.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from flask import Flask, Request, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from whistle.case.permissions import DESK_ROLES, OFFICE_ROLES, Role
from whistle.errors import ConfigError, DeniedError, NotFoundError, SignInError

DoorName = Literal["public", "reporter", "sign_in", "desk", "office"]
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
WhoIsIn = Callable[[], frozenset[Role] | None]
"""Returns every role of the person signed in with this request, or None: nobody is."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WITH_COOKIE: frozenset[DoorName] = frozenset({"sign_in", "desk", "office"})
SIGNED_IN = DESK_ROLES | OFFICE_ROLES
"""Whoever is signed in, for what belongs to the person: the session, one's own keys."""
ROLES: dict[DoorName, frozenset[Role]] = {
    "public": frozenset(),
    "reporter": frozenset(),
    "sign_in": frozenset(),
    "desk": DESK_ROLES,
    "office": frozenset({Role.OFFICER}),
}
"""The roles that each door lets in when a view names none; none at all means anybody."""


@dataclass(frozen=True)
class Door:
    """What a view declared: its door, and the roles that may pass (empty: anybody)."""

    name: DoorName
    roles: frozenset[Role]


def door(name: DoorName, *, roles: frozenset[Role] | None = None) -> Callable[[View], View]:
    """Declare the door of a view; the innermost decorator, right above `def`."""

    def declare(view: View) -> View:
        view.door = Door(name, ROLES[name] if roles is None else roles)  # type: ignore[attr-defined] # read by door_of
        return view

    return declare


def door_of(view: object) -> Door | None:
    """Return what `view` declared, or None."""
    return getattr(view, "door", None)


def refuse_other_sites(asked: Request) -> None:
    """Refuse a reporter's form that another site sent (protocol section 6).

    Old browsers name neither header; they pass, because nothing is tied to a cookie.

    Raises:
        DeniedError: `cross_site`.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    origin = asked.headers.get("Origin")
    if site not in {None, "same-origin", "none"}:
        raise DeniedError("cross_site")
    if origin == "null":
        if site != "same-origin":
            raise DeniedError("cross_site")
    elif origin is not None and origin != asked.host_url.rstrip("/"):
        raise DeniedError("cross_site")


def install(app: Flask, who: WhoIsIn) -> None:
    """Check every request at its door, with `who` telling whose it is. Call after all views."""
    undeclared = sorted(name for name, view in app.view_functions.items() if not door_of(view))
    if undeclared:
        raise ConfigError(f"no door declared for {', '.join(undeclared)}")
    doors = {door.name for view in app.view_functions.values() if (door := door_of(view))}
    protect = _csrf(app) if doors & WITH_COOKIE else None

    def check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        entered = door_of(current_app.view_functions[request.endpoint])
        if entered is None:
            raise NotFoundError("no_door")
        if entered.name in WITH_COOKIE:
            if protect is not None and request.method not in SAFE:
                protect()
        elif entered.name == "reporter" and request.method not in SAFE:
            refuse_other_sites(request)
        return _role_missing(entered, who) if entered.roles else None

    app.before_request(check)


def _csrf(app: Flask) -> Callable[[], None]:
    """What refuses a request without the CSRF token; loaded only where somebody signs in."""
    from flask_wtf.csrf import CSRFProtect  # noqa: PLC0415 - the reporters' face has no use for it

    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # As long as the sign-in: a form that was open over lunch is not refused.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    protect: Callable[[], None] = CSRFProtect(app).protect
    return protect


def _role_missing(entered: Door, who: WhoIsIn) -> ResponseReturnValue | None:
    roles = who()
    if roles is None:
        if request.path.startswith("/api/"):
            raise SignInError("signed_out")
        return redirect(url_for("desk.sign_in"), 303)
    if not roles & entered.roles:
        raise NotFoundError("unknown")
    return None
