"""Conversations in one Redis: found again by every server, sealed, forgotten in time, and honest when Redis is gone or unfit."""

import asyncio
import time

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.errors import SessionError, SettingsError, VaultError
from bot.sessions import MAX_OFFERED, Overloaded, TooFast
from bot.settings import load
from bot.shared_sessions import SharedSessions
from bot.shared_tracker_store import SharedTrackerStore
from bot.vault import LOCK_SECONDS, Vault

SECRET = "s" * 40


@pytest.fixture
def empty(redis_server):
    redis_server.client.flushall()
    return redis_server


def settings(server, **changed):
    return load({"CHAT_STORE_URL": server.url, "CHAT_SECRET": SECRET, "CHAT_MAX_SESSIONS": "3",
                 "CHAT_MESSAGES_PER_MINUTE": "5", **changed})


def sessions(server, **changed):
    wanted = settings(server, **changed)
    return SharedSessions(wanted, Vault.of(wanted))


def everything(server) -> str:
    """All that stands in Redis, names and values, as bytes in one text."""
    client = server.client
    client.connection_pool.connection_kwargs["decode_responses"] = False
    values = []
    for name in client.keys("*"):
        kind = client.type(name)
        values += [name, client.get(name) if kind == b"string" else client.zrange(name, 0, -1)]
    return repr(values)


async def test_another_server_knows_the_session_its_offers_and_its_last_turn(empty):
    one, other = sessions(empty), sessions(empty)
    token, session = await one.open()
    button = session.offer("/fietsdiefstal")
    session.keep_last([{"text": "kanarie"}], sensitive=False)
    await one.keep(session)
    again = await other.get(token)
    assert (again.id, again.offered, again.last) == (session.id, {button: "/fietsdiefstal"}, [{"text": "kanarie"}])


async def test_two_turns_at_once_lose_none_of_each_others_offers(empty):
    one, other = sessions(empty), sessions(empty)
    token, _ = await one.open()
    first, second = await one.get(token), await other.get(token)
    buttons = [first.offer("/groet"), second.offer("/inbraak_alarm")]
    await one.keep(first)
    await other.keep(second)
    assert list((await one.get(token)).offered) == buttons
    for _ in range(MAX_OFFERED):
        first.offer("/groet")
    await one.keep(first)
    assert len((await other.get(token)).offered) == MAX_OFFERED


async def test_once_sensitive_or_wiped_a_stale_reading_does_not_undo_it(empty):
    shared = sessions(empty)
    token, _ = await shared.open()
    stale, session = await shared.get(token), await shared.get(token)
    session.offer("/groet")
    session.keep_last([], sensitive=True)
    session.wipe()
    await shared.keep(session)
    stale.keep_last([{"text": "kanarie"}], sensitive=False)
    await shared.keep(stale)
    again = await shared.get(token)
    assert again.sensitive and again.wiped and again.last == [] and again.offered == {}


async def test_a_wipe_forgets_the_offers_of_before_each_time(empty):
    shared = sessions(empty)
    token, _ = await shared.open()
    for _ in range(2):
        session = await shared.get(token)
        session.offer("/groet")
        await shared.keep(session)
        session = await shared.get(token)
        session.wipe()
        button = session.offer("/hulp_menu")
        await shared.keep(session)
        assert list((await shared.get(token)).offered) == [button]


async def test_a_closed_session_is_unknown_everywhere_and_a_late_turn_does_not_bring_it_back(empty):
    one, other = sessions(empty), sessions(empty)
    token, session = await one.open()
    assert await other.lives(session)
    await other.close(await other.get(token))
    await one.keep(session)
    assert not await one.lives(session)
    for shared in (one, other):
        with pytest.raises(SessionError):
            await shared.get(token)


async def test_limits_hold_for_all_servers_together(empty):
    one, other = sessions(empty), sessions(empty)
    token, session = await one.open()
    await other.open()
    await one.open()
    with pytest.raises(Overloaded):
        await other.open()
    for shared in (one, other, one, other, one):
        await shared.touch(await shared.get(token))
    with pytest.raises(TooFast):
        await other.touch(session)
    await one.close(session)
    await other.open()


async def test_a_name_counts_once_however_often_it_is_touched(empty):
    shared = sessions(empty)
    _, session = await shared.open()
    for _ in range(4):
        await shared.touch(session)
    await shared.open()
    await shared.open()
    with pytest.raises(Overloaded):
        await shared.open()


async def test_nothing_that_redis_holds_can_be_read_and_all_of_it_ends(empty):
    wanted = settings(empty)
    store = SharedTrackerStore(Domain.empty(), vault=Vault.of(wanted))
    shared = sessions(empty)
    token, session = await shared.open()
    session.offer("/partnergeweld")
    session.keep_last([{"text": "kanarie"}], sensitive=False)
    await shared.keep(session)
    await shared.touch(session)
    tracker = await store.get_or_create_tracker(session.id)
    tracker.update(UserUttered("kanarie in de keuken"))
    await store.save(tracker)
    text = everything(empty)
    for secret in ("kanarie", "partnergeweld", "keuken", session.id, token, "offered"):
        assert secret not in text
    assert len(empty.client.keys("*")) == 4
    assert all(0 < empty.client.ttl(name) <= 1801 for name in empty.client.keys("*"))


