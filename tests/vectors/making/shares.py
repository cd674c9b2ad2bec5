"""Vectors of the recovery key's shares: published ones of the scheme, ours on paper, and refusals.

The published ones prove the arithmetic. SLIP-39's stand here as points, decoded from its words:
its secret is f(255), and f(254) begins with the first four bytes of HMAC-SHA256 of it, keyed with
the rest of f(254).
"""

from typing import Any

import pytest

from tests.vectors.making.fixed import Fixed
from whistle.crypto import shares
from whistle.crypto.shares import Share
from whistle.errors import ShareError

PUBLISHED = (
    {
        "comment": "draft-mcgrew-tss-03, section 9: 2 of 2",
        "points": {"1": "b9fa07e185", "2": "f5409b4511"},
        "at": {"0": "7465737400"},
        "slip39": False,
    },
    {
        "comment": "SLIP-39 vectors, shadow pistol: 2 of 3, 128 bits",
        "points": {
            "2": "08fb14b66e692e25dfe2edf53289ed62",
            "0": "06ab48fef4bedc8ce58baeef0a73f76e",
        },
        "at": {
            "255": "cdc017fddc829e791b1371780be0605a",
            "254": "cae839d99164e7a006aadd75179d6d5c",
        },
        "slip39": True,
    },
    {
        "comment": "SLIP-39 vectors, humidity disease: 2 of 3, 256 bits",
        "points": {
            "2": "81e5473f4b7f66094f888d2f98fe0ded6a692dc72c65dc498d6e28bee6ebdfcc",
            "1": "19e366e9b2e34851e52132c31c2b2c957321bf5ce6c9c1410ea1ddf5fef92c27",
        },
        "at": {
            "255": "0204622ff84267b5dae0ca4e0c1328d6611b96b92b11692e5a7542314f7a54ee",
            "254": "83067d94af367d74bc8756e370a937fe9f2311396d7562dfd2301108477405b7",
        },
        "slip39": True,
    },
    {
        "comment": "SLIP-39 vectors, wildlife deal ceramic: 3 of 5, 256 bits",
        "points": {
            "0": "82a363ed145a49a4e37311253c105846c0afb13b74e5ddda9cc25d7aae49bc89",
            "1": "d127f1f9bc12e3856fb3983104783b71480d249d80101568def4a41100177dfb",
            "4": "4bde8a604105f3a6c32f2f547131aafea756725a28e80a14d59d8f05c4adcca5",
        },
        "at": {
            "255": "09555b11c4d1cc8fc96163c81b110bbbd46c1bcb4c8488632de2dbb5c4bd9299",
            "254": "5ad1c9056c9966ae45a1eadc2379688c5cce8e6db87140d16fd422de6ae353eb",
        },
        "slip39": True,
    },
)


def vectors() -> dict[str, Any]:
    """Return all, each checked against our own verdict."""
    sets = [_set(k, n) for k, n in ((1, 1), (1, 2), (2, 3), (3, 5), (5, 5))]
    good = _made(2, 3)
    return {
        "published": list(PUBLISHED),
        "sets": sets,
        "typed": [
            {"comment": comment, "typed": typed, "written": str(good[0])}
            for comment, typed in _ways(str(good[0]))
        ],
        "bad": [
            {"comment": comment, "typed": _refused(typed, reason), "reason": reason}
            for comment, typed, reason in _wrong(str(good[0]), str(good[1]))
        ],
        "joining": [_joining(*one) for one in _mixtures()],
    }


def _made(k: int, n: int, label: str = "") -> tuple[Share, ...]:
    """Return a set of shares that comes out the same each time."""
    name = f"shares {k} of {n}{label}"
    return shares.split(Fixed(f"{name}, secret")(32), k, n, random=Fixed(name))


def _set(k: int, n: int) -> dict[str, Any]:
    """Return a whole set."""
    made = _made(k, n)
    assert shares.join(made) == Fixed(f"shares {k} of {n}, secret")(32)
    return {
        "comment": f"{k} of {n}",
        "k": k,
        "set": made[0].set_id.hex(),
        "secret": shares.join(made).hex(),
        "shares": [
            {
                "index": one.index,
                "value": one.value.hex(),
                "written": str(one),
                "sha256": one.sha256.hex(),
            }
            for one in made
        ],
    }


def _ways(good: str) -> list[tuple[str, str]]:
    """Return other ways of typing a share."""
    return [
        ("as written", good),
        ("small letters, in one line", good.lower().replace("\n", " ")),
        ("no dashes", good.replace("-", "")),
        ("O for 0 and l for 1", good.replace("0", "O").replace("1", "l")),
        ("long dashes, other line ends", good.replace("-", "\u2013").replace("\n", "\r\n")),
    ]


def _wrong(one: str, other: str) -> list[tuple[str, str, str]]:
    """Return texts that are no share."""
    first, second, third = one.split("\n")
    return [
        ("nothing", "", "length"),
        ("one symbol is missing", one[:-1], "length"),
        ("a line is missing", f"{first}\n{third}", "length"),
        ("U is in no share", f"U{one[1:]}", "symbol"),
        ("one wrong symbol in the first line", f"{_next(first[0])}{one[1:]}", "line_1"),
        ("one wrong symbol in the second", f"{first}\n{_next(second[0])}{second[1:]}\n{third}",
         "line_2"),
        ("one wrong symbol in the third", f"{first}\n{second}\n{_next(third[0])}{third[1:]}",
         "line_3"),
        ("two lines changed places", f"{first}\n{third}\n{second}", "line_2"),
        ("the last line is another share's", "\n".join([first, second, other.split("\n")[2]]),
         "check"),
    ]  # fmt: skip


def _mixtures() -> list[tuple[str, list[Share], str | None]]:
    """Return shares to join, right and wrong."""
    two, five = _made(2, 3), _made(3, 5)
    another = _made(2, 3, ", another")
    moved = Share(two[0].set_id, 3, 2, two[0].value)
    return [
        ("the first two of three", [two[0], two[1]], None),
        ("the last two, the other way round", [two[2], two[1]], None),
        ("all three", list(two), None),
        ("three of five", [five[4], five[0], five[2]], None),
        ("none", [], "none"),
        ("one is not enough", [two[0]], "too_few"),
        ("two of three that need three", list(five[:2]), "too_few"),
        ("of two sets", [two[0], another[1]], "set"),
        ("one share twice", [two[0], two[0]], "duplicate"),
        ("two shares with one number", [two[2], moved], "conflict"),
        ("they do not agree how many it takes",
         [two[0], Share(two[1].set_id, 2, 1, two[1].value)], "threshold"),
        ("three that do not lie on one line", [two[0], two[1], moved], "differ"),
    ]  # fmt: skip


def _joining(comment: str, given: list[Share], reason: str | None) -> dict[str, Any]:
    """Return what joining some shares gives, or why not."""
    secret = None
    if reason is None:
        secret = shares.join(given).hex()
    else:
        with pytest.raises(ShareError, match=f"^{reason}$"):
            shares.join(given)
    texts = [str(one) for one in given]
    return {"comment": comment, "shares": texts, "secret": secret, "reason": reason}


def _refused(typed: str, reason: str) -> str:
    """Return a text after checking that it is refused for that reason."""
    with pytest.raises(ShareError, match=f"^{reason}$"):
        Share.parse(typed)
    return typed


def _next(symbol: str) -> str:
    """Return another symbol."""
    return "1" if symbol == "0" else "0"
