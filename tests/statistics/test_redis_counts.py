"""Counts in a real Redis: gone and back, hanging, restarted differently, shared by servers that draw at once."""

import shutil
import threading
import time

import pytest
import redis

from bot.errors import LimitError, SettingsError
from bot.statistics import counts as counts_module
from bot.statistics.redis_counts import PREFIX, RedisCounts
from tests.services import Redis
from tests.statistics.tools import changes

WEEK, BEFORE = "2026-W48", "2026-W47"


@pytest.fixture
def server(redis_server, monkeypatch):
    """An empty Redis, running again afterwards as it should."""
    monkeypatch.setattr(counts_module, "AGAIN_SECONDS", 0.0)
    redis_server.client.flushall()
    yield redis_server
    redis_server.stop()
    redis_server.start()


@pytest.fixture
def counts(server):
    """A counter that has counted two contacts."""
    counts = RedisCounts(server.url)
    counts.open(BEFORE, True)
    counts.add(changes(WEEK, "a", "x", 2))
    return counts


def test_a_redis_that_is_gone_and_back_gets_what_was_pending_and_is_incomplete(server, counts, caplog):
    server.stop()
    for _ in range(3):
        counts.add(changes(WEEK, "a", "x"))
    for call in (counts.flush, counts.opened, lambda: counts.settle(WEEK), lambda: counts.alive(1.0, 900.0),
                 lambda: counts.draw(WEEK, "a", lambda exact: {"x": 0}), lambda: counts.open(WEEK, True)):
        with pytest.raises(OSError):
            call()
    server.start()
    counts.add(changes(WEEK, "a", "y"))
    assert counts.exact(WEEK, "a") == {"x": 3, "y": 1}  # the first two are lost with Redis ...
    assert counts.opened() == {WEEK: False}              # ... which the period says
    assert not caplog.records


def test_a_redis_that_hangs_delays_a_resident_little_and_counts_once(server, counts):
    server.pause()
    start = time.monotonic()
    counts.add(changes(WEEK, "a", "x"))
    counts.add(changes(WEEK, "a", "x"))
    assert time.monotonic() - start < 3
    server.resume()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 4}


@pytest.mark.parametrize("error", [redis.TimeoutError, redis.ConnectionError])
def test_a_lost_answer_does_not_count_a_contact_twice(server, counts, monkeypatch, error):
    real, lost = redis.client.Pipeline.execute, []

    def lose(pipe, *arguments):
        answer = real(pipe, *arguments)
        if len(lost) < 2:
            lost.append(answer)
            raise error("the answer did not arrive")
        return answer

    monkeypatch.setattr(redis.client.Pipeline, "execute", lose)
    for _ in range(5):
        counts.add(changes(WEEK, "a", "x"))
    counts.flush()
    assert len(lost) == 2 and counts.exact(WEEK, "a") == {"x": 7}


@pytest.mark.parametrize("options", [{"save": "900 1"}, {"appendonly": "yes"}, {"maxmemory_policy": "allkeys-lru"}])
def test_a_redis_that_keeps_or_drops_counts_is_refused(server, options):
    server.stop()
    server.start(**options)
    with pytest.raises(LimitError, match="STATISTICS_COUNTER_URL: (save|appendonly|maxmemory-policy)"):
        RedisCounts(server.url)
    assert server.client.keys() == []


def test_a_redis_that_comes_back_with_persistence_on_gets_nothing(server, counts):
    server.stop()
    server.start(appendonly="yes")
    counts.add(changes(WEEK, "a", "x"))
    with pytest.raises(LimitError):
        counts.flush()
    assert server.client.keys() == []
    server.stop()
    server.start()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 1}


def test_a_redis_with_a_replica_is_refused(server, tmp_path):
    replica = Redis(shutil.which("redis-server"), tmp_path)
    try:
        replica.client.replicaof("127.0.0.1", str(server.port))
        until = time.monotonic() + 20
        while server.client.info("replication")["connected_slaves"] != 1:
            assert time.monotonic() < until
            time.sleep(0.05)
        with pytest.raises(LimitError, match="replicas"):
            RedisCounts(server.url)
    finally:
        replica.stop()


def test_a_redis_that_does_not_tell_how_it_was_started_is_refused(server):
    server.client.acl_setuser("counter", enabled=True, passwords=["+kanarie"], keys=["*"], categories=["+@all"],
                              commands=["-config"])
    with pytest.raises(LimitError, match="does not tell"):
        RedisCounts(server.url.replace("redis://", "redis://counter:kanarie@"))


def test_a_wrong_password_is_a_wrong_setting_and_is_not_repeated(server):
    with pytest.raises(SettingsError, match="name or password") as refused:
        RedisCounts(server.url.replace("redis://", "redis://counter:kanarie@"))
    assert "kanarie" not in str(refused.value)


@pytest.mark.parametrize("url", ["localhost:6379", "http://:kanarie@localhost", "redis://:kan/arie@localhost:6379",
                                 "redis://h:port"])
def test_what_is_no_address_is_a_wrong_setting_and_is_not_repeated(url):
    with pytest.raises(SettingsError, match="STATISTICS_COUNTER_URL") as refused:
        RedisCounts(url)
    assert "kan" not in str(refused.value) and refused.value.__suppress_context__


def test_a_redis_that_is_not_there_yet_stops_nobody(server):
    server.stop()
    counts = RedisCounts(server.url)
    counts.add(changes(WEEK, "a", "x"))
    server.start()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 1}


def test_servers_that_draw_at_the_same_time_get_the_same_values(server):
    servers, fresh = [RedisCounts(server.url) for _ in range(4)], iter(range(1, 10_000))
    for turn in range(25):
        period, results, gate = f"2026-W{turn + 1:02d}", [], threading.Barrier(len(servers))
        added = 10_000 * (turn % 2)  # a table without a contact has nothing in Redis that could be watched
        servers[0].add(changes(period, "a", "x", added) if added else [])

        def draw(counts, period=period, results=results, gate=gate):
            gate.wait()
            results.append(counts.draw(period, "a", lambda exact: {"x": exact.get("x", 0) + next(fresh)}))

        threads = [threading.Thread(target=draw, args=[counts]) for counts in servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == len(servers) and all(result == results[0] for result in results)
        assert added < results[0]["x"] < added + 10_000  # from the exact count, not from one that was replaced already


def test_what_a_slow_server_sends_after_the_release_does_not_stay_for_ever(server, counts):
    late = RedisCounts(server.url)
    counts.draw(WEEK, "a", lambda exact: {"x": 5})
    counts.settle(WEEK)
    late.add(changes(WEEK, "a", "x"))
    assert WEEK in counts.opened()  # so that the next release finds it, writes nothing anew, and settles it
    counts.settle(WEEK)
    assert not server.client.keys(f"{PREFIX}*:{WEEK}:*")


def test_redis_holds_no_time_but_that_of_the_tick(server, counts):
    counts.alive(1000.0, 900.0)
    before = {key: server.client.type(key) for key in server.client.keys()}
    counts.add(changes(WEEK, "a", "x"))
    assert server.client.get(f"{PREFIX}alive") == "1000.0"
    assert {key: server.client.type(key) for key in server.client.keys()} == before
    assert all(key.startswith(PREFIX) for key in before)
