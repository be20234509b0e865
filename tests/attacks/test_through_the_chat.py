"""Attacks of statistics.md section 3 on the running assistant: what it writes, what it counts, what it forgets."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from benchmarks.assistant import ACTIONS, start, wait_for
from bot.settings import ROOT
from bot.statistics.counts import FileCounts, in_memory
from bot.statistics.periods import Period
from tests.conftest import running_assistant

CANARY = "kanarie5411x"
CALL = {"next_action": "action_answer", "sender_id": "x", "domain": {}, "version": "3.6.2", "tracker": {
    "sender_id": "x", "slots": {}, "latest_message": {"intent": {"name": "fietsdiefstal"}, "certainty": {"band": "sure"}},
    "events": [], "paused": False, "active_loop": {}, "latest_action_name": None}}


@pytest.fixture(scope="module")
def counted(model, tmp_path_factory):
    """An assistant of which these tests may count every contact."""
    folder = tmp_path_factory.mktemp("counted")
    (folder / "tmp").mkdir()
    with running_assistant(folder, TMPDIR=str(folder / "tmp")) as running:
        running.folder = folder
        yield running


def exact(running, table):
    """The exact counts of the present period, read where they stand: in memory."""
    kind = {"priority_week": "week", "priority_month": "month", "topic": "month", "outcome": "month"}.get(table, "quarter")
    return FileCounts(running.state).exact(str(Period.of(kind, dt.datetime.now(dt.timezone.utc))), table)


def total(running):
    return sum(exact(running, "outcome").values())


def snapshot(folder):
    """Name, size and bytes of every file of the data volume."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted((folder / "data").rglob("*")) if path.is_file()}


