"""Signing in: one answer for every wrong one, a code that works once, a session that ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import func, select

from tests import acts
from tests.counting import Counted, counting
from tests.organisation import Organisation
from whistle.errors import PriceError, SignInError
from whistle.services.entrance import sign_in
from whistle.services.operating.start import start as start_parts
from whistle.storage.tables import Person, SignedIn

ORIGIN = "https://desk.example"
MINUTE = timedelta(minutes=1)


def begun(organisation: Organisation, handler_id: str = "anna") -> sign_in.Started:
    """A sign-in whose one-time code was right."""
    code = organisation.one_time_code(handler_id)
    return sign_in.start(organisation.parts, handler_id, code)


def signed_in(organisation: Organisation, handler_id: str = "anna") -> bytes:
    """The token of a session."""
    started = begun(organisation, handler_id)
    signature = acts.answer_to(organisation, handler_id, started.nonce, origin=ORIGIN)
    return sign_in.finish(organisation.parts, started.token, ORIGIN, signature)[0]


def count_sessions(organisation: Organisation) -> int:
    """How many sessions and sign-ins under way there are."""
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(SignedIn)) or 0


def test_a_right_code_gives_the_handlers_own_sealed_key(organisation: Organisation) -> None:
    """And a fresh nonce: the server has no password to check."""
    started = begun(organisation)
    assert started.key_file == organisation.people["anna"].key_file
    assert len(started.nonce) == 32
    organisation.now += MINUTE
    assert begun(organisation).nonce != started.nonce


def test_a_signature_over_the_nonce_opens_a_session(organisation: Organisation) -> None:
    """Under a token that is not the one from before the signature."""
    started = begun(organisation)
    signature = acts.answer_to(organisation, "anna", started.nonce, origin=ORIGIN)
    token, handler = sign_in.finish(organisation.parts, started.token, ORIGIN, signature)
    assert handler.id == "anna"
    assert token != started.token
    assert sign_in.who(organisation.parts, token).id == "anna"


def test_the_database_holds_no_token(organisation: Organisation) -> None:
    """A copy of it signs nobody in."""
    token = signed_in(organisation)
    with organisation.parts.database.reading() as session:
        row = session.scalars(select(SignedIn)).one()
        assert token not in {row.token_sha256, row.nonce}


def test_a_code_may_be_typed_with_spaces(organisation: Organisation) -> None:
    """Programs show them in two groups."""
    code = organisation.one_time_code("anna")
    sign_in.start(organisation.parts, "anna", f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("drift", [-30, 30])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(
    organisation: Organisation, drift: int
) -> None:
    """One step before and one after (RFC 6238 section 5.2)."""
    secret = organisation.people["anna"].one_time_secret
    code = pyotp.TOTP(secret).at(organisation.now + timedelta(seconds=drift))
    sign_in.start(organisation.parts, "anna", code)


WrongStart = Callable[[Organisation], tuple[str, str]]
WRONG: dict[str, WrongStart] = {
    "unknown handler": lambda o: ("david", o.one_time_code("anna")),
    "nobody": lambda _: ("", pyotp.TOTP("A" * 32).at(0)),
    "nobody's code": lambda o: ("", pyotp.TOTP("A" * 32).at(o.now)),
    "another handler's code": lambda o: ("bo", o.one_time_code("anna")),
    "wrong code": lambda o: ("anna", f"{(int(o.one_time_code('anna')) + 1) % 10**6:06}"),
    "empty code": lambda _: ("anna", ""),
    "letters": lambda _: ("anna", "abcdef"),
    "a code of two minutes ago": lambda o: (
        "anna",
        pyotp.TOTP(o.people["anna"].one_time_secret).at(o.now - 2 * MINUTE),
    ),
    "a code of the next minute": lambda o: (
        "anna",
        pyotp.TOTP(o.people["anna"].one_time_secret).at(o.now + MINUTE),
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_wrong_start_has_one_reason(organisation: Organisation, wrong: WrongStart) -> None:
    """Nothing tells which part was wrong, and nothing is kept."""
    with pytest.raises(SignInError, match=r"^sign_in$"):
        sign_in.start(organisation.parts, *wrong(organisation))
    assert count_sessions(organisation) == 0


def test_every_wrong_start_costs_the_same(organisation: Organisation) -> None:
    """Statements and hashes tell nothing about who exists."""
    costs: list[Counted] = []
    for wrong in WRONG.values():
        with counting(organisation) as counted, pytest.raises(SignInError):
            sign_in.start(organisation.parts, *wrong(organisation))
        costs.append(counted)
    assert all(one == costs[0] for one in costs)


def test_a_code_works_once(organisation: Organisation) -> None:
    """Whoever looked over a shoulder comes too late."""
    begun(organisation)
    with pytest.raises(SignInError, match="sign_in"):
        begun(organisation)


def test_an_older_code_does_not_work_after_a_newer(organisation: Organisation) -> None:
    """Steps only go forward."""
    old = organisation.one_time_code("anna")
    organisation.now += timedelta(seconds=30)
    begun(organisation)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.start(organisation.parts, "anna", old)


def test_a_code_works_once_for_two_threads(organisation: Organisation) -> None:
    """Also when they ask in the same moment."""
    code = organisation.one_time_code("anna")
    assert _race(lambda: sign_in.start(organisation.parts, "anna", code)) == 1


def test_a_code_works_once_for_two_servers(organisation: Organisation) -> None:
    """Also when each has its own connections, as two workers have."""
    code = organisation.one_time_code("anna")
    others = [start_parts(organisation.parts.settings, organisation.parts.clock) for _ in range(4)]
    waiting = list(others)
    assert _race(lambda: sign_in.start(waiting.pop(), "anna", code), count=4) == 1
    for one in others:
        one.database.close()


def _race(act: Callable[[], object], count: int = 8) -> int:
    """How many of several at once succeed; the others are refused."""
    start = Barrier(count)

    def run(_: int) -> int:
        start.wait()
        try:
            act()
        except (SignInError, PriceError):
            return 0
        return 1

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(run, range(count)))


def test_a_signature_for_another_site_is_refused(organisation: Organisation) -> None:
    """A page of somebody else's cannot pass the nonce on."""
    started = begun(organisation)
    signature = acts.answer_to(organisation, "anna", started.nonce, origin="https://desk.other")
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


