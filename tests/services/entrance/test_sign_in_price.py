"""Wrong codes lock nobody out: the price of the next try rises, the name known or not."""

import pytest
from sqlalchemy import select

from tests.counting import counting
from tests.organisation import Organisation
from whistle.crypto import puzzle
from whistle.errors import PriceError, SignInError
from whistle.services.entrance import sign_in
from whistle.storage.tables import Tries


def wrong_codes(organisation: Organisation, name: str, times: int) -> None:
    """Try in vain, at no price."""
    for n in range(times):
        with pytest.raises(SignInError, match=r"^sign_in$"):
            sign_in.start(organisation.parts, name, f"x{n}")


def count(organisation: Organisation, wrong: int) -> None:
    """As if so many tries had been wrong."""
    with organisation.parts.database.writing() as session:
        session.scalars(select(Tries)).one().count = wrong


def test_a_stranger_locks_nobody_out(organisation: Organisation) -> None:
    """After any number of wrong tries the right code enters, once its price is paid."""
    code = organisation.one_time_code("anna")
    wrong_codes(organisation, "anna", 5)
    count(organisation, 10**6)
    with pytest.raises(PriceError) as asked:
        sign_in.start(organisation.parts, "anna", code)
    assert asked.value.bits == asked.value.most == puzzle.MOST_BITS
    paid = _pay("anna", code, asked.value)
    assert sign_in.start(organisation.parts, "anna", code, paid).key_file


def _pay(name: str, code: str, asked: PriceError) -> puzzle.Paid:
    tried = puzzle.subject("sign_in", name, code)
    return puzzle.solve(tried, asked.at, asked.bits)


def test_an_unpaid_try_is_not_looked_at(organisation: Organisation) -> None:
    """Neither the right code nor a wrong one is told apart, used up or counted."""
    wrong_codes(organisation, "anna", 5)
    code = organisation.one_time_code("anna")
    for typed in (code, "000000"):
        with pytest.raises(PriceError) as asked:
            sign_in.start(organisation.parts, "anna", typed)
        assert asked.value.bits == 12
    paid = _pay("anna", code, asked.value)
    assert sign_in.start(organisation.parts, "anna", code, paid).key_file


def test_a_payment_buys_one_code(organisation: Organisation) -> None:
    """Another one typed with it costs anew; a paid wrong one is counted."""
    wrong_codes(organisation, "anna", 5)
    count(organisation, 9)
    with pytest.raises(PriceError) as asked:
        sign_in.start(organisation.parts, "anna", "000000")
    paid = _pay("anna", "000000", asked.value)
    with pytest.raises(PriceError):
        sign_in.start(organisation.parts, "anna", "000001", paid)
    with pytest.raises(SignInError, match=r"^sign_in$"):
        sign_in.start(organisation.parts, "anna", "000000", paid)
    with pytest.raises(PriceError) as dearer:
        sign_in.start(organisation.parts, "anna", "000002", paid)
    assert (asked.value.bits, dearer.value.bits) == (12, 13)


def test_an_unknown_name_has_the_same_price(organisation: Organisation) -> None:
    """Step for step, with the same statements."""
    seen: dict[str, list[object]] = {}
    for name in ("anna", "nobody", "olle"):
        seen[name] = []
        for n in range(12):
            with counting(organisation) as counted:
                try:
                    sign_in.start(organisation.parts, name, f"x{n}")
                except PriceError as error:
                    seen[name].append(("price", error.bits))
                except SignInError as error:
                    seen[name].append(error.reason)
            seen[name].append(counted)
    assert seen["anna"] == seen["nobody"] == seen["olle"]
    assert ("price", 12) in seen["anna"]


def test_the_price_of_one_name_is_not_anothers(organisation: Organisation) -> None:
    """But for those that share a row by chance."""
    wrong_codes(organisation, "anna", 5)
    sign_in.start(organisation.parts, "bo", organisation.one_time_code("bo"))
