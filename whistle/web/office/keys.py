"""The keys: what is in force, what waits, the root key's phrase, and publishing what is signed."""

from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import (
    ConflictError,
    DeniedError,
    FilingError,
    KeyringError,
    NotFoundError,
    WhistleError,
)
from whistle.services.office import drafts
from whistle.services.office import keys as office_keys
from whistle.web.guards import door
from whistle.web.office.asked import parts, refusal, who
from whistle.web.office.sentences import CHANGES, KEYRING_STATES, ROLE_NAMES

SIGNATURE_CHARS_MAX = 2_000


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/keys", view_func=keys)
    pages.add_url_rule("/office/keys/poster", view_func=poster)
    pages.add_url_rule("/office/keys/draft", view_func=draft)
    pages.add_url_rule("/office/keys/draft/<which>", view_func=signature)
    pages.add_url_rule("/office/keys/root", view_func=root, methods=["POST"])
    pages.add_url_rule("/office/keys/signature", view_func=sign, methods=["POST"])
    pages.add_url_rule("/office/keys/publication", view_func=publish, methods=["POST"])
    pages.add_url_rule("/office/keys/discarding", view_func=discard, methods=["POST"])


@door("office")
def keys() -> ResponseReturnValue:
    """What counts, what waits, and what is being prepared, in words."""
    return _keys()


@door("office")
def poster() -> ResponseReturnValue:
    """The root key's phrase, to print and put on a wall."""
    return render_template("office/poster.html", keys=office_keys.shown(parts()))


@door("office")
def draft() -> ResponseReturnValue:
    """The exact bytes to sign."""
    found = office_keys.draft_file(parts())
    if found is None:
        raise NotFoundError("unknown")
    return _download(found[1], f"keyring-{found[0]:04}.json")


@door("office")
def signature(which: str) -> ResponseReturnValue:
    """A signature of the draft, for an operator who publishes on the command line."""
    found = office_keys.draft_signatures(parts())
    texts = {"sig": found[1], "cosig": found[2]} if found else {}
    text = texts.get(which)
    if found is None or text is None:
        raise NotFoundError("unknown")
    return _download(text.encode(), f"keyring-{found[0]:04}.json.{which}")


@door("office")
def root() -> ResponseReturnValue:
    """Keep the root's public line, before the first keyring."""
    try:
        drafts.name_root(parts(), request.form.get("root", ""), who())
    except (FilingError, DeniedError) as error:
        return _keys("root", error)
    return redirect(url_for("office.keys"), 303)


@door("office")
def sign() -> ResponseReturnValue:
    """Keep the root's signature over the draft that was shown."""
    file = request.files.get("file")
    text = file.read().decode("ascii", errors="replace") if file else ""
    given = (text or request.form.get("signature", "")).replace("\r\n", "\n")
    try:
        drafts.sign(parts(), _shown(), given[:SIGNATURE_CHARS_MAX], who())
    except (ConflictError, KeyringError) as error:
        return _keys("signature", error)
    return redirect(url_for("office.keys"), 303)


@door("office")
def publish() -> ResponseReturnValue:
    """Publish the draft that was shown."""
    try:
        drafts.publish(parts(), _shown(), who())
    except (ConflictError, KeyringError, DeniedError) as error:
        return _keys("publication", error)
    return redirect(url_for("office.keys"), 303)


@door("office")
def discard() -> ResponseReturnValue:
    """Throw the draft away."""
    try:
        drafts.discard(parts(), _shown(), who())
    except ConflictError as error:
        return _keys("publication", error)
    return redirect(url_for("office.keys"), 303)


def _shown() -> bytes:
    """The hash of the draft that the form was made for."""
    try:
        return bytes.fromhex(request.form.get("sha256", ""))
    except ValueError:
        return b""


def _download(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(
        BytesIO(data),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name,
        etag=False,
    )


def _keys(field: str = "", error: WhistleError | None = None) -> ResponseReturnValue:
    errors = [(field, refusal(error))] if error else []
    page = render_template(
        "office/keys.html",
        keys=office_keys.shown(parts()),
        changes=CHANGES,
        keyring_states=KEYRING_STATES,
        role_names=ROLE_NAMES,
        channel_names={one.id: one.name for one in parts().settings.channels},
        keys_dir=parts().settings.keys_dir,
        errors=errors,
        problem=dict(errors),
    )
    return page, 422 if error else 200
