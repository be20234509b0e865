"""What whoever runs it relies on: a server that is told to stop says so first and loses nobody, metrics apart from the chat."""

import signal
import time

import httpx
import pytest

from tests.api.test_chat_api import assert_problem
from tests.conftest import free_port, running_assistant

DRAIN_SECONDS = 3


@pytest.fixture
def limited(model, tmp_path):
    """An assistant of its own, with an internal port, a limit per client, and time to drain."""
    with running_assistant(tmp_path, CHAT_DRAIN_SECONDS=str(DRAIN_SECONDS), METRICS_PORT=str(free_port()),
                           CHAT_CLIENT_HEADER="X-Real-IP", CHAT_SESSIONS_PER_CLIENT="3") as running:
        yield running


def test_from_the_limit_per_client_to_a_stop_that_loses_nobody(limited):
    internal = f"http://127.0.0.1:{limited.environment['METRICS_PORT']}"
    opened = [httpx.post(f"{limited.url}/sessions", headers={"X-Real-IP": "203.0.113.7"}) for _ in range(4)]
    assert [response.status_code for response in opened[:3]] == [201] * 3
    assert_problem(opened[3], 429)
    form = httpx.post(limited.url, data={"text": "dag"}, headers={"X-Real-IP": "203.0.113.7"})
    assert form.status_code == 429 and "112" in form.text
    assert httpx.post(f"{limited.url}/sessions", headers={"X-Real-IP": "203.0.113.8"}).status_code == 201

    assert httpx.get(f"{internal}/ready").status_code == 200
    told = httpx.get(f"{internal}/metrics").text
    assert 'wijkwijzer_failed_total{status="429"} 2.0' in told and "203.0.113" not in told
    assert httpx.get(f"{limited.url}/metrics").status_code == 404

    headers = {"Authorization": f"Bearer {opened[0].json()['session']}"}
    limited.chat.send_signal(signal.SIGTERM)
    until = time.monotonic() + DRAIN_SECONDS
    while httpx.get(f"{limited.url}/health").status_code == 200:
        assert time.monotonic() < until
    assert httpx.get(f"{internal}/ready").status_code == 503 and httpx.get(f"{internal}/live").status_code == 200
    answered = httpx.post(f"{limited.url}/messages", json={"text": "mijn fiets is gestolen"}, headers=headers, timeout=20)
    assert answered.status_code == 200 and answered.json()["messages"][0]["topic"] == "fietsdiefstal"
    assert limited.chat.wait(DRAIN_SECONDS + 20) == 0
