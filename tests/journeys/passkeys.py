"""An authenticator in the browser, made by the DevTools protocol, and everything that was sent."""

import json
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page, Request

SPY = """
const shown = [];
for (const name of ["create", "get"]) {
  const real = navigator.credentials[name].bind(navigator.credentials);
  navigator.credentials[name] = async (asked) => {
    const made = await real(asked);
    const first = made.getClientExtensionResults().prf?.results?.first;
    if (first) shown.push(Array.from(new Uint8Array(first)));
    return made;
  };
}
Object.defineProperty(window, "secretsShown", { get: () => shown });
"""
"""Notes what an authenticator has told the page, as only the page can see it."""


@dataclass
class Authenticator:
    """One that somebody always touches and is always verified by."""

    page: Page
    cdp: CDPSession
    id: str
    posted: list[str] = field(default_factory=list)

    @classmethod
    def plugged_into(cls, page: Page, *, prf: bool = True, **options: Any) -> "Authenticator":
        """Give a page's browser an authenticator, with or without a secret (PRF)."""
        page.add_init_script(SPY)
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable", {"enableUI": False})
        made = cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                    "hasPrf": prf,
                    **options,
                }
            },
        )
        one = cls(page, cdp, made["authenticatorId"])
        page.on("request", one._note)
        return one

    @property
    def credentials(self) -> list[dict[str, Any]]:
        """What it holds."""
        asked = {"authenticatorId": self.id}
        found: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", asked)["credentials"]
        return found

    @property
    def secrets(self) -> list[bytes]:
        """What it has told the page."""
        return [bytes(one) for one in self.page.evaluate("window.secretsShown")]

    def verify(self, *, user: bool) -> None:
        """Let the finger be the right one, or not."""
        asked = {"authenticatorId": self.id, "isUserVerified": user}
        self.cdp.send("WebAuthn.setUserVerified", asked)

    def unplug(self) -> None:
        """Take it away."""
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def _note(self, request: Request) -> None:
        self.posted.append(f"{request.url} {request.post_data or ''} {json.dumps(request.headers)}")


def forms_of(secret: bytes) -> set[str]:
    """How bytes could look in a request."""
    plain = urlsafe_b64encode(secret).decode().rstrip("=")
    return {
        secret.hex(),
        plain,
        plain.replace("-", "+").replace("_", "/"),
        ",".join(str(byte) for byte in secret),
        ", ".join(str(byte) for byte in secret),
    }


def id_of(credential: dict[str, Any]) -> bytes:
    """A credential's id, as the table has it."""
    return b64decode(credential["credentialId"])
