"""The headers of every answer: policies as data, one function that lays them on.

Nothing here looks at who asks or what is shown; the anonymous side gets the same bytes as anybody.
"""

from collections.abc import Mapping

from flask import Flask, Response, request

CONTENT_SECURITY: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "worker-src": ("'self'",),
    "connect-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
    "require-trusted-types-for": ("'script'",),
    "trusted-types": ("whistle",),
}
"""Everything comes from this site or not at all. A worker takes its policy from its own file, so
static files carry the same one."""

FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
"""Browser features that no page uses, but for OWN_FEATURES. Writing to the clipboard is left to the
copy button."""

PASSKEYS = frozenset({"publickey-credentials-create", "publickey-credentials-get"})
OWN_FEATURES: Mapping[str, frozenset[str]] = {"desk.sign_in": PASSKEYS}
"""Features that one page uses itself, by its endpoint; no frame in it may, and no other page."""


def features(own: frozenset[str] = frozenset()) -> str:
    """The policy that allows this page alone its `own` features, and nobody the rest."""
    return ", ".join(f"{one}={'(self)' if one in own else '()'}" for one in FEATURES)


ALWAYS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        " ".join((name, *sources)) for name, sources in CONTENT_SECURITY.items()
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": features(),
    # Not no-referrer: browsers would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
PAGE_CACHE = "no-store"
STATIC_CACHE = "public, max-age=31536000, immutable"
"""One year: a static file's name carries its hash, so another content has another name."""
TRANSPORT = "max-age=63072000"
"""Two years of https only (RFC 6797), said over https alone: an onion address has none."""


def lay_on(response: Response) -> Response:
    """Give one answer its headers. Replaces whatever a view set under the same names."""
    there = {name.lower() for name, _ in response.headers}
    for name, value in ALWAYS.items():
        if name.lower() in there:
            del response.headers[name]
        response.headers.add(name, value)
    if own := OWN_FEATURES.get(request.endpoint or ""):
        response.headers["Permissions-Policy"] = features(own)
    if "cache-control" not in there:
        response.headers.add("Cache-Control", PAGE_CACHE)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = TRANSPORT
    return response


def install(app: Flask) -> None:
    """Lay the headers on every answer of `app`, faults included."""
    app.after_request(lay_on)
