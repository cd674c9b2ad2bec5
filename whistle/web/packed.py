"""An answer in gzip form, for answers that are the same for everybody.

Only those: in a page that holds a code beside a text, the packed size could tell of either. The
desk's document holds a CSRF token, but nothing beside it that a request could choose.
"""

import gzip

from flask import Response, current_app, request


def packed(page: str, mimetype: str = "text/html") -> Response:
    """Return the page, packed when the browser takes it (RFC 9110 section 8.4.1.3)."""
    small = request.accept_encodings.quality("gzip") > 0
    data = page.encode()
    response = current_app.make_response(gzip.compress(data, mtime=0) if small else data)
    response.mimetype = mimetype
    if small:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
