"""Prices in work: for some tries, the first number that pays."""

from whistle.crypto import puzzle


def vectors() -> list[dict[str, str]]:
    """Return tries with what pays for them; numbers as text, because scripts' are shorter."""
    return [
        _one("anna", "123456", 1795345200, 12),
        _one("åsa", "", 0, 8),
        _one("x" * 300, "000000", 2**40, 10),
    ]


def _one(person: str, code: str, at: int, bits: int) -> dict[str, str]:
    tried = puzzle.subject("sign_in", person, code)
    paid = puzzle.solve(tried, at, bits)
    return {
        "person": person,
        "code": code,
        "at": str(at),
        "bits": str(bits),
        "number": str(paid.number),
        "paid": str(puzzle.bits(tried, paid)),
    }
