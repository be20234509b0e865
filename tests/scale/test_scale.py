"""Two chat servers behind nginx with one Redis: they carry a crowd, lose nobody when one stops or dies, and count like one."""

import asyncio
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.cluster import running_cluster
from benchmarks.kernel import processor_seconds
from benchmarks.residents import Findings, Play, Resident, scripts
from bot.statistics.counts import FileCounts
from bot.statistics.redis_counts import RedisCounts
from tests.conftest import running_assistant
from tests.services import missing, started_redis

TALKS = scripts(plain=16, dangers=4)
TABLES = ("topic", "priority_month", "outcome", "daypart", "referral")
SETTLE_SECONDS = 15


@pytest.fixture(scope="module")
def redis():
    """A Redis of its own: other tests empty theirs."""
    yield from started_redis()


@pytest.fixture(scope="module")
def cluster(model, redis, postgresql, tmp_path_factory):
    """Two of everything, drained for a second when told to stop."""
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin"):
        missing("nginx-light")
    with running_cluster(tmp_path_factory.mktemp("cluster"), redis.url, redis.pid, STATISTICS_URL=postgresql.database(),
                         CHAT_DRAIN_SECONDS="1") as running:
        yield running


def counted(counts) -> Counter:
    """{(table, cell): exact number}, of the tables that do not depend on the time of day alone."""
    found: Counter = Counter()
    for period in counts.opened():
        for table in TABLES:
            found.update({(table, cell): number for cell, number in counts.exact(period, table).items() if number})
    return found


def settled(counts, at_least: int) -> Counter:
    """What is counted once all servers have sent it; action servers send every so often."""
    until = time.monotonic() + SETTLE_SECONDS
    before = Counter()
    while time.monotonic() < until:
        now = counted(counts)
        if now == before and sum(number for (table, _), number in now.items() if table == "topic") >= at_least:
            return now
        before = now
        time.sleep(1)
    return before


async def play(url: str, users: int = 1, seconds: float = 0.0) -> tuple[Play, float]:
    """Each script once alone, then as a crowd when `seconds`; the player and how many turns a second."""
    player = Play(url, TALKS, Findings())
    await player.rehearse()
    rate = await player.crowd(users, seconds) if seconds else 0.0
    await player.close()
    return player, rate


async def test_counts_equal_those_of_a_single_machine(cluster, redis, tmp_path):
    with running_assistant(tmp_path) as alone:
        await play(alone.url)
        single = settled(FileCounts(Path(alone.state)), len(TALKS) // 2)
    await play(cluster.url)
    double = settled(RedisCounts(redis.url), len(TALKS) // 2)
    assert sum(single.values()) > len(TALKS) and double == single


async def test_a_crowd_loses_nothing_and_gets_nothing_wrong_and_both_servers_work(cluster):
    before = [processor_seconds([worker.chat.pid]) for worker in cluster.workers]
    player, _ = await play(cluster.url, users=12, seconds=8)
    used = [processor_seconds([worker.chat.pid]) - start for worker, start in zip(cluster.workers, before, strict=True)]
    found = player.findings
    assert (found.lost, found.wrong, found.without_numbers) == ([], [], [])
    assert min(used) > sum(used) / 4, used


async def test_an_intake_goes_on_when_its_server_stops_and_when_the_next_one_dies(cluster):
    import aiohttp

    from benchmarks.assistant import CHAT, start, wait_for

    async def resident(findings):
        one = Resident(client, cluster.url, findings)
        await one.open()
        assert (await one.turn("mijn man slaat mij als hij gedronken heeft")).shown[0][0] == "question"
        return one

    def replace(worker):
        worker.chat = start(CHAT, worker.environment, worker.log)
        wait_for(f"{worker.url}/health", Path(worker.log.name))

    async with aiohttp.ClientSession() as client:
        for number, end in ((0, signal.SIGTERM), (1, signal.SIGKILL)):
            findings = Findings()
            started = [await resident(findings) for _ in range(4)]
            worker = cluster.workers[number]
            worker.chat.send_signal(end)
            for one in started:
                assert (await one.turn("!Ja")).shown[-1][0] == "question"
                worker.chat.wait(30)
                kinds = [message[0] for message in (await one.turn("!Langer geleden")).shown]
                assert "route" in kinds
            assert findings.without_numbers == [] and set(findings.statuses) <= {200, 201, 503}
            if end == signal.SIGTERM:
                assert 503 not in findings.statuses, "who is told to stop still answers"
            await asyncio.get_running_loop().run_in_executor(None, replace, worker)
