"""The language of a page stands in its address: /en/…, /sv/….

No cookie remembers it. An address without a language is sent to the best one by what the browser
asks for; when that tells nothing, to the organisation's first.
"""

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, g, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from whistle.wording import LANGUAGES, Wording, wording


def prefix(languages: Sequence[str]) -> str:
    """Return the URL prefix under which the pages' blueprints are registered."""
    return f"/<any({', '.join(languages)}):language>"


def best(languages: Sequence[str]) -> str:
    """Return the one of `languages` that this request's browser asks for, or the first."""
    return request.accept_languages.best_match(languages) or languages[0]


def words() -> Wording:
    """Return the sentences in the language of this request."""
    return wording(g.language)


def install(app: Flask, languages: Sequence[str]) -> None:
    """Let addresses and templates of `app` know the language."""

    @app.url_value_preprocessor
    def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.language = (values or {}).pop("language", None) or _of_path(languages)

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        expected = current_app.url_map.is_endpoint_expecting(endpoint, "language")
        if expected and "language" not in values:
            values["language"] = g.language

    @app.before_request
    def to_prefix() -> ResponseReturnValue | None:
        return _to_prefix(languages)

    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        gettext=lambda sentence: words().gettext(sentence),
        ngettext=lambda one, many, count: words().ngettext(one, many, count),
        newstyle=True,
    )
    env.filters["date"] = lambda day: words().date(day)
    env.globals["here"] = lambda path: f"/{g.language}{path}"
    env.globals["languages"] = lambda: [
        (code, LANGUAGES[code], _same_page(code)) for code in languages
    ]


def _of_path(languages: Sequence[str]) -> str:
    first = request.path.split("/")[1]
    return first if first in languages else best(languages)


def _same_page(language: str) -> str:
    endpoint, values = request.endpoint, request.view_args or {}
    if endpoint is None or not current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        return f"/{language}/"
    if "GET" not in (request.url_rule.methods or ()):  # type: ignore[union-attr] # it has an endpoint
        return f"/{language}/"
    return url_for(endpoint, **{**values, "language": language})


def _to_prefix(languages: Sequence[str]) -> ResponseReturnValue | None:
    """Redirect an address that exists under a language, and only that."""
    if request.routing_exception is None or request.method not in {"GET", "HEAD"}:
        return None
    target = f"/{best(languages)}{request.path}"
    try:
        # A redirect of the router itself (a missing slash) is refused here with the rest.
        request_ctx.url_adapter.match(target, method="GET")  # type: ignore[union-attr] # set in every request
    except HTTPException:
        return None
    response = redirect(target, 302)
    response.vary.add("Accept-Language")
    return response
