"""What the signed keyring says in public, as the pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """One case handler who opens reports: the name and role of the signed keyring."""

    name: str
    role_text: str


@dataclass(frozen=True)
class Posted:
    """Who reads reports today, and the eight words that stand for the root key."""

    readers: tuple[Reader, ...] = ()
    phrase: tuple[str, ...] = ()