def test_another_handlers_signature_is_refused(organisation: Organisation) -> None:
    """Bo cannot finish Anna's sign-in, in her name or in his own."""
    started = begun(organisation)
    own = acts.answer_to(organisation, "bo", started.nonce, origin=ORIGIN)
    message = sign_in.signed_bytes(ORIGIN, "anna", started.nonce)
    hers = organisation.people["bo"].signing_key.sign(message)
    for signature in (own, hers):
        with pytest.raises(SignInError, match="sign_in"):
            sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(1000)])
def test_what_is_no_signature_is_refused(organisation: Organisation, signature: bytes) -> None:
    """With the same answer."""
    started = begun(organisation)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


def test_a_nonce_is_signed_once(organisation: Organisation) -> None:
    """The same answer opens no second session."""
    started = begun(organisation)
    signature = acts.answer_to(organisation, "anna", started.nonce, origin=ORIGIN)
    sign_in.finish(organisation.parts, started.token, ORIGIN, signature)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


def test_a_nonce_is_signed_once_also_in_a_race(organisation: Organisation) -> None:
    """Two requests with one answer open one session."""
    started = begun(organisation)
    signature = acts.answer_to(organisation, "anna", started.nonce, origin=ORIGIN)

    def finish() -> object:
        return sign_in.finish(organisation.parts, started.token, ORIGIN, signature)

    assert _race(finish) == 1
    assert count_sessions(organisation) == 1


def test_another_sign_ins_nonce_is_refused(organisation: Organisation) -> None:
    """An answer fits the nonce of its own cookie only."""
    first = begun(organisation)
    organisation.now += MINUTE
    second = begun(organisation)
    signature = acts.answer_to(organisation, "anna", first.nonce, origin=ORIGIN)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, second.token, ORIGIN, signature)


def test_a_sign_in_takes_ten_minutes_at_most(organisation: Organisation) -> None:
    """After that it begins again with a code."""
    started = begun(organisation)
    signature = acts.answer_to(organisation, "anna", started.nonce, origin=ORIGIN)
    organisation.now += 10 * MINUTE + timedelta(seconds=1)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


def test_a_sign_in_under_way_is_no_session(organisation: Organisation) -> None:
    """The one-time code alone shows nothing."""
    started = begun(organisation)
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, started.token)


def test_a_session_is_no_sign_in_under_way(organisation: Organisation) -> None:
    """Its token finishes nothing."""
    token = signed_in(organisation)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, token, ORIGIN, bytes(64))


