"""An organisation that is founded through its own doors: invited, joined, signed, published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import acts
from tests.organisation import CHEAP_LOG_N, NOON, Organisation, make_settings, site_of
from whistle.config import Settings
from whistle.crypto import passphrase
from whistle.crypto.age import PrivateKey, seal_with_passphrase
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import COSIGN_NAMESPACE, SIGN_NAMESPACE
from whistle.crypto.signing import SigningKey
from whistle.crypto.sshsig import public_line, sign
from whistle.services.office import drafts, joining
from whistle.services.office.rules import Asked
from whistle.services.operating.ceremony import Appointed, Enrolled
from whistle.services.operating.start import start

STEP = timedelta(seconds=30)
"""How long a one-time code lasts: each works once."""


def founded(folder: Path, settings: Settings | None = None) -> Organisation:
    """An organisation on its first day: no keyring, nobody in it."""
    made: list[Organisation] = []
    parts = start(settings or make_settings(folder), lambda: made[0].now if made else NOON)
    people: dict[str, Enrolled] = {}
    made.append(Organisation(parts, site_of(parts), SigningKey.generate(), people))
    return made[0]


def asked(person_id: str, *, office: str | None = None, **channels: str) -> Asked:
    """Whom to invite, with a name made of the id."""
    return Asked(person_id, person_id.capitalize() + " Name", "Handler", channels, office)


@dataclass(frozen=True)
class Joiner:
    """A browser with an invitation; its key is made before the first request."""

    organisation: Organisation
    token: str
    client: FlaskClient
    csrf: str
    key: PrivateKey = field(default_factory=PrivateKey.generate)
    words: str = field(default_factory=passphrase.generate)

    def ask(self, path: str, **body: Any) -> TestResponse:
        """Post as the join page's script does."""
        return self.client.post(
            f"/api/v1/join/{path}",
            json={"token": self.token, **body},
            base_url=acts.SITE,
            headers={"X-CSRFToken": self.csrf, "Referer": f"{acts.SITE}/en/join", **acts.ORIGIN},
        )

    def keys(self, **other: Any) -> dict[str, Any]:
        """What the browser gives."""
        file = seal_with_passphrase(f"{self.key}\n".encode(), self.words, log_n=CHEAP_LOG_N)
        made = Enrolled(Appointed("x", "x", "x", {}), self.key, "", "", file)
        return {
            "age": b64u(self.key.public_key.raw),
            "sign": b64u(made.signing_key.public),
            "key_file": b64u(file),
            **other,
        }

    def give(self, **other: Any) -> TestResponse:
        """Give the keys."""
        return self.ask("keys", **self.keys(**other))

    def finish(self, secret: str, given: Mapping[str, Any], who: Asked) -> None:
        """Confirm with the first code, and be somebody of the organisation."""
        code = pyotp.TOTP(secret).at(self.organisation.now)
        done = self.ask("confirmation", code=code)
        assert done.status_code == 204, done.get_json()
        file = given["key_file"].encode()
        appointed = Appointed(who.id, who.name, who.role_text, who.channels)
        people = self.organisation.people
        assert isinstance(people, dict)
        people[who.id] = Enrolled(appointed, self.key, self.words, secret, file)


def joiner(organisation: Organisation, token: str) -> Joiner:
    """A browser that has the join page open."""
    client = organisation.app.test_client()
    page = client.get("/en/join", base_url=acts.SITE).text
    return Joiner(organisation, token, client, page.split('data-token="')[1].split('"')[0])


def join(organisation: Organisation, who: Asked, by: str = "operator") -> Joiner:
    """Invite somebody and let them join."""
    one = joiner(organisation, joining.invite(organisation.parts, who, by))
    keys = one.keys()
    told = one.ask("keys", **keys)
    assert told.status_code == 201, told.get_json()
    one.finish(told.get_json()["secret"], keys, who)
    return one


@dataclass(frozen=True)
class Office:
    """An officer's or auditor's browser, signed in."""

    desk: acts.Desk

    def get(self, path: str = "") -> TestResponse:
        """Open a page of the office."""
        return self.desk.client.get(f"/en/office{path}", base_url=acts.SITE)

    def post(self, path: str, **data: Any) -> TestResponse:
        """Send a form of the office."""
        return self.desk.client.post(
            f"/en/office{path}",
            data={"csrf_token": self.desk.csrf, **data},
            base_url=acts.SITE,
            headers={"Referer": f"{acts.SITE}/en/office", **acts.ORIGIN},
        )


def office(organisation: Organisation, person_id: str = "olle") -> Office:
    """Sign somebody of the office in."""
    organisation.now += STEP
    return Office(acts.sign_in(organisation, person_id))


def take_out(at: Office, person_id: str) -> TestResponse:
    """Take somebody out, with every tick that the page could ask for."""
    return at.post(f"/people/{person_id}/revocation", sure="yes", closes="yes")


def draft(at: Office) -> tuple[bytes, str]:
    """The bytes that the office gives to sign, and the hash that the page was made for."""
    page = at.get("/keys").text
    shown = page.split('name="sha256" value="')[1].split('"')[0]
    return at.get("/keys/draft").data, shown


def root_signs(organisation: Organisation, at: Office) -> TestResponse:
    """Sign the draft with the root key, offline, and give the signature."""
    file, shown = draft(at)
    return at.post("/keys/signature", sha256=shown, signature=by_root(organisation, file))


def by_root(organisation: Organisation, file: bytes) -> str:
    """The root's signature over a file."""
    return sign(organisation.root, SIGN_NAMESPACE, file)


def by_handler(organisation: Organisation, handler_id: str, file: bytes) -> str:
    """A handler's second signature over a file."""
    return sign(organisation.people[handler_id].signing_key, COSIGN_NAMESPACE, file)


def prepare(organisation: Organisation, at: Office, **form: Any) -> TestResponse:
    """Ask for a draft, its day of issue today."""
    return at.post("/keys/next/draft", issued_on=acts.today(organisation).isoformat(), **form)


def publish(at: Office) -> TestResponse:
    """Publish the draft that the page shows."""
    return at.post("/keys/publication", sha256=draft(at)[1])


def opened(folder: Path, settings: Settings | None = None) -> tuple[Organisation, Office]:
    """An organisation with an officer and two handlers, its first keyring published."""
    organisation = founded(folder, settings)
    join(organisation, asked("olle", office="officer"))
    at = office(organisation)
    line = public_line(organisation.root.public, "root")
    assert at.post("/keys/root", root=line).status_code == 303
    for one in ("anna", "bo"):
        join(organisation, asked(one, main="handler"), "olle")
    prepared = prepare(organisation, at, add=["anna", "bo"])
    assert prepared.status_code == 303, prepared.text
    assert root_signs(organisation, at).status_code == 303
    assert publish(at).status_code == 303
    return organisation, at


def drafts_cosign(organisation: Organisation, who: str, shown: str, cosignature: str) -> None:
    """A handler's browser gives its signature over the draft."""
    handler = acts.handler(organisation, who)
    drafts.cosign(organisation.parts, handler, bytes.fromhex(shown), cosignature)
