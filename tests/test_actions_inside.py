"""Actions inside the chat server: answers and counts as with an action server, and nothing of a conversation in a log."""

import asyncio
import datetime as dt
import logging
import os
import signal

import httpx
import pytest
from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected

from bot.actions_inside import ActionsInside
from bot.statistics.counts import FileCounts
from bot.statistics.periods import Period
from bot.statistics.release import Service
from tests.conftest import running_assistant

TRACKER = {"sender_id": "x", "slots": {}, "latest_message": {"intent": {"name": "fietsdiefstal"}, "certainty": {"band": "sure"}},
           "events": [], "paused": False, "active_loop": {}, "latest_action_name": None}
CANARY = "kanarie5411x"
TALKS = (("goeiedag", "mijn fiets is gestolen", "wat kost dat?", "en hoe lang duurt dat", "blijf van mij af"),
         ("mijn man slaat mij als hij gedronken heeft", "!Ja", "!Langer geleden", "dat wil ik niet zeggen", "wis alles"),
         ("er zit een inbreker in mijn keuken",), ("wat eten we vandaag", "asdf qwer", "kan ik een mens spreken"),
         ("ik word gestalkt door mijn ex", "nee"), ("bonjour, je voudrais porter plainte pour un vol",))


@pytest.fixture(scope="module")
def inside(model, tmp_path_factory):
    with running_assistant(tmp_path_factory.mktemp("inside"), ACTIONS_INSIDE="yes") as running:
        yield running


@pytest.fixture(scope="module")
def apart(model, tmp_path_factory):
    with running_assistant(tmp_path_factory.mktemp("apart")) as running:
        yield running


def talk(running, turns):
    """What every turn showed, without the ids of buttons, which nobody can foresee."""
    resident, shown = running.open(), []
    for turn in turns:
        messages = resident.press(turn[1:]) if turn.startswith("!") else resident.say(turn)
        shown.append([{**message, "buttons": [button["title"] for button in message["buttons"]]} for message in messages])
    resident.close()
    return shown


def counted(running):
    now = dt.datetime.now(dt.timezone.utc)
    return {table: FileCounts(running.state).exact(str(Period.of("month", now)), table)
            for table in ("outcome", "topic", "priority_month")}


def test_it_says_and_counts_what_an_action_server_does(inside, apart):
    for turns in TALKS:
        assert talk(inside, turns) == talk(apart, turns)
    assert counted(inside) == counted(apart)
    assert sum(counted(inside)["outcome"].values()) >= 4
    assert inside.actions is inside.chat
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{inside.actions_url}/health")


def test_it_stops_when_told_and_releases_meanwhile(model, tmp_path):
    with running_assistant(tmp_path, ACTIONS_INSIDE="yes") as running:
        talk(running, TALKS[0])
        os.kill(running.chat.pid, signal.SIGTERM)
        assert running.chat.wait(30) == 0
        log = (tmp_path / "log.txt").read_text()
    assert "Traceback" not in log and "never retrieved" not in log and "fiets" not in log


@pytest.fixture
def endpoint():
    made = ActionsInside(None)

    async def declines(dispatcher, tracker, domain):
        raise Rejected("declines", CANARY)

    async def fails(dispatcher, tracker, domain):
        raise ValueError(CANARY)

    async def keeps(dispatcher, tracker, domain):
        tracker.latest_message["seen"] = kept
        return [{"event": "slot", "name": "open_question", "value": kept}]

    kept = ["a"]
    for name, function in (("declines", declines), ("fails", fails), ("keeps", keeps)):
        made._executor.actions[name] = function
    made.kept = kept
    return made


async def test_an_action_answers(endpoint):
    call = {"next_action": "action_answer", "sender_id": "x", "tracker": TRACKER, "version": "3.6.2"}
    answer = await endpoint.request(json=call, method="post", timeout=300, compress=False)
    assert "utter_fietsdiefstal" in [response["response"] for response in answer["responses"]]


async def test_what_an_action_keeps_is_its_own(endpoint):
    answer = await endpoint.request(json={"next_action": "keeps", "tracker": TRACKER})
    endpoint.kept.append("b")
    assert answer["events"][0]["value"] == ["a"]


async def test_failures_are_those_of_the_action_server_without_a_word(endpoint, caplog):
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(ClientResponseError) as unknown:
            await endpoint.request(json={"next_action": "nowhere", "tracker": TRACKER})
        with pytest.raises(ClientResponseError) as failed:
            await endpoint.request(json={"next_action": "fails", "tracker": TRACKER})
        with pytest.raises(ActionExecutionRejection) as declined:
            await endpoint.request(json={"next_action": "declines", "tracker": TRACKER})
    assert (unknown.value.status, failed.value.status) == (404, 500) and declined.value.action_name == "declines"
    assert CANARY not in caplog.text and CANARY not in str(failed.value)


class Ticks(Service):
    """Only counts how often it was asked."""

    def __init__(self):
        self.ticked = 0

    def tick(self):
        self.ticked += 1


async def test_it_ticks_until_it_is_closed(monkeypatch):
    monkeypatch.setattr("bot.statistics.release.TICK_SECONDS", 0.01)
    service = Ticks()
    endpoint = ActionsInside(service)
    await endpoint.start()
    await asyncio.sleep(0.2)
    await endpoint.close()
    await asyncio.sleep(0.05)
    ticked = service.ticked
    assert ticked >= 2
    await asyncio.sleep(0.1)
    assert service.ticked == ticked