def test_one_session_that_repeats_a_topic_50_times_is_one_contact(counted):
    before, topics = total(counted), exact(counted, "topic").get("fietsdiefstal", 0)
    resident = counted.open()
    for number in range(50):
        resident.say(("mijn fiets is gestolen", "ik wil opnieuw beginnen", "wis gesprek")[0 if number % 9 else number // 9 % 3])
    assert total(counted) == before + 1
    assert exact(counted, "topic")["fietsdiefstal"] == topics + 1


def test_an_emergency_a_button_and_a_human_are_counted(counted):
    month, week, outcomes = exact(counted, "priority_month"), exact(counted, "priority_week"), exact(counted, "outcome")
    counted.open().say("help hij staat hier met een mes")
    resident = counted.open()
    resident.press("Inbraak in huis of zaak")
    resident.press("Bewakingscamera: wat mag?")
    counted.open().say("ik wil een echte medewerker spreken")
    assert exact(counted, "priority_month").get("integriteit", 0) == month.get("integriteit", 0) + 1
    assert exact(counted, "priority_week").get("inbraak", 0) == week.get("inbraak", 0) + 1
    assert exact(counted, "outcome").get("handed_over", 0) == outcomes.get("handed_over", 0) + 1


def test_the_database_is_byte_identical_before_and_after_100_contacts_in_an_open_period(counted):
    before, contacts = snapshot(counted.folder), total(counted)
    for _ in range(100):
        resident = counted.open()
        resident.say("mijn fiets is gestolen")
        resident.close()
    assert total(counted) == contacts + 100
    assert snapshot(counted.folder) == before
    assert [path.name for path in snapshot(counted.folder)] == ["statistics.db"], "no journal is left"


def test_two_snapshots_around_one_contact_show_no_difference(counted):
    before = snapshot(counted.folder)
    counted.open().say("mijn man slaat mij al jaren")
    assert snapshot(counted.folder) == before


@pytest.mark.parametrize("token", [None, "", "wrong", "T" * 40])
def test_a_forged_tracker_without_the_token_raises_no_count(counted, token):
    before = total(counted)
    response = httpx.post(f"{counted.actions_url}/webhook", params={} if token is None else {"token": token}, json=CALL)
    assert response.status_code == 403 and total(counted) == before


def test_the_action_server_only_hears_loopback(counted):
    port = int(counted.actions_url.rsplit(":", 1)[1])
    with open("/proc/net/tcp") as table:
        listening = [line.split()[1] for line in table.read().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


@pytest.mark.parametrize("token", ["1", "../1", "..%2f1", "0" * 32, "eyJhbGciOiJub25lIn0.e30.", "x.y", "\u00e9"])
def test_an_unknown_or_path_like_session_is_refused_and_counts_nothing(counted, token):
    before = total(counted)
    response = httpx.post(f"{counted.url}/messages", json={"text": "mijn fiets is gestolen"},
                          headers={"Authorization": f"Bearer {token}".encode()})
    assert response.status_code == 401 and total(counted) == before


def test_a_session_of_another_server_or_after_closing_is_refused(counted):
    resident = counted.open()
    resident.say("hallo")
    httpx.post(f"{counted.url}/sessions/close", headers=resident.headers)
    foreign = resident.token.rpartition(".")[0] + "." + "A" * 27
    for token in (resident.token, foreign):  # replayed, forged
        response = httpx.post(f"{counted.url}/messages", json={"text": "hallo"}, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401


def test_a_foreign_origin_is_refused_and_counts_nothing(counted):
    before, resident = total(counted), counted.open()
    response = httpx.post(f"{counted.url}/messages", json={"text": "mijn fiets is gestolen"},
                          headers={**resident.headers, "Origin": "https://evil.example"})
    assert response.status_code == 403 and total(counted) == before


def test_1000_session_ids_are_unique_and_share_no_counter(counted):
    with httpx.Client() as client:
        ids = [client.post(f"{counted.url}/sessions").json()["session"].partition(".")[0] for _ in range(1000)]
    assert len(set(ids)) == 1000
    for place in range(len(ids[0])):
        assert len({id[place] for id in ids}) > 40, "every place varies over the whole alphabet"


def test_an_emergency_does_not_wait_for_an_action_server_that_hangs(counted):
    resident = counted.open()
    counted.actions.send_signal(signal.SIGSTOP)
    try:
        started = dt.datetime.now()
        messages = resident.say("help hij staat hier met een mes")
        assert messages[0]["kind"] == "emergency"
        assert (dt.datetime.now() - started).total_seconds() < 5
    finally:
        counted.actions.send_signal(signal.SIGCONT)


def test_kill_9_in_mid_period_loses_nothing_and_leaves_no_exact_count_on_the_data_volume(counted):
    counted.open().say("mijn fiets is gestolen")
    before, files = total(counted), snapshot(counted.folder)
    counted.actions.kill()
    counted.actions.wait(10)
    assert snapshot(counted.folder) == files
    counted.actions = start(ACTIONS, counted.environment, counted.log)
    wait_for(f"{counted.actions_url}/health", counted.folder / "log.txt")
    assert total(counted) == before
    counted.open().say("mijn fiets is gestolen")
    assert total(counted) == before + 1


def test_the_counts_stand_in_memory_where_only_their_owner_can_look(counted):
    assert in_memory(counted.state)
    for path in (counted.state, *counted.state.rglob("*")):
        assert path.stat().st_uid == os.getuid() and (path.is_file() or path.stat().st_mode & 0o077 == 0)


def test_a_typed_canary_is_found_nowhere(model, tmp_path):
    (tmp_path / "tmp").mkdir()
    with running_assistant(tmp_path, TMPDIR=str(tmp_path / "tmp")) as running:
        resident = running.open()
        for text in (f"{CANARY} mijn fiets is gestolen", f"/fietsdiefstal{{\"a\": \"{CANARY}\"}}", f"/{CANARY}", f"{CANARY} 🚲👮",
                     f"{CANARY}\0nul", f"help {CANARY} hij slaat mij nu", f"hello {CANARY} I need the police please",
                     f"{CANARY} wis gesprek"):
            resident.client.post("/messages", json={"text": text}, headers=resident.headers)
        for content in (json.dumps({"text": [CANARY]}), json.dumps({"choice": CANARY}), CANARY, CANARY * 90_000):
            resident.client.post("/messages", content=content.encode(), headers=resident.headers)
        poisoned = {**CALL, "tracker": {**CALL["tracker"], "latest_message": {"text": CANARY, "intent": CANARY}, "slots": CANARY}}
        for action in ("action_answer", f"action_{CANARY}"):
            httpx.post(f"{running.actions_url}/webhook?token={running.token}", json={**poisoned, "next_action": action})
        running.actions.kill()
        running.actions.wait(10)
        resident.client.post("/messages", json={"text": f"{CANARY} mijn auto is gestolen"}, headers=resident.headers)
        in_memory = [path for path in running.state.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
        assert in_memory == []
    found = [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert found == [] and (tmp_path / "log.txt").stat().st_size > 0
    for place in ("models", "var", ".rasa"):
        hits = subprocess.run(["grep", "-rl", CANARY, str(ROOT / place)], capture_output=True, text=True)
        assert hits.stdout == "", place


def test_after_its_time_the_text_is_gone_from_the_process(model):
    script = ROOT / "tests" / "attacks" / "forgetting.py"
    result = subprocess.run([sys.executable, "-W", "ignore", str(script)], cwd=ROOT, capture_output=True, text=True, timeout=300,
                            env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert result.returncode == 0, result.stderr[-2000:]
    seen = json.loads(result.stdout.splitlines()[-1])
    assert seen["while it lasts"] > 0, "the search finds the text while the conversation lives"
    assert seen["after it"] == 0
