"""The authorities with an external channel of their own, from dated data."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from whistle.wording import mark

AREAS = {
    "any": mark("everything that no other authority covers"),
    "products": mark("product safety"),
    "eu_money": mark("the EU's financial interests"),
    "finance": mark("financial services, money laundering and terrorist financing"),
    "consumers": mark("consumer protection"),
    "privacy": mark("privacy and personal data"),
    "networks": mark("security of networks and information systems"),
    "health": mark("public health"),
    "environment": mark("the environment"),
    "radiation": mark("radiation safety"),
    "procurement": mark("public procurement"),
    "food": mark("food, feed and animal health"),
    "state_aid": mark("State aid"),
    "tax": mark("tax"),
    "transport": mark("transport safety"),
}
"""The areas as a person reads them, by the code that stands in the data."""


@dataclass(frozen=True)
class Authority:
    """One authority: its own name, what it takes reports about, its site."""

    name: str
    areas: tuple[str, ...]
    site: str


@dataclass(frozen=True)
class Authorities:
    """The list, where it comes from, and the day it was last compared with its source."""

    source: str
    last_checked: date
    national: tuple[Authority, ...]
    eu: tuple[Authority, ...]


@cache
def authorities() -> Authorities:
    """Read the list that ships with Whistle; read once."""
    text = (files("whistle") / "data" / "authorities.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)

    def rows(key: str) -> tuple[Authority, ...]:
        return tuple(
            Authority(one["name"], tuple(AREAS[area] for area in one["areas"]), one["site"])
            for one in table[key]
        )

    return Authorities(table["source"], table["last_checked"], rows("national"), rows("eu"))