async def test_the_text_of_one_conversation_opens_under_no_other_name(empty):
    vault = Vault.of(settings(empty))
    await vault.put("tracker", "een", "kanarie")
    empty.client.rename(vault.name("tracker", "een"), vault.name("tracker", "twee"))
    with pytest.raises(VaultError):
        await vault.get("tracker", "twee")


async def test_a_server_with_another_secret_finds_nothing(empty):
    vault = Vault.of(settings(empty))
    await vault.put("tracker", "een", "kanarie")
    assert await Vault.of(settings(empty, CHAT_SECRET="x" * 40)).get("tracker", "een") is None


async def test_a_conversation_moves_between_servers_and_a_purge_empties_at_once(empty):
    one, other = (SharedTrackerStore(Domain.empty(), vault=Vault.of(settings(empty))) for _ in range(2))
    tracker = await one.get_or_create_tracker("iemand")
    tracker.update(UserUttered("kanarie"))
    await one.save(tracker)
    assert (await other.retrieve("iemand")).latest_message.text == "kanarie" and list(await other.keys()) == []
    await other.purge("iemand")
    await other.purge("niemand")
    assert await one.retrieve("iemand") is None and one.forgotten


async def test_only_one_turn_of_a_conversation_runs_at_a_time(empty):
    one, other = Vault.of(settings(empty)), Vault.of(settings(empty))
    running, most = 0, 0

    async def turn(vault):
        nonlocal running, most
        async with vault.alone("iemand", 10):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.02)
            running -= 1

    await asyncio.gather(*(turn(vault) for vault in (one, other) * 4))
    assert most == 1


async def test_a_long_turn_keeps_its_place_and_who_cannot_wait_is_told(empty, monkeypatch):
    monkeypatch.setattr("bot.vault.LOCK_SECONDS", 0.5)
    monkeypatch.setattr("bot.vault.RENEW_SECONDS", 0.1)
    vault = Vault.of(settings(empty))
    async with vault.alone("iemand", 1):
        await asyncio.sleep(0.8)
        with pytest.raises(VaultError):
            async with vault.alone("iemand", 0.2):
                pass
    async with vault.alone("iemand", 0.2):
        pass


async def test_a_server_that_died_in_mid_turn_holds_nobody_up_for_long(empty):
    vault = Vault.of(settings(empty))
    empty.client.set(vault.name("turn", "iemand"), "dead", px=int(LOCK_SECONDS * 50))
    async with vault.alone("iemand", 2):
        pass


async def test_redis_gone_is_told_at_once_and_back_is_used_at_once(empty):
    vault = Vault.of(settings(empty))
    await vault.put("tracker", "een", "kanarie")
    empty.stop()
    start = time.monotonic()
    for call in (vault.get("tracker", "een"), vault.put("tracker", "een", "x"), vault.times("messages", "een", 60),
                 vault.change("tracker", "een", str), vault.check()):
        with pytest.raises(VaultError):
            await call
    with pytest.raises(VaultError):
        async with vault.alone("een", 1):
            pass
    assert time.monotonic() - start < 3
    empty.start()
    assert await vault.get("tracker", "een") is None
    await vault.put("tracker", "een", "terug")
    assert await vault.get("tracker", "een") == "terug"


async def test_redis_that_was_started_again_between_two_calls_is_not_noticed(empty):
    vault = Vault.of(settings(empty))
    await vault.check()
    empty.stop()
    empty.start()
    await vault.put("tracker", "een", "kanarie")
    assert await vault.get("tracker", "een") == "kanarie"


async def test_redis_that_hangs_is_told_within_seconds(empty):
    vault = Vault.of(settings(empty))
    await vault.check()
    empty.pause()
    try:
        start = time.monotonic()
        with pytest.raises(VaultError):
            await vault.get("tracker", "een")
        assert time.monotonic() - start < 3
    finally:
        empty.resume()


@pytest.mark.parametrize("option", [{"appendonly": "yes"}, {"save": "60 1"}, {"maxmemory_policy": "allkeys-lru"}])
async def test_a_redis_that_writes_or_throws_away_is_refused(empty, option):
    empty.stop()
    empty.start(**option)
    try:
        with pytest.raises(VaultError, match="CHAT_STORE_URL"):
            await Vault.of(settings(empty)).put("tracker", "een", "kanarie")
        assert empty.client.keys("*") == []
    finally:
        empty.stop()
        empty.start()


def test_an_address_that_is_none_and_a_missing_secret_are_told_at_start():
    with pytest.raises(SettingsError, match="CHAT_STORE_URL"):
        Vault("http://localhost", SECRET, 60)
    with pytest.raises(SettingsError, match="CHAT_SECRET"):
        load({"CHAT_STORE_URL": "redis://127.0.0.1:1/0"})
