"""Sessions: unguessable, signed, forgotten in time, limited in speed and number."""

import pytest

from bot.errors import SessionError
from bot.sessions import MAX_OFFERED, Overloaded, Sessions, TooFast
from bot.settings import load


class Clock:
    """Seconds that a test moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(load({"CHAT_TTL_MINUTES": "30", "CHAT_MAX_SESSIONS": "3", "CHAT_MESSAGES_PER_MINUTE": "5"}), clock)


async def test_a_token_opens_its_own_session(sessions):
    token, session = await sessions.open()
    assert await sessions.get(token) is session


async def test_a_thousand_ids_are_unique_and_share_no_counter():
    many = Sessions(load({"CHAT_MAX_SESSIONS": "1000"}))
    ids = [(await many.open())[1].id for _ in range(1000)]
    assert len(set(ids)) == 1000 and min(len(id) for id in ids) >= 32
    assert sorted(ids) != ids and len({id[:4] for id in ids}) > 900


@pytest.mark.parametrize("token", ["", "1", "../../etc/passwd", "a.b", "é", "x" * 5000, "None"])
async def test_a_forged_token_is_refused(sessions, token):
    with pytest.raises(SessionError):
        await sessions.get(token)


async def test_a_token_of_another_key_is_refused(sessions):
    foreign, _ = await Sessions(load({"CHAT_SECRET": "x" * 40})).open()
    with pytest.raises(SessionError):
        await sessions.get(foreign)


async def test_a_changed_token_is_refused(sessions):
    token, _ = await sessions.open()
    with pytest.raises(SessionError):
        await sessions.get(("A" if token[0] != "A" else "B") + token[1:])


async def test_a_session_is_forgotten_after_its_time_and_prolonged_by_a_message(sessions, clock):
    token, session = await sessions.open()
    clock.now = 29 * 60
    await sessions.touch(await sessions.get(token))
    clock.now = 58 * 60
    assert await sessions.get(token) is session
    clock.now = 59 * 60 + 1
    with pytest.raises(SessionError):
        await sessions.get(token)


async def test_sweep_returns_what_is_over(sessions, clock):
    _, session = await sessions.open()
    assert await sessions.sweep() == []
    clock.now = 31 * 60
    assert await sessions.sweep() == [session.id] and len(sessions) == 0


async def test_a_closed_session_is_unknown_and_closing_twice_is_fine(sessions):
    token, session = await sessions.open()
    await sessions.close(session)
    await sessions.close(session)
    with pytest.raises(SessionError):
        await sessions.get(token)


async def test_more_conversations_than_fit_are_refused_until_one_ends(sessions):
    opened = [(await sessions.open())[1] for _ in range(3)]
    with pytest.raises(Overloaded):
        await sessions.open()
    await sessions.close(opened[0])
    await sessions.open()


async def test_too_many_messages_in_a_minute_are_refused_until_the_minute_is_over(sessions, clock):
    _, session = await sessions.open()
    for _ in range(5):
        await sessions.touch(session)
    with pytest.raises(TooFast):
        await sessions.touch(session)
    clock.now = 61
    await sessions.touch(session)


async def test_offers_are_opaque_and_the_oldest_are_forgotten(sessions):
    _, session = await sessions.open()
    first = session.offer("/fietsdiefstal")
    assert "fiets" not in first and session.offered[first] == "/fietsdiefstal"
    for _ in range(MAX_OFFERED):
        session.offer("/groet")
    assert first not in session.offered and len(session.offered) == MAX_OFFERED


async def test_the_last_turn_is_kept_until_one_is_sensitive(sessions):
    _, session = await sessions.open()
    session.keep_last([{"text": "een"}], sensitive=False)
    assert session.last == [{"text": "een"}]
    session.keep_last([{"text": "twee"}], sensitive=True)
    assert session.last == []
    session.keep_last([{"text": "drie"}], sensitive=False)
    assert session.last == []


async def test_closing_lets_the_last_turn_go_even_when_a_late_one_follows(sessions):
    _, session = await sessions.open()
    session.keep_last([{"text": "een"}], sensitive=False)
    await sessions.close(session)
    assert session.last == []
    session.keep_last([{"text": "laat"}], sensitive=False)
    assert session.last == []


async def test_the_last_turn_is_in_no_printed_session(sessions):
    _, session = await sessions.open()
    session.keep_last([{"text": "kanarie"}], sensitive=False)
    assert "kanarie" not in repr(session)
