"""The internal numbers: how fast, how full, how often it failed; nothing that counts people or follows one of them."""

import pytest

from bot.metrics import STEP, WINDOW, InternalServer, Metrics
from tests.conftest import free_port


def lines(metrics):
    """{name with labels: value} of what is told."""
    told = [line.rpartition(" ") for line in metrics.text().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in told}


def test_times_are_told_in_steps_so_that_no_single_turn_is_seen():
    metrics = Metrics(32)
    for number in range(STEP - 1):
        metrics.turn(number / 1000)
    assert not any("turn" in name for name in lines(metrics))
    metrics.turn(0.5)
    told = lines(metrics)
    assert told['wijkwijzer_turn_seconds{quantile="0.5"}'] == 0.024
    assert told['wijkwijzer_turn_seconds{quantile="0.99"}'] == 0.5
    metrics.turn(9.0)
    assert lines(metrics)['wijkwijzer_turn_seconds{quantile="0.99"}'] == 0.5


def test_old_turns_go():
    metrics = Metrics(32)
    for seconds in [9.0] * STEP + [0.1] * WINDOW:
        metrics.turn(seconds)
    assert lines(metrics)['wijkwijzer_turn_seconds{quantile="0.99"}'] == 0.1


def test_failures_count_and_visits_do_not():
    metrics = Metrics(32)
    for status in (200, 201, 204, 304, 400, 401, 404, 413, 429, 503, 503):
        metrics.failed(status)
    told = {name: value for name, value in lines(metrics).items() if "failed_total" in name}
    assert told == {'wijkwijzer_failed_total{status="429"}': 1, 'wijkwijzer_failed_total{status="500"}': 0,
                    'wijkwijzer_failed_total{status="503"}': 2}


@pytest.mark.parametrize(("waiting", "load"), [(0, 0), (1, 0), (3, 0), (4, 0.1), (16, 0.5), (32, 1)])
def test_the_load_is_told_in_tenths(waiting, load):
    metrics = Metrics(32)
    metrics.waiting = waiting
    assert metrics.load == load


def test_nothing_else_of_ours_is_told():
    metrics = Metrics(32)
    for _ in range(STEP):
        metrics.turn(0.1)
    names = {name.partition("{")[0] for name in lines(metrics)}
    assert {name for name in names if name.startswith("wijkwijzer")} == {
        "wijkwijzer_ready", "wijkwijzer_load", "wijkwijzer_turn_seconds", "wijkwijzer_failed_total"}
    assert "process_resident_memory_bytes" in names


async def test_the_internal_port_tells_ready_only_when_it_is():
    import httpx

    metrics, port = Metrics(32), free_port()
    server = InternalServer(metrics)
    await server.start("127.0.0.1", port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/live")).status_code == 200
        assert (await client.get("/ready")).status_code == 503
        metrics.ready = True
        assert (await client.get("/ready")).status_code == 200
        told = await client.get("/metrics")
        assert "wijkwijzer_ready 1.0" in told.text and told.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert (await client.get("/chat/health")).status_code == 404
    await server.stop()
