"""Harm to running servers: there is always an answer or the numbers, nothing promised is lost, and all comes back by itself."""

import contextlib
import resource
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from benchmarks.assistant import ACTIONS, start, wait_for
from bot.statistics.counts import AGAIN_SECONDS, FileCounts
from bot.train import model_path
from tests.api.test_chat_api import assert_problem
from tests.conftest import free_port, running_assistant

BIKE, DANGER = "mijn fiets is gestolen", "help hij slaat mij nu"
SETTLE_SECONDS = 10


@pytest.fixture
def own(model, tmp_path):
    """An assistant that a test may harm."""
    with running_assistant(tmp_path) as running:
        yield running


def later(call):
    """Run a call in a thread; its result is in the list that comes back once the thread has ended."""
    found: list = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    return thread, found


def posted(resident, text):
    return resident.client.post("/messages", json={"text": text}, headers=resident.headers, timeout=60)


def counted(running) -> int:
    """Exact number of contacts by topic so far; a contact stands in a week and in a month."""
    counts = FileCounts(running.state)
    return max((sum(counts.exact(period, "topic").values()) for period in counts.opened()), default=0)


def settled(running, wanted) -> int:
    """The same once it is what is wanted, or after SETTLE_SECONDS."""
    until = time.monotonic() + SETTLE_SECONDS
    while counted(running) != wanted and time.monotonic() < until:
        time.sleep(0.2)
    return counted(running)


def restart_actions(running) -> None:
    running.actions = start(ACTIONS, running.environment, running.log)
    wait_for(f"{running.actions_url}/health", Path(running.log.name))


def test_an_action_server_killed_in_mid_turn(own):
    asking, frightened = own.open(), own.open()
    own.actions.send_signal(signal.SIGSTOP)  # it has taken the call and does not answer any more
    waiting = [later(lambda: posted(asking, BIKE)), later(lambda: posted(frightened, DANGER))]
    time.sleep(2)
    own.actions.kill()
    own.actions.wait(10)
    for thread, _ in waiting:
        thread.join(60)
    assert_problem(waiting[0][1][0], 503)
    assert waiting[1][1][0].json()["messages"][0]["kind"] == "emergency"
    restart_actions(own)
    assert asking.say(BIKE)[0]["topic"] == "fietsdiefstal"
    assert frightened.say(BIKE)[0]["topic"] == "fietsdiefstal"


def test_told_to_stop_in_mid_turn_it_answers_first(own):
    resident = own.open()
    own.actions.send_signal(signal.SIGSTOP)
    thread, found = later(lambda: posted(resident, BIKE))
    time.sleep(1)
    own.chat.send_signal(signal.SIGTERM)
    time.sleep(1)
    own.actions.send_signal(signal.SIGCONT)
    thread.join(60)
    assert found[0].status_code == 200 and found[0].json()["messages"][0]["topic"] == "fietsdiefstal"
    assert own.chat.wait(10) == 0


def limit_files(running, size) -> None:
    """No process of the assistant can write a file beyond a size, as on a full disk; its log neither."""
    for process in (running.chat, running.actions):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_costs_no_answer_and_no_contact(own):
    own.open().say(BIKE)
    assert settled(own, 1) == 1
    limit_files(own, 0)
    for text, kind in ((BIKE, "answer"), (DANGER, "emergency"), ("hoe maak ik een afspraak", "answer")):
        assert own.open().say(text)[0]["kind"] == kind
    assert httpx.get(f"{own.url}/health").status_code == 200
    limit_files(own, resource.RLIM_INFINITY)
    time.sleep(AGAIN_SECONDS)
    own.open().say(BIKE)
    assert settled(own, 4) == 4  # danger alone is counted when its conversation is over


@pytest.mark.parametrize("kept", [0, 1000, 0.5])
def test_a_model_that_was_cut_short_leaves_the_numbers(model, tmp_path, kept):
    whole = model_path().read_bytes()
    short = tmp_path / "short.tar.gz"
    short.write_bytes(whole[:int(kept if kept >= 1 else kept * len(whole))])
    port = free_port()
    log = tmp_path / "log.txt"
    with open(log, "w") as out:
        server = start(("benchmarks.serving.ours", str(short)), {"PATH": "/usr/bin:/bin", "CHAT_PORT": str(port)}, out)
        url = f"http://127.0.0.1:{port}/chat"
        try:
            until = time.monotonic() + 60
            while "train again" not in log.read_text() and time.monotonic() < until:
                time.sleep(0.3)
            assert "there is no model to answer with" in log.read_text(), log.read_text()[-2000:]
            for answer in (httpx.post(f"{url}/sessions"), httpx.get(f"{url}/health"),
                           httpx.post(f"{url}/messages", json={"text": DANGER})):
                assert_problem(answer, 503)
            page = httpx.post(url, data={"text": DANGER})
            assert page.status_code == 503 and "tel:112" in page.text and "tel:101" in page.text
            assert server.poll() is None
        finally:
            server.terminate()
            server.wait(30)


def test_the_memory_for_counts_is_taken_away_and_comes_back(own):
    own.open().say(BIKE)
    assert settled(own, 1) == 1
    moved = own.state.with_name(own.state.name + "-away")
    own.state.rename(moved)
    own.state.write_text("a file where the folder was")
    try:
        assert own.open().say(BIKE)[0]["topic"] == "fietsdiefstal"
        assert own.open().say(DANGER)[0]["kind"] == "emergency"
    finally:
        with contextlib.suppress(FileNotFoundError):
            own.state.unlink()
        moved.rename(own.state)
    time.sleep(AGAIN_SECONDS)
    own.open().say(BIKE)
    assert settled(own, 3) == 3
