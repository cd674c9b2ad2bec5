"""Making a report on a machine of one's own: `whistle seal --report`.

The keyring is verified under the root key in the folder, whose phrase is shown, so that it can be
compared with the organisation's poster: that is the only way to know whose keys they are.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click

from whistle.cli.files import write_new
from whistle.crypto import strictjson
from whistle.crypto.filing import make_filing, split_readers
from whistle.crypto.keyring import HandlerKey, Keyring, phrase, verify_chain
from whistle.crypto.receipt import Receipt
from whistle.errors import FilingError
from whistle.services.reporting.visible import is_blank
from whistle.storage.keys_dir import load_keys_dir

_JSON_BYTES_MAX = 256 * 1024
TOPICS = (
    "procurement",
    "finance",
    "safety",
    "environment",
    "privacy",
    "discrimination",
    "harassment",
    "fraud",
    "other",
    "unknown",
)
EXAMPLE = """{
  "language": "en",
  "answers": {
    "what": "The exit is locked at night.",
    "when_where": "Hall 2, since May",
    "ongoing": "yes",
    "topic": "safety",
    "how_known": "I work there."
  },
  "reporter": {"name": "Eva Ek", "contact": "070-000 00 00"},
  "wishes": {"meeting": false}
}"""
"""One whole report as JSON, shown by --help. Only `language` and `answers.what` must be there."""
_QUESTIONS = (
    ("when_where", "When and where? (may stay empty)"),
    ("how_known", "How do you know? (may stay empty)"),
)


@dataclass(frozen=True)
class Asked:
    """What the options say."""

    channel: str | None
    leave_out: tuple[str, ...]
    no_recovery: bool
    no_acknowledgement: bool
    yes: bool
    on: dt.date
    as_json: bool

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the options as they were given; the date is today's unless one is."""
        on = options["on"]
        return cls(**{**options, "on": on.date() if on else dt.datetime.now().astimezone().date()})


def make_report(folder: Path, file: Path, output: Path, asked: Asked) -> None:
    """Ask for a report or read it, seal it, write it, and print the receipt code.

    Raises:
        WhistleError: the keyring does not verify, or the report cannot be sealed.
        FileExistsError: the output is there already.
    """
    root, chain = load_keys_dir(folder)
    keyring = verify_chain(chain, root).effective(asked.on)
    if keyring.state(asked.on) == "closed":
        raise click.ClickException(
            "The keyring ran out more than 60 days ago. Fetch the newest, or report another way."
        )
    channel = _channel(keyring, asked.channel)
    _, kept = split_readers(keyring, channel, asked.leave_out, asked.on)
    if not kept:
        raise FilingError("no_readers")
    # Read first what is read: a fault in the file is told before anything is asked.
    written = None if str(file) == "-" and _terminal() else _read(file)
    _confirm(kept, phrase(root), asked)
    body = _interview() if written is None else written
    receipt = Receipt.generate()
    filing = make_filing(
        receipt,
        keyring,
        channel,
        body,
        asked.leave_out,
        waive_ack=asked.no_acknowledgement,
        made="cli",
        on=asked.on,
        leave_out_recovery=asked.no_recovery,
    )
    write_new(output, [filing.to_bytes()], secret=True)
    _tell(receipt, output, kept, as_json=asked.as_json)


def _channel(keyring: Keyring, name: str | None) -> str:
    """Return the channel that was asked for, or the only one."""
    channels = keyring.channels()
    if name is None and len(channels) == 1:
        return channels[0]
    if name not in channels:
        raise click.UsageError(f"Choose --channel: {', '.join(channels)}.")
    return name


def _confirm(kept: tuple[HandlerKey, ...], words: list[str], asked: Asked) -> None:
    """Show whose keys these are and who would read; ask when it is one person."""
    click.echo(f"Root key: {' '.join(words)}", err=True)
    click.echo("Compare these words with the organisation's poster.", err=True)
    for handler in kept:
        click.echo(f"Will be able to read it: {handler.name}, {handler.role_text}", err=True)
    if asked.no_acknowledgement:
        click.echo(
            "You ask for no acknowledgement. Where the channel's law knows no such wish, receipt "
            "is acknowledged all the same.",
            err=True,
        )
    if len(kept) == 1 and not asked.yes:
        if not _terminal():
            raise click.UsageError("One person alone will read this. Give --yes to confirm it.")
        click.confirm("One person will read this. Go on?", abort=True, err=True)


def _read(file: Path) -> dict[str, Any]:
    """Return the report that a file or standard input holds as JSON."""
    with click.open_file(str(file), "rb") as source:
        text = source.read()
    try:
        body = _completed(strictjson.parse(text, _JSON_BYTES_MAX, FilingError))
        _name_what_is_wrong(body)
        return check_body(body)
    except FilingError as error:
        raise click.ClickException(
            f"The report is not JSON of the form that --help shows. [{error.reason}]"
        ) from error


