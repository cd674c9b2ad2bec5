"""A browser without scripts, as far as forms go: read a page's form, fill it in, press a button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

HOME = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
"""What a browser says of a form that this site sent to itself."""


@dataclass
class Form:
    """A form as it would be sent: where to, and its fields in the order of the page."""

    action: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.form: Form | None = None
        self.inside = False
        self.text_of = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the form's own fields, and buttons that name the form from outside."""
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = had.get("id") == self.form_id
            if self.inside:
                self.form = Form(had["action"])
        if self.form is None or not self.inside:
            return
        ticks = had.get("type") in {"checkbox", "radio"}
        named = had.get("name", "")
        if tag == "input" and named and (not ticks or "checked" in had):
            self.form.fields.add(named, had.get("value", ""))
        if tag == "textarea":
            self.text_of = named
            self.form.fields[named] = ""
        if tag == "button":
            self.form.buttons.append(had)

    def handle_data(self, data: str) -> None:
        """A text area's text; the first line end is not part of it (WHATWG HTML 13.2.6.4.7)."""
        if self.text_of and self.form is not None:
            self.form.fields[self.text_of] += data

    def handle_endtag(self, tag: str) -> None:
        """End a text area or the form."""
        if tag == "textarea" and self.text_of and self.form is not None:
            self.form.fields[self.text_of] = self.form.fields[self.text_of].removeprefix("\n")
            self.text_of = ""
        if tag == "form":
            self.inside = False


def form_of(page: TestResponse, form_id: str) -> Form:
    """The form of this id."""
    reader = _Reader(form_id)
    reader.feed(page.text)
    assert reader.form is not None, page.text
    return reader.form


def press(client: FlaskClient, form: Form, address: str = "", **more: str) -> TestResponse:
    """Send a form as the browser does, with a button's name and value and perhaps its address."""
    sent = [*form.fields.items(multi=True), *more.items()]
    return client.post(address or form.action, data=MultiDict(sent), headers=HOME)


def fill(client: FlaskClient, language: str = "en", **answers: str | list[str]) -> TestResponse:
    """Open the report form, answer, and press its button: the check page, or what is wrong."""
    form = form_of(client.get(f"/{language}/report"), "report-form")
    for name, value in answers.items():
        form.fields.setlist(name, [value] if isinstance(value, str) else value)
    return press(client, form)


def send(client: FlaskClient, language: str = "en", **answers: str | list[str]) -> TestResponse:
    """Fill in the form, look at the check page, and press its last button."""
    return press(client, form_of(fill(client, language, **answers), "send-form"))


def code_on(page: TestResponse) -> str:
    """The code that a page carries in a hidden field."""
    return page.text.split('name="code" value="')[1].split('"')[0]