@pytest.mark.parametrize("token", [b"", bytes(32), b"x"])
def test_an_unknown_token_is_nobodys(organisation: Organisation, token: bytes) -> None:
    """Neither who nor finish knows it."""
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, token)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, token, ORIGIN, bytes(64))


def test_a_session_ends_after_a_quarter_of_an_hour_of_rest(organisation: Organisation) -> None:
    """Somebody went away from the screen."""
    token = signed_in(organisation)
    organisation.now += 15 * MINUTE
    sign_in.who(organisation.parts, token)
    organisation.now += 15 * MINUTE + timedelta(seconds=1)
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, token)


def test_a_session_in_use_ends_after_twelve_hours(organisation: Organisation) -> None:
    """However busy it was."""
    token = signed_in(organisation)
    for _ in range(72):
        organisation.now += 10 * MINUTE
        sign_in.who(organisation.parts, token)
    organisation.now += MINUTE
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, token)


def test_a_session_begun_at_a_time_ahead_has_ended(organisation: Organisation) -> None:
    """The time went back: it would never end else. So has a sign-in that was under way then."""
    right = organisation.now
    organisation.now = right + timedelta(days=3000)
    token, under_way = signed_in(organisation), begun(organisation, "bo")
    sign_in.who(organisation.parts, token)
    organisation.now = right
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, token)
    signature = acts.answer_to(organisation, "bo", under_way.nonce, origin=ORIGIN)
    with pytest.raises(SignInError):
        sign_in.finish(organisation.parts, under_way.token, ORIGIN, signature)
    begun(organisation, "carin")
    assert count_sessions(organisation) == 1  # the new one, under way


def test_use_is_noted_once_a_minute(organisation: Organisation) -> None:
    """A page of many requests writes once."""
    token = signed_in(organisation)
    organisation.now += 2 * MINUTE
    for writes in (1, 0):
        with counting(organisation) as counted:
            sign_in.who(organisation.parts, token)
        assert sum(one.startswith("UPDATE") for one in counted.statements) == writes


def test_signing_out_ends_the_session(organisation: Organisation) -> None:
    """At once, and twice is no error."""
    token = signed_in(organisation)
    sign_in.sign_out(organisation.parts, token)
    sign_in.sign_out(organisation.parts, token)
    with pytest.raises(SignInError, match="signed_out"):
        sign_in.who(organisation.parts, token)


def test_ended_sessions_are_swept_at_the_next_sign_in(organisation: Organisation) -> None:
    """They leave no list of when somebody worked."""
    signed_in(organisation, "bo")
    organisation.now += timedelta(hours=1)
    signed_in(organisation, "anna")
    assert count_sessions(organisation) == 1


def test_a_key_taken_away_ends_the_session(organisation: Organisation) -> None:
    """From the moment the keyring without it counts; removing waits for nothing."""
    token = signed_in(organisation, "bo")
    acts.publish_keyring(organisation, change=_without_bo)
    with pytest.raises(SignInError):
        sign_in.who(organisation.parts, token)
    assert sign_in.who(organisation.parts, signed_in(organisation, "anna")).id == "anna"


def test_a_key_taken_away_finishes_no_sign_in(organisation: Organisation) -> None:
    """Also when the finishing is the first request after the publishing."""
    started = begun(organisation, "bo")
    signature = acts.answer_to(organisation, "bo", started.nonce, origin=ORIGIN)
    acts.publish_keyring(organisation, change=_without_bo)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)


def _without_bo(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"] = [one for one in content["handlers"] if one["id"] != "bo"]


def test_a_key_whose_life_is_over_signs_in_nobody(organisation: Organisation) -> None:
    """Its last day is in the keyring."""
    acts.publish_keyring(organisation, change=_ends_today)
    token = signed_in(organisation, "bo")
    organisation.move(1)
    with pytest.raises(SignInError):
        sign_in.who(organisation.parts, token)


def _ends_today(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][1]["to"] = content["issued_on"]


def test_a_person_without_a_key_in_the_keyring_cannot_finish(organisation: Organisation) -> None:
    """A row of the database alone opens nothing: only the signed keyring appoints."""
    with organisation.parts.database.writing() as session:
        row = replace(organisation.people["anna"]).person()
        row.id = "eve"
        session.add(row)
    eve = replace(organisation.people["anna"])
    organisation.people = {**organisation.people, "eve": eve}
    started = begun(organisation, "eve")
    signature = acts.answer_to(organisation, "eve", started.nonce, origin=ORIGIN)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, signature)
    with organisation.parts.database.reading() as session:
        assert session.get(Person, "eve") is not None