def _completed(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with what may be left out put in: no answer, no name, no wish.

    Raises:
        ClickException: a key that must be there is missing, and which.
    """
    answers = body.get("answers", {})
    if not isinstance(answers, dict):
        return body
    for there, key in (("language" in body, "language"), ("what" in answers, "answers.what")):
        if not there:
            raise click.ClickException(f'The report lacks the key "{key}". --help shows one.')
    reporter = body.get("reporter")
    if isinstance(reporter, dict):
        reporter = {"name": "", "contact": ""} | reporter
        if all(is_blank(str(one)) for one in reporter.values()):
            raise click.ClickException(
                '"reporter" needs a "name" or a "contact"; leave it out to stay unnamed.'
            )
    wishes = body.get("wishes", {})
    if isinstance(wishes, dict):
        wishes = {"meeting": False} | wishes
    nothing = dict.fromkeys(("when_where", "ongoing", "topic", "how_known"), "")
    return body | {"answers": nothing | answers, "reporter": reporter, "wishes": wishes}


_TEXT = "a text in quotation marks"
_ALLOWED: Mapping[str, Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "": {
        "language": (lambda one: one in ("sv", "en"), "sv or en"),
        "answers": (lambda one: isinstance(one, dict), "an object in braces"),
        "reporter": (lambda one: one is None or isinstance(one, dict), "an object, or null"),
        "wishes": (lambda one: isinstance(one, dict), "an object in braces"),
    },
    "answers": {
        "what": (
            lambda one: isinstance(one, str) and not is_blank(one),
            "a text of one letter or more",
        ),
        "when_where": (lambda one: isinstance(one, str), _TEXT),
        "how_known": (lambda one: isinstance(one, str), _TEXT),
        "ongoing": (lambda one: one in ("yes", "no", "unknown", ""), "yes, no or unknown"),
        "topic": (lambda one: one in (*TOPICS, ""), ", ".join(TOPICS)),
    },
    "reporter": {
        "name": (lambda one: isinstance(one, str), _TEXT),
        "contact": (lambda one: isinstance(one, str), _TEXT),
    },
    "wishes": {"meeting": (lambda one: isinstance(one, bool), "true or false")},
}
"""For each key of a report what is allowed there, in words, by the object in which it stands."""


def _name_what_is_wrong(body: Mapping[str, Any]) -> None:
    """Tell which key of a report is unknown or has a value that it cannot have, and which it can.

    Raises:
        ClickException: the first such key.
    """
    for inside, keys in _ALLOWED.items():
        found = body.get(inside) if inside else body
        for key, value in (found or {}).items():
            name = f"{inside}.{key}" if inside else key
            if key not in keys:
                raise click.ClickException(f'The report has a key "{name}" that none has.')
            fits, allowed = keys[key]
            if not fits(value):
                raise click.ClickException(f'"{name}" is not right. Allowed: {allowed}.')


def check_body(body: dict[str, Any]) -> dict[str, Any]:
    """Return a report's body, every key of it there and of its form.

    Raises:
        FilingError: a reason of `strictjson`.
    """
    fields = strictjson.Fields(body, FilingError)
    fields.one_of("language", ("sv", "en"))
    answers = fields.inner("answers")
    texts = [answers.take(name) for name in ("what", "when_where", "how_known")]
    answers.one_of("ongoing", ("yes", "no", "unknown", ""))
    answers.one_of("topic", (*TOPICS, ""))
    answers.end()
    if not fields.absent("reporter"):
        reporter = fields.inner("reporter")
        texts += [reporter.take("name"), reporter.take("contact")]
        reporter.end()
    wishes = fields.inner("wishes")
    wishes.boolean("meeting")
    wishes.end()
    fields.end()
    if not all(isinstance(text, str) for text in texts) or is_blank(texts[0]):
        raise FilingError("value")
    return body


def _interview() -> dict[str, Any]:
    """Ask question by question."""
    what = _ask("What has happened?")
    while is_blank(what):
        what = _ask("A few words at least. What has happened?")
    answers = {"what": what} | {name: _ask(question) for name, question in _QUESTIONS}
    choices = click.Choice(("yes", "no", "unknown"))
    answers["ongoing"] = click.prompt("Is it still going on?", type=choices, default="unknown")
    answers["topic"] = click.prompt("Topic", type=click.Choice(TOPICS), default="unknown")
    name = click.prompt("Your name (empty: stay unnamed)", default="", show_default=False)
    reporter = None
    if not is_blank(name):
        contact = click.prompt("How to reach you", default="", show_default=False)
        reporter = {"name": name, "contact": contact}
    meeting = click.confirm("Do you want to meet in person?", default=False)
    language = click.prompt("Language of the answers", type=click.Choice(("sv", "en")))
    return {
        "language": language,
        "answers": answers,
        "reporter": reporter,
        "wishes": {"meeting": meeting},
    }


def _terminal() -> bool:
    """Say whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def _ask(question: str) -> str:
    """Return an answer of one or more lines, ended by an empty one."""
    click.echo(f"{question} An empty line ends the answer.")
    lines = []
    while line := sys.stdin.readline().rstrip("\n"):
        lines.append(line)
    return "\n".join(lines)


def _tell(receipt: Receipt, output: Path, kept: tuple[HandlerKey, ...], *, as_json: bool) -> None:
    """Print the receipt code and what to do with it."""
    if as_json:
        facts = {
            "receipt": str(receipt),
            "file": str(output),
            "readers": [handler.id for handler in kept],
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"Receipt code: {receipt}")
    click.echo("Write it down. With it you read the answers; nobody can give it to you again.")
    click.echo(f"Sealed report: {output}. Nothing is sent yet: hand it in on the report page.")
