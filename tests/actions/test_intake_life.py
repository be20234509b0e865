"""How an intake ends: with a route, with silence, or with an action server that dies. Nothing of it outlives that.

Rasa runs in this process, with the shared action server behind it, so that a test can look into the tracker and move the clock.
"""

import asyncio
import datetime as dt
import json
import logging

import pytest
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.utils import AvailableEndpoints
from rasa.utils.log_utils import configure_structlog

from actions.intake import ON, PATH, TOPIC, details, forget
from bot import payloads
from bot.conversations import Collected, store
from bot.settings import ROOT
from bot.statistics.counts import FileCounts
from bot.statistics.periods import Period
from bot.train import model_path
from tests.api.test_chat_api import assert_problem
from tests.conftest import running_assistant

CANARY = "kanarie4477"
FIRST, LAST, ROUTE = "Ben je nu veilig?", "Wanneer gebeurde het laatst?", "1712"
OF_AN_INTAKE = [event["name"] for event in forget()]


class Clock:
    """Seconds that a test moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Inside:
    """A resident whose conversation can be looked into; `offered` are the buttons of the last turn."""

    def __init__(self, agent, name):
        self.agent, self.name, self.offered = agent, name, {}

    def say(self, text, data=None):
        """Type a text; what is shown, as one string."""
        shown = Collected()
        message = UserMessage(text, shown, self.name, parse_data=data)
        asyncio.get_event_loop().run_until_complete(self.agent.handle_message(message))
        buttons = [button for item in shown.messages for button in item["buttons"]]
        self.offered = {button["title"]: button["payload"] for button in buttons}
        return "\n".join(item["text"] for item in shown.messages)

    def press(self, title):
        """Press a button of the last turn."""
        return self.say("", payloads.parse_data(self.offered[title]))

    def tracker(self):
        """What the store gives back, None when that is nothing."""
        return asyncio.get_event_loop().run_until_complete(store(self.agent).retrieve(self.name))

    def known(self):
        """{slot: value} of everything that belongs to an intake and is filled."""
        slots = self.tracker().current_slot_values()
        return {slot: slots[slot] for slot in (*OF_AN_INTAKE, "requested_slot") if slots[slot]}


@pytest.fixture(scope="module")
def agent(assistant):
    """Rasa as bot.server starts it, here, calling the shared action server."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ACTIONS_PORT", "ACTIONS_TOKEN"):
            patch.setenv(name, assistant.environment[name])
        configure_structlog(logging.WARNING)  # else a failure prints every turn
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        agent = loop.run_until_complete(load_agent(model_path=str(model_path()),
                                        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))))
        agent.tracker_store = agent.processor.tracker_store = store(agent)
        yield agent


@pytest.fixture
def clock(agent, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(store(agent), "_clock", clock)
    return clock


@pytest.fixture
def inside(agent, clock, request):
    """A new conversation in this process, forgotten afterwards."""
    yield Inside(agent, request.node.name)
    asyncio.get_event_loop().run_until_complete(store(agent).purge(request.node.name))


def outcomes(running):
    """The exact counts of how contacts went in the present period."""
    return FileCounts(running.state).exact(str(Period.of("month", dt.datetime.now(dt.timezone.utc))), "outcome")


def test_an_intake_that_is_left_alone_is_forgotten_after_its_time(assistant, agent, inside, clock):
    before = outcomes(assistant).get("broken_off", 0)
    assert FIRST in inside.say(f"{CANARY} mijn man slaat mij")
    assert LAST in inside.press("Ja")
    kept = store(agent)
    clock.now = kept.ttl - 1
    assert inside.tracker().active_loop_name and inside.known()["relatie"] == "partner", "until then it stays open"
    clock.now = kept.ttl
    assert inside.tracker() is None and kept.forgotten
    assert CANARY not in repr(kept._kept) and "partner" not in repr(kept._kept)
    assert outcomes(assistant)["broken_off"] == before + 1, "counted once, as an intake that was broken off"
    assert LAST not in inside.say("gisteren") and not inside.tracker().active_loop_name
    assert inside.known() == {}, "a late answer belongs to nothing"


def test_sweeping_forgets_an_open_intake_and_counts_nothing_again(assistant, agent, inside, clock):
    inside.say("mijn man slaat mij")
    inside.press("Ja")
    kept, before = store(agent), outcomes(assistant)
    clock.now = kept.ttl
    kept.sweep()
    assert inside.name not in kept._kept and kept.forgotten
    assert outcomes(assistant) == before


def test_at_the_end_of_an_intake_nothing_of_it_is_known(inside):
    inside.say(f"{CANARY} mijn man slaat mij")
    inside.press("Ja")
    assert {"veilig": "ja", "relatie": "partner", TOPIC: "partnergeweld"}.items() <= inside.known().items()
    assert ROUTE in inside.say("gisteren")
    tracker = inside.tracker()
    assert inside.known() == {} and tracker.active_loop_name is None and tracker.latest_action_name == "action_listen"
    assert FIRST in inside.say("mijn man slaat mij"), "the same intake asks everything again"
    assert inside.known().keys().isdisjoint({"veilig", "wanneer", ON}) and inside.known()[PATH] == ["veilig"]
    assert LAST in inside.press("Ja")


def test_while_it_lasts_an_intake_knows_labels_and_never_words(inside):
    inside.say(f"{CANARY} mijn man slaat mij, ik ben 34 en woon in Leuven")
    slots = inside.tracker().current_slot_values()
    assert slots["leeftijd"] == "volwassen" and slots["regio"] == "vlaanderen"
    for slot in (CANARY, "34", "Leuven", "man slaat"):
        assert slot not in json.dumps(slots)
    assert set(details()) <= set(slots)


def test_an_action_server_that_dies_in_an_intake_costs_the_answer_but_not_the_numbers(model, tmp_path):
    with running_assistant(tmp_path) as lame:
        resident = lame.open()
        resident.say("mijn man slaat mij")
        resident.press("Ja")
        lame.actions.kill()
        lame.actions.wait(10)
        for body in ({"text": f"gisteren {CANARY}"}, {"choice": resident.messages[-1]["buttons"][0]["id"]}):
            assert_problem(resident.client.post("/messages", json=body, headers=resident.headers), 503)
        shown = resident.say(f"hij staat nu voor mijn deur met een mes {CANARY}")[0]
        assert shown["kind"] == "emergency" and "112" in shown["text"].splitlines()[0]
        assert {"tel:101", "tel:112"} <= {link["url"] for link in shown["links"]}
        assert "gewist" in resident.say("wis alles")[0]["text"]
    assert CANARY not in (tmp_path / "log.txt").read_text()
